"""How many SMS parts a text costs, and which character makes it expensive.

Source: 3GPP TS 23.038 (the GSM 7-bit default alphabet and its extension table) and 23.040 (a part of
a longer message has a six-byte header: 153 instead of 160 septets, 67 instead of 70 UCS-2 units).
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import NamedTuple

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡"
    "ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
# Each of these is an escape and a character: two septets, which may not be torn apart.
_EXTENSION = frozenset("\f^{}\\[~]|€")

# Characters that word processors and keyboards put in unasked, and what is meant by them.
_PLAIN = {
    "\u00a0": " ",
    "\u202f": " ",
    "\u2007": " ",
    "\u2009": " ",
    "\t": " ",
    "\u200b": "",
    "\u200c": "",
    "\u200d": "",
    "\ufeff": "",
    "\u00ad": "",
    "\u2018": "'",
    "\u2019": "'",
    "\u201a": "'",
    "\u2032": "'",
    "\u0060": "'",
    "\u00b4": "'",
    "\u201c": '"',
    "\u201d": '"',
    "\u201e": '"',
    "\u2010": "-",
    "\u2011": "-",
    "\u2012": "-",
    "\u2013": "-",
    "\u2014": "-",
    "\u2212": "-",
    "\u2026": "...",
    "\u2022": "-",
    "\u00d7": "x",
}

# Whole texts are looked at many times a second, so not letter by letter.
_MEANT = str.maketrans(_PLAIN)
_STRANGE = re.compile(f"[^{re.escape(''.join(sorted(_BASIC | _EXTENSION)))}]")
_WIDE = re.compile(f"[{re.escape(''.join(sorted(_EXTENSION)))}]")
_ASTRAL = re.compile("[\U00010000-\U0010ffff]")

_NAMES = {
    "\u00a0": "vaste spatie",
    "\u202f": "smalle vaste spatie",
    "\u200b": "onzichtbaar teken",
    "\u200d": "onzichtbaar teken",
    "\ufeff": "onzichtbaar teken",
    "\u00ad": "zacht afbreekstreepje",
    "\t": "tab",
    "\u2018": "krul-aanhalingsteken",
    "\u2019": "krul-apostrof",
    "\u201c": "krul-aanhalingsteken",
    "\u201d": "krul-aanhalingsteken",
    "\u201e": "laag aanhalingsteken",
    "\u2013": "half kastlijntje",
    "\u2014": "kastlijntje",
    "\u2026": "beletselteken",
    "\u2022": "opsommingsteken",
    "\u0060": "accent zonder letter",
}

# At most this many costly characters are named; a text in Arabic would list every letter.
_NAMED_AT_MOST = 10


@dataclass(frozen=True, kw_only=True)
class CostlyChar:
    """A character that is not in the GSM alphabet; ``position`` counts from 0."""

    char: str
    name: str
    position: int
    suggestion: str


class SegmentCount(NamedTuple):
    """What a text costs. ``units`` are septets (GSM-7) or 16-bit units (UCS-2).

    ``per_segment_left`` is the room, in units, that is left in the last part.
    """

    encoding: str
    units: int
    segments: int
    per_segment_left: int
    costly: tuple[CostlyChar, ...]


def is_gsm(char: str) -> bool:
    """Whether one character is in the GSM alphabet or its extension."""
    return char in _BASIC or char in _EXTENSION


def count_segments(text: str) -> SegmentCount:
    """The cost of ``text`` as an SMS; an empty text costs nothing."""
    costly: tuple[CostlyChar, ...] = ()
    if _STRANGE.search(text) is None:
        encoding, single, part, wide = "GSM-7", 160, 153, _WIDE
    else:
        encoding, single, part, wide = "UCS-2", 70, 67, _ASTRAL
        costly = _costly(text)
    units = len(text) + len(wide.findall(text))
    if units <= single:
        segments, left = (1, single - units) if units else (0, single)
    elif units == len(text):
        segments = -(-units // part)
        left = segments * part - units
    else:
        segments, left = _fill([2 if wide.match(char) else 1 for char in text], part)
    return SegmentCount(encoding=encoding, units=units, segments=segments, per_segment_left=left, costly=costly)


def to_plain(text: str) -> str:
    """The same words with curly quotes, fixed spaces and the like replaced by what was meant.

    Letters are left alone: an accent in a name belongs to the person. Used on message texts right
    before sending, because one fixed space doubles the price of the whole message.
    """
    if text.isascii() and "\t" not in text and "`" not in text:
        # As most texts are: the rest of what is replaced is not ASCII.
        return text
    return text.translate(_MEANT)


def _fill(sizes: list[int], part: int) -> tuple[int, int]:
    """Lay characters in parts without tearing a two-unit one; (number of parts, room left)."""
    segments, used = 1, 0
    for size in sizes:
        if used + size > part:
            segments, used = segments + 1, 0
        used += size
    return segments, part - used


def _costly(text: str) -> tuple[CostlyChar, ...]:
    found: dict[str, CostlyChar] = {}
    for position, char in enumerate(text):
        if is_gsm(char) or char in found:
            continue
        found[char] = CostlyChar(char=char, name=_name(char), position=position, suggestion=_suggest(char))
        if len(found) == _NAMED_AT_MOST:
            break
    return tuple(found.values())


def _name(char: str) -> str:
    if char in _NAMES:
        return _NAMES[char]
    base = unicodedata.normalize("NFD", char)
    if len(base) == 2 and base[1] == "\u0308":
        return f"{base[0]} met puntjes"
    if len(base) == 2 and base[0].isalpha():
        return f"{base[0]} met accent"
    if unicodedata.category(char) in {"So", "Sk", "Cs"} or ord(char) > 0xFFFF:
        return "emoji of bijzonder teken"
    return f"teken {char}"


def _suggest(char: str) -> str:
    """A replacement inside the GSM alphabet, or an empty text when there is none."""
    if char in _PLAIN:
        return _PLAIN[char]
    base = unicodedata.normalize("NFD", char)[0]
    return base if base != char and is_gsm(base) else ""
