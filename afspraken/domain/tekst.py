"""Text of people as one plain line: what no one sees is not kept, because it can hide or turn around the rest."""

from __future__ import annotations

INVISIBLE = dict.fromkeys([0x200B, 0x2060, 0xFEFF, *range(0x202A, 0x202F), *range(0x2066, 0x206A)])
"""Zero width, byte order and overrides of direction, for ``str.translate``. Joiners stay: letters need them."""

_CONTROLS = dict.fromkeys(code for code in (*range(0x20), *range(0x7F, 0xA0)) if not chr(code).isspace())


def one_line(text: str) -> str:
    """The text with single spaces and no line breaks, without control characters and without what no one sees."""
    return " ".join(text.translate(INVISIBLE).translate(_CONTROLS).split())
