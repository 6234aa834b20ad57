"""Which answer a text gives: one of ja, nee, weet niet, none, or words that contradict each other."""

from __future__ import annotations

import re
from dataclasses import dataclass

from afspraken.domain.reply import words
from afspraken.domain.reply.parts import Clause, Parts
from afspraken.domain.voornemen import Antwoord

_JA, _NEE, _WEET = Antwoord.JA, Antwoord.NEE, Antwoord.WEET_NIET
_SAYS = {
    words.JA: _JA,
    words.JA_TOCH: _JA,
    words.NEE: _NEE,
    words.NEE_TOCH: _NEE,
    words.WEET: _WEET,
}
# "Ik wil het gesprek opnemen", "ga filmen", "ik neem het op": an intention of the writer's own.
_WANTS = re.compile(
    r"(?:(?<= )|^)(?:wil|wou|wilde|willen|ga|gaan|zal|zullen|zou|maak|maken|want|like|will|ll|gonna|going|ill|plan)"
    r"(?: [^ ]+){0,9}? (?:op ?nemen|op te nemen|opnames?|opnamen|filmen|film|filmpje|video\w*|foto\w*|audio\w*"
    r"|geluid\w*|record|recording|recordings|vastleggen)(?= |$)"
    r"|(?:(?<= )|^)(?:ik |we |wij |k )?(?:neem|nemen)(?: [^ ]+){0,7} op(?= |$)"
    r"|(?:(?<= )|^)(?:ik|we|wij) (?:film|filmen|record)(?= |$)"
)
_OTHERS = frozenset("u jullie you he she they hij ze zij gaat wilt gemeente medewerker ambtenaar".split())
_KIND_ONLY = re.compile(r"film\w*|video\w*|foto\w*|photo\w*|geluid\w*|audio\w*")
_ABOUT_WHOLE = re.compile(r"(?:(?<= )|^)(?:op ?nemen|op te nemen|opnames?|opnamen|neem|nemen|record\w*)(?= |$)")


@dataclass(frozen=True, kw_only=True)
class Said:
    """One utterance of an answer, at a word, and how: "woord", "toch" (a correction), "zin" (a whole sentence)."""

    at: int
    antwoord: Antwoord
    how: str


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """The answer, or that the words clash."""

    antwoord: Antwoord | None = None
    tegenstrijdig: bool = False


_CLASH = Verdict(tegenstrijdig=True)


def decide(parts: Parts) -> Verdict:
    """The answer of a text. Corrections count ("ja, nee wacht, nee"), contradictions are a clash."""
    if parts.has(words.NIET_STOPPEN, words.STOP_KAAL) or _stops_recording_of_others(parts):
        # Stop what? Where it clearly means the messages, it is a command and the answer does not count.
        return _CLASH
    said = _said(parts)
    given = {each.antwoord for each in said}
    if not given:
        return Verdict()
    if _WEET in given:
        return _with_doubt(parts, said, given - {_WEET})
    if len(given) == 2:
        return _corrected(parts, said)
    in_words = any(each.how != "zin" for each in said)
    return _ja_holds(parts, in_words=in_words) if _JA in given else _nee_holds(parts)


def _said(parts: Parts) -> list[Said]:
    found = []
    for sign in parts.signs:
        if sign.name not in _SAYS:
            continue
        # Who asks does not answer; who doubts, doubts, also in the form of a question.
        if sign.name != words.WEET and _questioned(parts, sign.first, sign.last):
            continue
        how = "toch" if sign.name in (words.JA_TOCH, words.NEE_TOCH) else "woord"
        found.append(Said(at=sign.first, antwoord=_SAYS[sign.name], how=how))
    found += _intentions(parts)
    if not found:
        found = [
            Said(at=sign.first, antwoord=_JA, how="woord")
            for sign in parts.of(words.JA_ZWAK)
            if not parts.negations and not _questioned(parts, sign.first, sign.last) and not parts.has(words.PERSOON)
        ]
        # A bare "graag" or "zeker" answers; inside a sentence, or beside a number ("2 graag"), it only colours.
        if parts.content or parts.has(words.CIJFER, words.CODE):
            found = []
    return sorted(found, key=lambda each: each.at)


def _questioned(parts: Parts, first: int, last: int) -> bool:
    """Whether a word is asked and not said: "ja?", "mag ik opnemen ja?"."""
    return parts.clause_of(first).asks and parts.clause_of(last).asks


def _intentions(parts: Parts) -> list[Said]:
    found = []
    for clause in parts.clauses:
        answer = _intention(parts, clause)
        if answer is not None:
            found.append(Said(at=clause.first, antwoord=answer, how="zin"))
    for sign in parts.of(words.STOP_OPNEMEN):
        clause = parts.clause_of(sign.first)
        if {"ik", "we", "wij", "i"} & set(parts.text_of(clause).split()):
            found.append(Said(at=sign.first, antwoord=_NEE, how="zin"))
    return found


