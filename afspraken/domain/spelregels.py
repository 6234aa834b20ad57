"""The rules sheet as a text: its parts, its fingerprint, and what makes it fit to publish.

The official text is kept and shown to the letter; ``parse`` only cuts it where its own lines and
numbers cut it, so that ``Spelregels.tekst()`` gives the words back unchanged.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass

from afspraken.domain.voornemen import Veldfout

_REGEL = re.compile(r"(\d{1,2})\.\s+(.*)", re.DOTALL)
_ONDERSCHRIFT = re.compile(r"datum\s*:", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Regel:
    """One numbered rule, to the letter, without its number."""

    nummer: int
    tekst: str


@dataclass(frozen=True, kw_only=True)
class Spelregels:
    """A rules sheet in its parts."""

    titel: str
    inleiding: tuple[str, ...]
    kop: str
    regels: tuple[Regel, ...]
    onderschrift: tuple[str, ...]

    def leestekst(self) -> str:
        """Title, introduction and rules as plain text, without the signing block."""
        parts = [
            self.titel,
            *self.inleiding,
            self.kop,
            *(f"{r.nummer}. {r.tekst}" for r in self.regels),
        ]
        return "\n\n".join(part for part in parts if part)

    def regels_tekst(self) -> str:
        """The numbered rules alone, one per paragraph."""
        return "\n\n".join(f"{regel.nummer}. {regel.tekst}" for regel in self.regels)


def fingerprint(tekst: str) -> str:
    """SHA-256 of the text with line ends as \\n: 64 hexadecimal characters."""
    return hashlib.sha256(tekst.replace("\r\n", "\n").replace("\r", "\n").encode()).hexdigest()


def parse(tekst: str) -> Spelregels:
    """Cut a sheet into its parts. Never raises: what is missing is empty, and :func:`check` names it."""
    lines = [line.strip() for line in tekst.lstrip("\ufeff").splitlines()]
    lines = [line for line in lines if line]
    titel = lines[0] if lines else ""
    before: list[str] = []
    regels: list[Regel] = []
    onderschrift: list[str] = []
    for line in lines[1:]:
        match = _REGEL.fullmatch(line)
        if onderschrift or (_ONDERSCHRIFT.match(line) and regels):
            onderschrift.append(line)
        elif match:
            regels.append(Regel(nummer=int(match[1]), tekst=match[2]))
        elif regels:
            # A rule may run over several lines; they belong to the rule above them.
            last = regels.pop()
            regels.append(Regel(nummer=last.nummer, tekst=f"{last.tekst}\n{line}"))
        else:
            before.append(line)
    kop = before.pop() if before and regels and len(before) > 1 else ""
    return Spelregels(
        titel=titel,
        inleiding=tuple(before),
        kop=kop,
        regels=tuple(regels),
        onderschrift=tuple(onderschrift),
    )


def check(tekst: str) -> tuple[Veldfout, ...]:
    """What keeps a sheet from being published."""
    fouten = []
    delen = parse(tekst)
    if not delen.titel:
        fouten.append(Veldfout(veld="tekst", code="leeg", melding="De tekst is leeg. Plak hier de spelregels."))
        return tuple(fouten)
    nummers = [regel.nummer for regel in delen.regels]
    if not nummers:
        fouten.append(
            Veldfout(
                veld="tekst",
                code="geen_regels",
                melding="Er staan geen genummerde regels in de tekst. "
                "Begin elke regel met een nummer en een punt: '1. ...'.",
            )
        )
    elif nummers != list(range(1, len(nummers) + 1)):
        fouten.append(
            Veldfout(
                veld="tekst",
                code="nummering",
                melding=f"De nummers van de regels lopen niet door: {', '.join(map(str, nummers))}. "
                "Nummer de regels van 1 tot en met de laatste.",
            )
        )
    if any(not regel.tekst.strip() for regel in delen.regels):
        fouten.append(
            Veldfout(
                veld="tekst",
                code="lege_regel",
                melding="Een van de regels heeft geen tekst. Vul hem aan.",
            )
        )
    return tuple(fouten)
