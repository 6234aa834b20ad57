"""What reading a file gives back, and the limits every reader keeps.

Three kinds of news about a file, in the words of whoever delivered it: the whole file can't be read
(:class:`Bestandsfout`), a cell is wrong (:class:`Rijfout`), or something deserves a look (:class:`Waarschuwing`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Protocol

from afspraken.domain.gegevens import Afspraakgegevens

MAX_BYTES = 10 * 1024 * 1024
MAX_RIJEN = 20_000
MAX_KOLOMMEN = 100
MAX_CEL = 2_000
"""Characters in one cell; the longest text we keep is 200."""

Voortgang = Callable[[int], None]
"""Called now and then with the number of rows done."""


@dataclass(frozen=True, kw_only=True)
class Bestandsfout:
    """Why a file can't be read at all, and the one thing to do about it."""

    code: str
    melding: str
    oplossing: str

    def __str__(self) -> str:
        return f"{self.melding} {self.oplossing}"


@dataclass(frozen=True, kw_only=True)
class Rijfout:
    """One wrong cell. ``rij`` counts as a spreadsheet does: the line with the column names is row 1.

    ``waarde`` is the text of the cell as it stood there; empty for anything that looks like a BSN.
    """

    rij: int
    kolom: str
    waarde: str
    code: str
    melding: str


@dataclass(frozen=True, kw_only=True)
class Waarschuwing:
    """Something that is no error. ``rij`` 0 means: about the whole file."""

    rij: int
    kolom: str
    waarde: str
    code: str
    melding: str


@dataclass(frozen=True, kw_only=True)
class Gelezenrij:
    """A row without errors, ready to be planned."""

    rij: int
    regel: int
    gegevens: Afspraakgegevens


@dataclass(frozen=True, kw_only=True)
class Foutrij:
    """A row with errors, as it stood in the file: cells by the name of our column, without BSN.

    ``regel`` is the line in a text editor; it differs from ``rij`` after a cell with line breaks.
    """

    rij: int
    regel: int
    cellen: dict[str, str]
    fouten: tuple[Rijfout, ...]


@dataclass(frozen=True, kw_only=True)
class Leesresultaat:
    """All there is to say about a file. With a ``bestandsfout`` nothing else is filled."""

    soort: str = ""
    bestandsfout: Bestandsfout | None = None
    rijen: tuple[Gelezenrij, ...] = ()
    foutrijen: tuple[Foutrij, ...] = ()
    waarschuwingen: tuple[Waarschuwing, ...] = ()

    @property
    def rijfouten(self) -> tuple[Rijfout, ...]:
        """Every wrong cell, in the order of the file."""
        return tuple(fout for rij in self.foutrijen for fout in rij.fouten)

    @property
    def aantal(self) -> int:
        """Rows in the file, good and wrong."""
        return len(self.rijen) + len(self.foutrijen)


@dataclass(frozen=True)
class Ruwerij:
    """One row as a reader found it: texts only, trimmed of nothing."""

    rij: int
    regel: int
    cellen: list[str]


@dataclass
class Tabel:
    """A file opened by a reader: the header, and the rows below it, read one by one."""

    kop: Ruwerij
    rijen: Iterator[Ruwerij]
    waarschuwingen: list[Waarschuwing] = field(default_factory=list)


class BestandGeweigerd(Exception):
    """A reader stops: this file can't be read."""

    def __init__(self, code: str, melding: str, oplossing: str) -> None:
        super().__init__(code)
        self.fout = Bestandsfout(code=code, melding=melding, oplossing=oplossing)


class Bestandssoort(Protocol):
    """A kind of file. Recognised by its first bytes, never by its name."""

    naam: str

    def recognise(self, data: bytes) -> bool:
        """Whether these bytes are a file of this kind."""

    def read(self, data: bytes) -> Tabel:
        """The header and the rows; raises :class:`BestandGeweigerd`."""
