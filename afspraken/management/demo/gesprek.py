"""One conversation of the demo: where it stands in the day, and the moments before it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from afspraken.domain.gegevens import Afspraakgegevens, Clientgegevens, Medewerkergegevens
from afspraken.management.demo import days
from afspraken.management.demo.people import Persoon, person

BRON = "demo"
_PLAATS = {
    "wmo": ("Wijkteam Noord", "Noorderlaan 12", "3"),
    "werk-en-inkomen": ("Stadhuis", "Markt 1", "2.14"),
}


@dataclass(frozen=True, kw_only=True)
class Gesprek:
    """A conversation as the planning system of the demo knows it.

    ``gepland`` is when it was planned, ``geantwoord`` when the client reacts. ``verschoven``: it still stands
    at its first time, a working day later.
    """

    extern_id: str
    dag: date
    tijd: str
    team: str
    medewerker: str
    verhaal: str
    nummer: int
    gepland: datetime
    geantwoord: datetime
    versie: int = 1
    verschoven: bool = False
    inloop: bool = False
    telefoon_van: int | None = None

    @property
    def start(self) -> datetime:
        """The beginning; of one that is yet to be moved, its first time."""
        return days.moment(days.after(self.dag, 1) if self.verschoven else self.dag, self.tijd)

    @property
    def client(self) -> Persoon:
        """Who comes."""
        return person(self.nummer)

    def gegevens(self) -> Afspraakgegevens:
        """As delivered."""
        naam, adres, ruimte = _PLAATS[self.team]
        home_visit = self.team == "wmo" and self.nummer % 6 == 1
        reachable = self.verhaal != "onbereikbaar" and not self.inloop
        shared = person(self.telefoon_van) if self.telefoon_van is not None else self.client
        with_sms = reachable and (self.nummer % 4 != 3 or self.verhaal in BY_SMS)
        with_email = reachable and self.verhaal not in BY_SMS and (self.nummer % 4 != 1)
        return Afspraakgegevens(
            bron=BRON,
            extern_id=self.extern_id,
            externe_versie=self.versie,
            start_op=self.start,
            eind_op=self.start + timedelta(minutes=45 if self.team == "wmo" else 30),
            onderwerp="gesprek met de gemeente",
            team=self.team,
            vorm="huisbezoek" if home_visit else "balie",
            locatie_naam="" if home_visit else naam,
            locatie_adres="" if home_visit else adres,
            locatie_ruimte="" if home_visit else ruimte,
            client=Clientgegevens(
                naam=self.client.naam,
                mobiel=shared.mobiel if with_sms else "",
                email=self.client.email if with_email else "",
                taal="en" if self.verhaal == "engels" else "nl",
            ),
            medewerker=Medewerkergegevens(naam=self.medewerker) if self.medewerker else None,
            inloop=self.inloop,
        )


BY_SMS = frozenset(
    {"ja_sms", "nee_sms", "weet_niet", "bedacht", "regels_gelezen", "onduidelijk", "gestopt", "tekent_niet",
     "andere_medewerker"}
)  # fmt: skip
"""Stories in which the client answers by SMS, so has a phone and no e-mail address."""
