"""The signals in a text, the clauses they stand in, and the words that are left."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from afspraken.domain.reply import words
from afspraken.domain.reply.text import Line

_STREET = re.compile(r"\w+(?:straat|weg|laan|plein|kade|hof|dijk|singel)|huisnummer|bus|lijn|tram")
_VERB = re.compile(r"opnemen|opneem|opgenomen|opnam?es?|opnamen|opname|film\w*|record\w*|vastleggen|opte|neem|taping")
_HAPPENED = frozenset("heb hebben heeft had kreeg gehad gekregen have got received".split())
_QUESTION_START = words.QUESTION_START - {"is", "do", "does", "could", "should", "can"}


@dataclass(frozen=True, kw_only=True)
class Sign:
    """A signal: its name and the first and last word it takes up."""

    name: str
    first: int
    last: int


@dataclass(frozen=True, kw_only=True)
class Clause:
    """A stretch of words that a negation reaches over; ``asks`` when it is a question."""

    first: int
    last: int
    asks: bool

    def __contains__(self, number: int) -> bool:
        return self.first <= number <= self.last


class Parts:
    """One text, taken apart."""

    def __init__(self, line: Line) -> None:
        self.line = line
        self.clauses = tuple(_clauses(line))
        self.signs = tuple(sign for sign in _signs(line) if self._holds(sign))
        self.taken = frozenset(n for sign in self.signs for n in range(sign.first, sign.last + 1))

    def of(self, *names: str) -> list[Sign]:
        """The signals with these names, in the order of the text."""
        return [sign for sign in self.signs if sign.name in names]

    def has(self, *names: str) -> bool:
        """Whether a signal with one of these names is there."""
        return bool(self.of(*names))

    def word(self, number: int) -> str:
        """The folded word with this number; empty outside the text."""
        return self.line.words[number].folded if 0 <= number < len(self.line.words) else ""

    def clause_of(self, number: int) -> Clause:
        """The clause a word stands in."""
        return next(clause for clause in self.clauses if number in clause)

    def text_of(self, clause: Clause) -> str:
        """The folded words of a clause."""
        return " ".join(self.word(n) for n in range(clause.first, clause.last + 1))

    def numbers(self) -> Iterator[int]:
        """The numbers of all words that are no mark."""
        return (n for n, word in enumerate(self.line.words) if not word.is_mark)

    @cached_property
    def negations(self) -> frozenset[int]:
        """Negations that no signal has taken up."""
        return frozenset(n for n in self.numbers() if n not in self.taken and self.word(n) in words.NEGATION)

    @cached_property
    def recording(self) -> frozenset[int]:
        """Words about recording itself: verbs and kinds."""
        return frozenset(n for n in self.numbers() if is_recording(self.word(n)))

    @cached_property
    def content(self) -> tuple[int, ...]:
        """Words that say something of their own: no signal, no filler, no number, nothing about recording."""
        return tuple(
            n
            for n in self.numbers()
            if n not in self.taken
            and n not in self.recording
            and n not in self.negations
            and self.word(n) not in words.STOPWORDS
            and any(char.isalpha() for char in self.word(n))
        )

    def negated(self, first: int, last: int) -> bool:
        """Whether a negation reaches these words: four words ahead, and "niet" also two words back, in its clause."""
        clause = self.clause_of(first)
        return any(
            first - 4 <= n < first or (last < n <= last + 2 and self.word(n) in ("niet", "nie", "not"))
            for n in self.negations
            if n in clause
        )

    def _holds(self, sign: Sign) -> bool:
        if sign.name == words.CODE:
            word = self.word(sign.first)
            if word.endswith("x") and self.word(sign.last + 1) not in ("", ",", "ja", "nee", "weet", "thuis"):
                return False  # "3x gebeld"
            return _STREET.fullmatch(self.word(sign.first - 1)) is None
        if sign.name == words.WEET:
            return not self._doubts_coming(sign)
        if sign.name == words.STOP_SMS:
            # "Ik heb geen sms gekregen" tells something; it asks for nothing.
            clause = self.clause_of(sign.first)
            return not any(self.word(n) in _HAPPENED for n in range(clause.first, clause.last + 1))
        return True

    def _doubts_coming(self, sign: Sign) -> bool:
        """ "Ik weet niet of ik kan komen" is no doubt about recording."""
        if self.word(sign.last + 1) not in ("of", "if", "whether"):
            return False
        clause = self.clause_of(sign.last)
        rest = [self.word(n) for n in range(sign.last + 2, clause.last + 1)]
        return not any(is_recording(word) or word in ("het", "dat", "dit", "it") for word in rest)


def is_recording(word: str) -> bool:
    """Whether a folded word is about recording: a verb, a noun or a kind."""
    return _VERB.fullmatch(word) is not None or any(pattern.fullmatch(word) for _, pattern in words.KINDS)


def _signs(line: Line) -> Iterator[Sign]:
    for match in words.SCANNER.finditer(line.folded):
        if match.start() == match.end() or match.lastgroup is None:
            continue
        span = line.span(match.start(), match.end())
        yield Sign(name=words.PATTERNS[int(match.lastgroup[1:])][0], first=span[0], last=span[-1])


def _clauses(line: Line) -> Iterator[Clause]:
    first = 0
    for number, word in enumerate(line.words):
        if word.is_mark:
            yield Clause(first=first, last=number, asks=word.folded == "?" or _starts_as_question(line, first))
            first = number + 1
        elif _breaks(line, number) and number > first:
            yield Clause(first=first, last=number - 1, asks=_starts_as_question(line, first))
            first = number
    if first < len(line.words):
        yield Clause(first=first, last=len(line.words) - 1, asks=_starts_as_question(line, first))


def _breaks(line: Line, number: int) -> bool:
    """Whether a new thought begins here. "Want" is "because" in Dutch and a wish after an English word."""
    word = line.words[number].folded
    before = line.words[number - 1].folded if number else ""
    return word in words.BREAKS and not (word == "want" and before in ("i", "we", "dont", "not", "do", "really"))


def _starts_as_question(line: Line, first: int) -> bool:
    if line.words[first].folded in words.BREAKS and first + 1 < len(line.words):
        first += 1
    return line.words[first].folded in _QUESTION_START
