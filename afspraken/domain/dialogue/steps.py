"""What a decision is made of: the appointments of a phone, where the conversation stands, and the steps."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum

from afspraken.domain.voornemen import Antwoordgegevens


class Vraag(StrEnum):
    """What the next text is an answer to."""

    GEEN = ""
    WELKE = "welke"
    DOEL = "doel"
    VERDUIDELIJK = "verduidelijk"
    # We said that there is no coming appointment, and say it once.
    NIETS = "niets"


class Reden(StrEnum):
    """Why a person has to read a text."""

    ONDUIDELIJK = "onduidelijk"
    VRAAG = "vraag"
    PERSOON = "persoon"
    CODES = "codes"
    NIET_MEER = "niet_meer"


@dataclass(frozen=True, kw_only=True)
class OpenAfspraak:
    """An appointment of this phone. ``gesloten`` says why it takes no answer by SMS (any more); empty when it does.

    ``huidig`` is the answer that counts now.
    """

    id: int
    korte_code: str
    start_op: datetime
    gesloten: str = ""
    huidig: Antwoordgegevens | None = None


@dataclass(frozen=True, kw_only=True)
class Stand:
    """Where a conversation stands; the fields of SmsGesprek."""

    vraag: Vraag = Vraag.GEEN
    afspraak_id: int | None = None
    keuzes: tuple[int, ...] = ()
    onthouden: Antwoordgegevens | None = field(default=None, repr=False)
    onduidelijk: int = 0
    verkeerde_codes: int = 0
    antwoorden_vandaag: int = 0
    vandaag: date | None = None
    bijgewerkt_op: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class RecordAnswer:
    """Record an answer. Without ``bevestig`` no receipt goes out: today's number of replies is used up."""

    afspraak_id: int
    gegevens: Antwoordgegevens
    bevestig: bool = True


@dataclass(frozen=True, kw_only=True)
class AskWhich:
    """Ask which appointment it is about, as a numbered list in this order."""

    keuzes: tuple[int, ...]


@dataclass(frozen=True, kw_only=True)
class Clarify:
    """Ask whether they want to record this conversation."""

    afspraak_id: int


@dataclass(frozen=True, kw_only=True)
class PassOn:
    """Tell that someone will read the text."""

    afspraak_id: int


@dataclass(frozen=True, kw_only=True)
class Worklist:
    """A person has to read the text."""

    afspraak_id: int
    reden: Reden


@dataclass(frozen=True, kw_only=True)
class SendRules:
    """Send the rules in plain words; of the team of this appointment, or in general."""

    afspraak_id: int | None


@dataclass(frozen=True, kw_only=True)
class SendHelp:
    """Say which words work, and where there is help."""

    afspraak_id: int | None


@dataclass(frozen=True, kw_only=True)
class OptOut:
    """No more texts to this phone; ``bevestig`` says so in one last text."""

    afspraak_id: int | None
    bevestig: bool = True


@dataclass(frozen=True, kw_only=True)
class OptIn:
    """Texts again."""

    afspraak_id: int | None
    bevestig: bool = True


@dataclass(frozen=True, kw_only=True)
class NoAppointment:
    """Say neutrally that there is no coming appointment, and where there is help."""

    afspraak_id: int | None


@dataclass(frozen=True, kw_only=True)
class TooLate:
    """Say that this appointment takes no answer by SMS any more."""

    afspraak_id: int


@dataclass(frozen=True, kw_only=True)
class Silence:
    """Do nothing; ``waarom`` is for the log."""

    waarom: str


Stap = (
    RecordAnswer
    | AskWhich
    | Clarify
    | PassOn
    | Worklist
    | SendRules
    | SendHelp
    | OptOut
    | OptIn
    | NoAppointment
    | TooLate
    | Silence
)


@dataclass(frozen=True, kw_only=True)
class Besluit:
    """The steps to take, in order, and where the conversation stands afterwards."""

    stappen: tuple[Stap, ...]
    stand: Stand
