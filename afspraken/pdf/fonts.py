"""The fonts that go into a PDF: our own files, so that every machine makes the same document."""

from __future__ import annotations

import unicodedata
from functools import lru_cache
from io import BytesIO
from itertools import groupby
from pathlib import Path

from django.contrib.staticfiles import finders

FILES = {
    f"vooraf-font:{subset}-{weight}": f"vendor/noto/noto-sans-{subset}-{weight}-normal.woff2"
    for subset in ("latin", "latin-ext", "vietnamese", "cyrillic", "greek")
    for weight in (400, 700)
}
"""Address in the stylesheet -> static file."""


class FontMissing(Exception):
    """A font file is not there: `make install` has not run."""

    loggable = True


def read(address: str) -> bytes:
    """The bytes of one of our fonts. Raises KeyError for any other address, FontMissing when it is not installed."""
    name = FILES[address]
    found = finders.find(name)
    if not isinstance(found, str):
        raise FontMissing(name)
    return Path(found).read_bytes()


@lru_cache(maxsize=1)
def read_all() -> dict[str, bytes]:
    """Every font by its address, unpacked once: unpacking them for each PDF took two thirds of its time.

    Read before rendering, because a font that fails to load there is replaced without a word.
    """
    # Slow to import, and only needed where a PDF is made.
    from fontTools.ttLib import TTFont  # noqa: PLC0415

    unpacked = {}
    for address in FILES:
        # Without the moment of unpacking in it: the same content must give the same bytes.
        with TTFont(BytesIO(read(address)), recalcTimestamp=False) as font, BytesIO() as out:
            font.flavor = None
            font.save(out)
            unpacked[address] = out.getvalue()
    return unpacked


@lru_cache(maxsize=1)
def _known() -> frozenset[int]:
    from fontTools.ttLib import TTFont  # noqa: PLC0415

    codes: set[int] = set()
    for data in read_all().values():
        with TTFont(BytesIO(data), lazy=True) as font:
            codes.update(font.getBestCmap())
    return frozenset(codes)


_SCHRIFT = {
    "ARABIC": "Arabisch",
    "ARMENIAN": "Armeens",
    "BENGALI": "Bengaals",
    "CJK": "Chinees",
    "CYRILLIC": "Cyrillisch",
    "DEVANAGARI": "Devanagari",
    "ETHIOPIC": "Ethiopisch",
    "GEORGIAN": "Georgisch",
    "GREEK": "Grieks",
    "HANGUL": "Koreaans",
    "HEBREW": "Hebreeuws",
    "HIRAGANA": "Japans",
    "KATAKANA": "Japans",
    "TAMIL": "Tamil",
    "THAI": "Thai",
}


def printable(text: str) -> str:
    """The text with every character that our fonts lack spelled out, because a missing glyph makes the PDF invalid.

    An emoji becomes its name in brackets, a letter with rare marks loses the marks, a run in another script is
    named as such; control characters go. The original stays in the content that was signed.
    """
    pieces = [_piece(char) for char in unicodedata.normalize("NFC", text)]
    return "".join(
        # A word in another script is named once, not once per letter.
        f"[{named} schrift]" if named else "".join(piece for piece, _ in group)
        for named, group in groupby(pieces, key=lambda piece: piece[1])
    )


def _piece(char: str) -> tuple[str, str]:
    """(text to print, script to name instead)."""
    category = unicodedata.category(char)[0]
    # Control characters first: a font may have an empty glyph for them, and a PDF must not hold them.
    if char == "\n" or (category != "C" and ord(char) in _known()):
        return char, ""
    if category in "CM":
        return "", ""
    return (" ", "") if char.isspace() else _spelled_out(char)


def _spelled_out(char: str) -> tuple[str, str]:
    plain = "".join(c for c in unicodedata.normalize("NFKD", char) if not unicodedata.combining(c))
    if plain and all(ord(c) in _known() for c in plain):
        return plain, ""
    name = unicodedata.name(char, "")
    if char.isalpha() or char.isdigit():
        return "", _SCHRIFT.get(name.split(" ")[0].split("-")[0], "ander")
    return f"[{name.casefold() or 'teken'}]", ""