def _intention(parts: Parts, clause: Clause) -> Antwoord | None:
    if clause.asks or any(sign.first in clause for sign in parts.of(words.PERSOON, words.WEET, words.WEET_ANDERS)):
        return None
    if any(sign.first in clause for sign in parts.of(words.STOP_OPNEMEN, words.STOP_SMS, words.LIEVER_NIET)):
        return None
    text = parts.text_of(clause)
    match = _WANTS.search(text)
    if match is None or _OTHERS & set(text.split()) or _about_phone(text):
        return None
    negation = any(n in clause for n in parts.negations)
    if not negation:
        return None if any(sign.first in clause for sign in parts.of(words.NEE, words.NEE_TOCH)) else _JA
    # "Ik wil niet filmen" leaves room for sound; only "niet opnemen" is about all of it.
    return _NEE if _ABOUT_WHOLE.search(text) else None


def _about_phone(text: str) -> bool:
    return re.search(r"telefoon|phone|toestel", text) is not None and "met " not in text and "with " not in text


def _stops_recording_of_others(parts: Parts) -> bool:
    return any(
        not {"ik", "we", "wij", "i"} & set(parts.text_of(parts.clause_of(sign.first)).split())
        for sign in parts.of(words.STOP_OPNEMEN)
    )


def _with_doubt(parts: Parts, said: list[Said], others: set[Antwoord]) -> Verdict:
    """Doubt wins from a ja or nee in the same breath; with more text it is unclear what the doubt is about."""
    if not others:
        return Verdict(antwoord=_WEET)
    last = said[-1]
    if last.antwoord is not _WEET and (last.how == "toch" or _marked(parts, said[-2].at, last.at)):
        return Verdict(antwoord=last.antwoord)
    if len(others) == 2:
        # "Ja of nee, weet ik nog niet" doubts; "JA, NEE of WEET NIET" is our own list.
        either = {parts.word(n) for n in range(said[0].at, said[1].at)} & {"of", "or"}
        return Verdict(antwoord=_WEET) if said[0].antwoord is _WEET or either else _CLASH
    return _CLASH if parts.content else Verdict(antwoord=_WEET)


def _corrected(parts: Parts, said: list[Said]) -> Verdict:
    """The last word counts when it is marked as a correction and the mind changed once; else it is a clash."""
    turns = [n for n in range(1, len(said)) if said[n].antwoord is not said[n - 1].antwoord]
    if len(turns) != 1 or any(clause.asks for clause in parts.clauses):
        return _CLASH
    before, after = said[turns[0] - 1], said[turns[0]]
    if after.how == "toch" and not _bare_toch_niet(parts, after):
        return Verdict(antwoord=after.antwoord)
    if _marked(parts, before.at, after.at):
        return Verdict(antwoord=after.antwoord)
    return _CLASH


def _bare_toch_niet(parts: Parts, said: Said) -> bool:
    """ "Ja toch niet" may be "surely not?"; "ja, toch maar niet" is a change of mind."""
    return parts.word(said.at + 1) in ("niet", "nie")


def _marked(parts: Parts, before: int, after: int) -> bool:
    return any(before < sign.first <= after for sign in parts.of(words.HERSTEL))


def _ja_holds(parts: Parts, *, in_words: bool) -> Verdict:
    """A ja, unless a negation clings to it or it answers whether they will come.

    ``in_words``: the word ja was said. A mere intention ("ik wil opnemen") bears less negation beside it.
    """
    if parts.has(words.AANWEZIG, words.PERSOON) and not parts.recording:
        return _CLASH
    for number in parts.negations:
        clause = parts.clause_of(number)
        beside_ja = any(sign.first in clause for sign in parts.of(words.JA, words.JA_TOCH, words.JA_ZWAK))
        rest = [n for n in range(clause.first, clause.last + 1) if n in parts.content]
        about = any(n in clause and (in_words or _KIND_ONLY.fullmatch(parts.word(n))) for n in parts.recording)
        story = len(rest) >= 2 or (in_words and rest and not beside_ja)
        if not (_reads_as_reason(parts, clause) or about or story):
            return _CLASH
    return Verdict(antwoord=_JA)


def _reads_as_reason(parts: Parts, clause: Clause) -> bool:
    return parts.word(clause.first) in ("want", "omdat", "zodat", "anders", "because", "so", "since", "als", "om")


def _nee_holds(parts: Parts) -> Verdict:
    """A nee, unless it goes on with what they do want to record, or is about coming."""
    if parts.has(words.AANWEZIG, words.PERSOON) and not parts.recording:
        return _CLASH
    for number in parts.recording:
        if _KIND_ONLY.fullmatch(parts.word(number)) and not parts.negated(number, number):
            clause = parts.clause_of(number)
            if not any(sign.first in clause for sign in parts.of(words.NEE, words.NEE_TOCH)):
                return _CLASH
    if any(parts.word(n) == "wel" and n not in parts.taken for n in parts.numbers()):
        return _CLASH
    return Verdict(antwoord=_NEE)
