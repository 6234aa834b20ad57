"""Prose of the API description, cut into what a page can show: paragraphs, code between backticks, and the language."""

from __future__ import annotations

import re
from dataclasses import dataclass

_CODE = re.compile(r"`([^`\n]+)`")
# Small words that one of the two languages has and the other has not.
_ENGLISH = frozenset(
    "the an and are as be been by can from have how it its may must not or that this these they until what when where"
    " which who whose why will with you your".split()
)
_DUTCH = frozenset(
    "de het een en van voor niet geen met wat wie waar hoe die dat deze dit zijn bij naar uit wordt mag moet ook nog"
    " maar als dan uw wij onze elk elke of er hier".split()
)


@dataclass(frozen=True)
class Piece:
    """A run of text: ``code`` is read letter by letter, an ``anchor`` is the place on the page it leads to."""

    text: str
    code: bool = False
    anchor: str = ""


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; ``lang`` is empty when its language is the page's own."""

    pieces: tuple[Piece, ...]
    lang: str = ""


def language(text: str) -> str:
    """``en`` for English, else ``nl``: whoever wrote no small word wrote a name, and that needs no mark."""
    words = re.findall(r"[a-zë]+", _CODE.sub(" ", text).lower())
    english, dutch = (sum(word in known for word in words) for known in (_ENGLISH, _DUTCH))
    return "en" if english > dutch else "nl"


def paragraphs(text: str) -> tuple[Paragraph, ...]:
    """The text in paragraphs; a line end inside one is a space, as in Markdown."""
    blocks = (" ".join(block.split()) for block in re.split(r"\n\s*\n", text))
    return tuple(
        Paragraph(pieces(block), lang="en" if language(block) == "en" else "") for block in blocks if block.strip()
    )


def pieces(text: str) -> tuple[Piece, ...]:
    """One paragraph, with what stands between backticks as code."""
    # Splitting on a group gives text and code by turns.
    return tuple(Piece(part, code=index % 2 == 1) for index, part in enumerate(_CODE.split(text)) if part)
