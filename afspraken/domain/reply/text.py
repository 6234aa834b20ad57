"""A text as words: what is compared (folded) beside what the client wrote (kept)."""

from __future__ import annotations

import unicodedata
from bisect import bisect_right
from dataclasses import dataclass

MAX_TEXT = 1600
"""Characters that are read; ten SMS parts. The rest is not looked at."""

_APOSTROPHES = "'’‘`´ʼ"
_FOLD = str.maketrans({"ı": "i", "ø": "o", "ł": "l", "đ": "d", "æ": "ae"})
# A clock or a date stays one word: "10.30" is no choice out of a list.
_INSIDE_NUMBER = ".:/-"
# Marks on a letter and characters without a shape of their own.
_UNSEEN = ("Mn", "Mc", "Me", "Cf")


def fold(word: str) -> str:
    """Lower case, without diacritics and apostrophes: "Foto's" is "fotos", "HAYIR" with any i is "hayir"."""
    plain = unicodedata.normalize("NFKD", word.casefold()).casefold()
    kept = (c for c in plain if c not in _APOSTROPHES and unicodedata.category(c) not in _UNSEEN)
    return "".join(kept).translate(_FOLD)


@dataclass(frozen=True, kw_only=True)
class Word:
    """One word or mark. ``start`` and ``end`` are its place in the original text; ``at`` in the folded line."""

    folded: str
    start: int
    end: int
    at: int

    @property
    def is_mark(self) -> bool:
        """Whether it ends a clause."""
        return self.folded in ",?"


@dataclass(frozen=True, kw_only=True)
class Line:
    """A text cut into words. ``folded`` is what patterns run over."""

    original: str
    words: tuple[Word, ...]
    folded: str

    def span(self, start: int, end: int) -> range:
        """The numbers of the words that lie between two places in ``folded``."""
        starts = [word.at for word in self.words]
        return range(bisect_right(starts, start) - 1, bisect_right(starts, end - 1))

    def written(self, first: int, last: int) -> str:
        """The client's own words from one word to another, both included, spaces tidied."""
        return " ".join(self.original[self.words[first].start : self.words[last].end].split())


def cut(text: str) -> Line:
    """Cut a text into words and marks; never raises."""
    original = text[:MAX_TEXT]
    words: list[Word] = []
    at = 0
    for start, end in _pieces(original):
        piece = original[start:end]
        folded = fold(piece) if _in_word(piece[0]) else ("?" if piece == "?" else ",")
        folded = "".join(folded.split())
        if not folded or (folded == "," and (not words or words[-1].folded == ",")):
            continue
        words.append(Word(folded=folded, start=start, end=end, at=at))
        at += len(folded) + 1
    return Line(original=original, words=tuple(words), folded=" ".join(word.folded for word in words))


def _in_word(char: str) -> bool:
    return unicodedata.category(char)[0] in "LMN"


def _pieces(text: str) -> list[tuple[int, int]]:
    """Where words and marks stand."""
    found: list[tuple[int, int]] = []
    start = -1
    for place, char in enumerate(text):
        if _in_word(char) or (start >= 0 and _joins(text, place)):
            start = place if start < 0 else start
            continue
        if start >= 0:
            found.append((start, place))
            start = -1
        if char in ".,;:!?\n\r…()،؟።":
            found.append((place, place + 1))
    if start >= 0:
        found.append((start, len(text)))
    return found


def _joins(text: str, place: int) -> bool:
    """Whether the character here is inside a word: an apostrophe between letters, a point between digits."""
    char, before, after = text[place], text[place - 1], text[place + 1 : place + 2]
    if char in "\u200b\u200c\u200d\u00ad\ufeff":
        return True
    if not after:
        return False
    if char in _APOSTROPHES:
        return before.isalpha() and after.isalpha()
    return char in _INSIDE_NUMBER and before.isdigit() and after.isdigit()
