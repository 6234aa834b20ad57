"""Who there is in the demo: two teams, five accounts, five medewerkers, and clients with the names of a city."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.utils.text import slugify

from afspraken.flow import beheer
from afspraken.flow.beheer import Accountgegevens, Hulp
from afspraken.flow.log import Actor
from afspraken.models import Gebruiker, Medewerker, Rol, Team

DEMO = Actor(soort="systeem", id="demo")


@dataclass(frozen=True, kw_only=True)
class Login:
    """One account of the demo and the medewerker behind it; ``alias`` is how a planning system may spell the name."""

    username: str
    voornaam: str
    achternaam: str
    rol: Rol
    teams: tuple[str, ...]
    medewerker: str = ""
    alias: str = ""


BEIDE = ("wmo", "werk-en-inkomen")
LOGINS = (
    Login(
        username="medewerker1",
        voornaam="Bas",
        achternaam="de Boer",
        rol=Rol.MEDEWERKER,
        teams=("wmo",),
        medewerker="B. de Boer",
        alias="Boer, B. de",
    ),
    Login(
        username="medewerker2",
        voornaam="Saskia",
        achternaam="Peters",
        rol=Rol.MEDEWERKER,
        teams=("werk-en-inkomen",),
        medewerker="S. Peters",
        alias="Peters, S.",
    ),
    Login(
        username="coordinator1",
        voornaam="Ceren",
        achternaam="Aydin",
        rol=Rol.COORDINATOR,
        teams=BEIDE,
        medewerker="C. Aydin",
        alias="Aydin, C.",
    ),
    Login(
        username="coordinator2",
        voornaam="Lotte",
        achternaam="Gerrits",
        rol=Rol.COORDINATOR,
        teams=BEIDE,
        medewerker="L. Gerrits",
        alias="Gerrits, L.",
    ),
    Login(
        username="beheerder",
        voornaam="Mark",
        achternaam="van Dijk",
        rol=Rol.BEHEERDER,
        teams=BEIDE,
        medewerker="M. van Dijk",
        alias="Dijk, M. van",
    ),
)
_TEAMS = {
    "wmo": (
        "Team Wmo",
        Hulp(
            telefoon="14 012",
            loket="Balie Wmo, Markt 1",
            clientondersteuning="Wilt u hulp bij dit gesprek? Een cliëntondersteuner helpt u gratis. Bel 14 012.",
        ),
    ),
    "werk-en-inkomen": (
        "Team Werk en inkomen",
        Hulp(telefoon="14 012", loket="Werkplein, Stationsplein 3", clientondersteuning=""),
    ),
}
# Words a person can type from a piece of paper; four of 40 make 21 bits, enough for data that is made up and a
# server that listens on this machine alone.
_WOORDEN = (
    "appel brug citroen dijk eend fiets gracht haven ijs jas kaas lamp molen noot oever peer regen sneeuw tulp "
    "veer wind zeil anker boot deur gans hert kano linde merel otter park roos snoek tarwe uil vlinder wilg zwaan beuk"
).split()


def password_file() -> Path:
    """Where the password of this machine's demo stands."""
    return Path(settings.VAR_DIR) / "demo" / "wachtwoord"


def password() -> tuple[str, bool]:
    """The password of all demo accounts on this machine, and whether it was made just now."""
    file = password_file()
    if file.is_file() and (known := file.read_text(encoding="utf-8").strip()):
        return known, False
    made = "-".join(secrets.choice(_WOORDEN) for _ in range(4))
    file.parent.mkdir(parents=True, exist_ok=True)
    file.touch(mode=0o600)
    file.write_text(made + "\n", encoding="utf-8")
    return made, True


def make_people(*, now: datetime) -> str:
    """Make teams, accounts and medewerkers that are not there yet; returns the password."""
    wachtwoord, fresh = password()
    teams = {code: _team(code, now=now) for code in _TEAMS}
    for login in LOGINS:
        account = _account(login, teams, wachtwoord, fresh=fresh, now=now)
        _medewerker(login, account, teams, now=now)
    return wachtwoord


def _team(code: str, *, now: datetime) -> Team:
    team = Team.objects.filter(code=code).first()
    if team is None:
        naam, hulp = _TEAMS[code]
        team = beheer.maak_team(code=code, naam=naam, actor=DEMO, now=now)
        beheer.wijzig_hulp(team_id=team.pk, hulp=hulp, actor=DEMO, now=now)
    return team


def _account(login: Login, teams: dict[str, Team], wachtwoord: str, *, fresh: bool, now: datetime) -> Gebruiker:
    account = Gebruiker.objects.filter(username=login.username).first()
    made = account is None
    if account is None:
        gegevens = Accountgegevens(
            voornaam=login.voornaam,
            achternaam=login.achternaam,
            email=f"{login.username}@gemeente.example",
            rol=login.rol.value,
            teams=frozenset(teams[code].pk for code in login.teams),
        )
        account = beheer.maak_account(username=login.username, gegevens=gegevens, actor=DEMO, now=now)
    if made or fresh:
        account.set_password(wachtwoord)
        account.save(update_fields=("password",))
    return account


def _medewerker(login: Login, account: Gebruiker, teams: dict[str, Team], *, now: datetime) -> None:
    if not login.medewerker or Medewerker.objects.filter(naam=login.medewerker).exists():
        return
    row = beheer.bewaar_medewerker(
        medewerker_id=None,
        naam=login.medewerker,
        gebruiker_id=account.pk,
        teams=frozenset(teams[code].pk for code in login.teams),
        actor=DEMO,
        now=now,
    )
    beheer.voeg_alias_toe(medewerker_id=row.pk, sleutel=beheer.alias_sleutel(naam=login.alias), actor=DEMO, now=now)


# Letters that do not come apart into one of ours and a mark.
_ASCII = str.maketrans({"Ł": "L", "ı": "i"})
_VOORLETTERS = "A. B. C. D. E. F. G. H. J. K. L. M. N. P. R. S. T. V. W. Z.".split()
_ACHTERNAMEN = (
    "Jansen",
    "El Amrani",
    "de Groot",
    "Yılmaz",
    "van den Berg",
    "Kowalska",
    "Bakker",
    "Tesfay",
    "Visser-Smit",
    "Shevchenko",
    "in 't Veld",
    "Öztürk",
    "Pietersen",
    "Abdullahi",
    "Müller",
    "d'Haene",
    "Hoekstra",
    "Łukasiewicz",
    "Ngo",
    "van 't Hof",
    "Mulder",
    "Haddad",
    "Coenen",
)


@dataclass(frozen=True, kw_only=True)
class Persoon:
    """A made-up client: the same for the same number."""

    naam: str
    mobiel: str
    email: str


def person(number: int) -> Persoon:
    """The client with this number. A number may be somebody's: the demo refuses to start beside a real provider."""
    letter = _VOORLETTERS[number * 7 % len(_VOORLETTERS)]
    name = _ACHTERNAMEN[number % len(_ACHTERNAMEN)]
    mailbox = slugify(f"{letter[0]} {name.translate(_ASCII)}").replace("-", ".")
    return Persoon(
        naam=f"{letter} {name}",
        mobiel=f"+3161{number % 10_000_000:07d}",
        email=f"{mailbox}{number % 1000}@example.nl",
    )
