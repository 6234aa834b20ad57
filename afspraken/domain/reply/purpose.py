"""What kinds of recording and which purpose a text names, and the client's own words about it."""

from __future__ import annotations

import re

from afspraken.domain.reply import words
from afspraken.domain.reply.parts import Parts
from afspraken.domain.voornemen import Doel, Soort

_BEFORE_REASON = frozenset("voor om omdat want vanwege zodat als tbv wegens for to because so".split())
_PEOPLE = frozenset({Doel.DESKUNDIGE, Doel.PRIVEKRING})
_TOWARDS = frozenset("voor aan for to tbv via delen share sharing".split())
_HEARING = re.compile(r"\w*luister\w*|horen|hoort|laten|zien|kijken|delen|share|listen|hear")
_NAME_PARTS = frozenset("el al bin ibn van der den de ten ter da dos".split())


def kinds(parts: Parts) -> frozenset[Soort]:
    """The kinds of recording that are named and not denied."""
    found = set()
    for number in parts.recording:
        word = parts.word(number)
        if parts.negated(number, number):
            continue
        found |= {soort for soort, pattern in words.KINDS if pattern.fullmatch(word)}
    return frozenset(found)


def purpose(parts: Parts) -> tuple[Doel | None, frozenset[int]]:
    """The purpose that reaches furthest, and the words that name a purpose.

    Sharing with family or a lawyer is not sharing with others; a denied purpose ("niet op facebook") is none.
    """
    if parts.has(words.LIEVER_NIET):
        return Doel.LIEVER_NIET, frozenset()
    clear: dict[Doel, set[int]] = {}
    vague: set[int] = set()
    denied: set[Doel] = set()
    named: set[int] = set()
    for doel, is_clear, pattern in words.PURPOSES:
        for match in pattern.finditer(parts.line.folded):
            span = parts.line.span(match.start(), match.end())
            named |= set(span)
            if parts.negated(span[0], span[-1]):
                denied.add(doel)
            elif doel in _PEOPLE and not _will_hear(parts, span):
                continue
            elif is_clear:
                clear.setdefault(doel, set()).update(span)
            else:
                vague.update(span)
    if Doel.DELEN in denied:
        clear.pop(Doel.DELEN, None)
        vague = set()
    if vague and not clear.keys() & {Doel.PRIVEKRING, Doel.DESKUNDIGE}:
        clear.setdefault(Doel.DELEN, set()).update(vague)
    order = (Doel.DELEN, Doel.DESKUNDIGE, Doel.PRIVEKRING, Doel.NALUISTEREN)
    return next((doel for doel in order if doel in clear), None), frozenset(named)


def _will_hear(parts: Parts, span: range) -> bool:
    """Whether these people get to hear the recording: "voor mijn advocaat", not "mijn advocaat komt mee"."""
    clause = parts.clause_of(span[0])
    near = {parts.word(n) for n in range(max(clause.first, span[0] - 3), span[-1] + 1)}
    if near & _TOWARDS or any(_HEARING.match(parts.word(n)) for n in range(clause.first, clause.last + 1)):
        return True
    return not any(n in clause and n not in span for n in parts.content)


def own_words(parts: Parts, named: frozenset[int], *, known: bool) -> str:
    """The client's words about the purpose, as written; empty when the named purpose says it all.

    A single unknown word counts only where a reason is announced ("voor bewijs"): it may be a name.
    """
    rest = [n for n in parts.content if n not in named]
    if not rest or _only_names(parts, rest):
        return ""
    if not known and len(rest) == 1 and not _reason_before(parts, rest[0]):
        return ""
    every = sorted({*rest, *named})
    first, last = every[0], every[-1]
    while first > 0 and _belongs(parts, first - 1):
        first -= 1
    while last + 1 < len(parts.line.words) and _belongs(parts, last + 1):
        last += 1
    return parts.line.written(first, last)


def _belongs(parts: Parts, number: int) -> bool:
    return number not in parts.taken and not parts.line.words[number].is_mark


def _reason_before(parts: Parts, number: int) -> bool:
    clause = parts.clause_of(number)
    return any(parts.word(n) in _BEFORE_REASON for n in range(clause.first, number))


def _only_names(parts: Parts, rest: list[int]) -> bool:
    """Whether what is left are capitalised words, as in a signature: "Ja, Fatima el Idrissi"."""
    text = parts.line.original
    if text.upper() == text:
        return False
    pieces = [text[parts.line.words[n].start : parts.line.words[n].end] for n in rest]
    pieces = [piece for piece in pieces if piece not in _NAME_PARTS]
    return len(pieces) <= 3 and all(piece[0].isupper() and piece[1:] == piece[1:].lower() for piece in pieces)
