"""One text, read: what it says and what it leaves open."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from enum import StrEnum

from afspraken.domain.gegevens import looks_like_bsn
from afspraken.domain.reply import answer, words
from afspraken.domain.reply import purpose as purposes
from afspraken.domain.reply.parts import Parts, Sign
from afspraken.domain.reply.text import MAX_TEXT, cut, fold
from afspraken.domain.voornemen import TOELICHTING_MAX, Antwoord, Doel, Soort


class Woord(StrEnum):
    """What a text comes down to."""

    JA = "ja"
    NEE = "nee"
    WEET_NIET = "weet_niet"
    REGELS = "regels"
    STOP = "stop"
    START = "start"
    HULP = "hulp"
    ONDUIDELIJK = "onduidelijk"


@dataclass(frozen=True, kw_only=True)
class Reading:
    """What one text says.

    ``opdracht`` is REGELS, STOP, START or HULP; it may stand beside an answer ("ja, en stuur de regels").
    ``tegenstrijdig``: its answer words contradict each other. ``stellig``: the answer can be about nothing
    but recording: the bare word as we ask for it, or a sentence about recording. ``beleefd``: only thanks or
    a goodbye; ``instemming``: only "ok" or a thumb. ``vraag``: it asks something. ``persoon``: it tells
    something that a person has to read. ``automatisch``: written by a machine. ``tekst`` is the whole text,
    tidied and capped, for when we asked an open question.
    """

    antwoord: Antwoord | None = None
    opdracht: Woord | None = None
    tegenstrijdig: bool = False
    codes: tuple[str, ...] = ()
    keuzes: tuple[int, ...] = ()
    alles: bool = False
    soorten: frozenset[Soort] = frozenset()
    doel: Doel | None = None
    toelichting: str = field(default="", repr=False)
    tekst: str = field(default="", repr=False)
    stellig: bool = False
    beleefd: bool = False
    instemming: bool = False
    vraag: bool = False
    persoon: bool = False
    automatisch: bool = False

    @property
    def woord(self) -> Woord:
        """The one word it comes down to."""
        if self.opdracht is not None:
            return self.opdracht
        return Woord.ONDUIDELIJK if self.antwoord is None else Woord(self.antwoord.value)


_ALLES = frozenset("beide beiden allebei alle alles allemaal both all".split())
_ORDINALS = {"eerste": 1, "first": 1, "tweede": 2, "second": 2, "derde": 3, "third": 3, "vierde": 4}
_ANSWER_SIGNS = frozenset({words.JA, words.NEE, words.WEET, words.JA_TOCH, words.NEE_TOCH})
_FOREIGN = {" ".join(fold(part) for part in text.split()): said for text, said in words.FOREIGN.items()}
_GLUED = re.compile(r"\b(ja|nee|niet|yes|no)([2-9][bcdfghjkmnpqrstvwxz])\b", re.IGNORECASE)
_NUMBER = re.compile(r"\d[\d.\- ]{6,12}\d")


def read(text: str) -> Reading:
    """Read one text. Never raises; looks at the first 1,600 characters only."""
    text = _GLUED.sub(r"\1 \2", text[:MAX_TEXT])
    line = cut(text)
    if words.AUTOMATIC.search(line.folded):
        return Reading(automatisch=True)
    tidy = _tidy(text)
    if words.ECHO.search(line.folded):
        return Reading(tegenstrijdig=True, tekst=tidy)
    thumb = any(sign in text for sign in words.OK_SIGNS)
    if not any(not word.is_mark for word in line.words):
        return Reading(instemming=thumb, tekst=tidy, vraag="?" in text)
    return _read(Parts(line), tidy=tidy, thumb=thumb)


def _read(parts: Parts, *, tidy: str, thumb: bool) -> Reading:
    opdracht = _command(parts)
    verdict = _foreign(parts) or answer.decide(parts)
    antwoord = verdict.antwoord if _stands_beside(parts, opdracht) else None
    vraag = any(clause.asks for clause in parts.clauses)
    says_nothing = not parts.content and not parts.recording and not parts.negations and antwoord is None
    plain = says_nothing and opdracht is None and not verdict.tegenstrijdig and not vraag
    signs = {sign.name for sign in parts.signs}
    doel, toelichting = _purpose(parts, antwoord)
    no_purpose = antwoord is Antwoord.NEE
    return Reading(
        antwoord=antwoord,
        opdracht=opdracht,
        tegenstrijdig=verdict.tegenstrijdig and opdracht is None,
        codes=_codes(parts),
        keuzes=_choices(parts),
        alles=any(parts.word(n) in _ALLES for n in parts.numbers()) and len(parts.content) <= 1,
        soorten=frozenset() if no_purpose else purposes.kinds(parts),
        doel=None if no_purpose and doel is not Doel.LIEVER_NIET else doel,
        toelichting="" if no_purpose else toelichting,
        tekst=tidy,
        stellig=antwoord is not None and _is_firm(parts),
        beleefd=plain and not thumb and _is_polite(parts, signs),
        instemming=plain and (thumb or words.INSTEMMING in signs) and not signs & {words.CIJFER, words.CODE},
        vraag=vraag,
        persoon=words.PERSOON in signs,
    )


def _command(parts: Parts) -> Woord | None:
    """The command in a text, if it is one: "regels" alone or in a question, not "ik ken de regels"."""
    bare = not parts.content and not parts.recording and not parts.negations and not parts.has(words.STOP_OPNEMEN)
    if _stops_messages(parts, bare=bare):
        return Woord.STOP
    if parts.has(words.START) and bare:
        return Woord.START
    left = {parts.word(n) for n in parts.content}
    no = bool(parts.negations) or parts.has(words.NEE)
    if parts.has(words.REGELS) and not no and not parts.has(words.INSTEMMING) and left <= words.REGELS_EXTRA:
        return Woord.REGELS
    helps = parts.has(words.HULP) and not no and left <= words.HULP_EXTRA
    return Woord.HULP if helps or (parts.has(words.HULP_ZIN) and not parts.has(*_ANSWER_SIGNS)) else None


def _stops_messages(parts: Parts, *, bare: bool) -> bool:
    """Whether no more messages are wanted. "Ik stop" alone may be about anything."""
    if parts.has(words.NIET_STOPPEN):
        return False
    first_person = any(parts.word(n) in ("ik", "i", "we", "wij") for n in parts.numbers())
    return parts.has(words.STOP_SMS) or (parts.has(words.STOP_KAAL) and bare and not first_person)


def _stands_beside(parts: Parts, opdracht: Woord | None) -> bool:
    """Whether an answer counts beside a command: "ja, en stuur de regels", not "ja graag de regels"."""
    if opdracht is None:
        return True
    if opdracht is not Woord.REGELS:
        return False
    joined = any(parts.word(n) in ("en", "and", "plus", "ook") for n in range(len(parts.line.words)))
    return joined or not parts.has(words.JA_ZWAK)


def _is_polite(parts: Parts, signs: set[str]) -> bool:
    left = {parts.word(n) for n in parts.numbers() if n not in parts.taken}
    return words.BELEEFD in signs and signs <= {words.BELEEFD, words.HERSTEL, words.NEUTRAAL} and left <= words.POLITE


def _foreign(parts: Parts) -> answer.Verdict | None:
    """A whole text in another language, code and thanks aside."""
    aside = {n for sign in parts.of(words.CODE, words.CIJFER, words.BELEEFD) for n in range(sign.first, sign.last + 1)}
    text = " ".join(parts.word(n) for n in parts.numbers() if n not in aside)
    said = _FOREIGN.get(text)
    if said is None or any(clause.asks for clause in parts.clauses):
        return None
    return answer.Verdict(antwoord=said)


def _codes(parts: Parts) -> tuple[str, ...]:
    """The short codes, in capitals, each once."""
    codes = ("".join(parts.word(n) for n in range(s.first, s.last + 1)).upper() for s in parts.of(words.CODE))
    return tuple(dict.fromkeys(codes))


def _choices(parts: Parts) -> tuple[int, ...]:
    """Numbers of a numbered list: alone, beside an answer, or announced; not a number inside a sentence."""
    found = []
    for sign in parts.of(words.CIJFER):
        said = [parts.word(n) for n in range(sign.first, sign.last + 1)]
        number = next((int(word) for word in said if word.isdigit()), 0) or next(
            (_ORDINALS[word] for word in said if word in _ORDINALS), 0
        )
        edge = sign.first == 0 or sign.last == len(parts.line.words) - 1
        if number and (edge or len(said) > 1 or not parts.content):
            found.append(number)
    return tuple(dict.fromkeys(found))


def _purpose(parts: Parts, antwoord: Antwoord | None) -> tuple[Doel | None, str]:
    doel, named = purposes.purpose(parts)
    if antwoord is None or doel is Doel.LIEVER_NIET:
        return doel, ""
    own = _scrub(purposes.own_words(parts, named, known=doel is not None))
    return doel or (Doel.ANDERS if own else None), own


def _is_firm(parts: Parts) -> bool:
    if parts.recording or parts.has(words.JA_TOCH, words.NEE_TOCH):
        return True
    if any(n not in parts.taken for n in parts.numbers()):
        return False
    return all(sign.name in (words.CODE, words.CIJFER) or _as_asked(parts, sign) for sign in parts.signs)


def _as_asked(parts: Parts, sign: Sign) -> bool:
    """One word of ja or nee; of doubt the very words of the invitation, in capitals as they stand there."""
    if sign.name == words.WEET:
        return parts.line.written(sign.first, sign.last) in ("WEET NIET", "DO NOT KNOW")
    return sign.name in (words.JA, words.NEE) and sign.first == sign.last


def _tidy(text: str) -> str:
    return _scrub(" ".join(text.split()))


def _scrub(text: str) -> str:
    """Capped, and without what looks like a BSN: that is not ours to keep."""

    def blank(match: re.Match[str]) -> str:
        return "[nummer]" if looks_like_bsn(match[0]) else match[0]

    return _NUMBER.sub(blank, text)[:TOELICHTING_MAX]
