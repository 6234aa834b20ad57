"""The kinds of message and the placeholders that each may hold."""

from __future__ import annotations

from django.conf import settings

from afspraken.flow.berichten.wording import DEFAULTS, EMAIL, SMS
from notifications import api as post


def _field(name: str, label: str, sample: str, longest: str = "") -> post.Placeholder:
    return post.Placeholder(name=name, label=label, sample=sample, longest=longest or sample)


_LINK_SAMPLE = "/v/Vb3kT9dQ2mLx7RzP5wYc8nHs4jFg6aKe"

_KEUZES = "1: do 3 dec 10.00, 2: vr 4 dec 13.15"
_SAMPLE_REGELS = "1. Dit is regel een.\n\n2. Dit is regel twee."


def _placeholders() -> dict[str, post.Placeholder]:
    return {field.name: field for field in (*_about_the_meeting(), *_about_the_answer())}


def _about_the_meeting() -> tuple[post.Placeholder, ...]:
    return (
        _field("gemeente", "naam van de gemeente", settings.GEMEENTE_NAAM),
        _field("team", "naam van het team", "Team Zorg en ondersteuning"),
        _field("naam", "naam van de cliënt", "A. Jansen", "Mohammed van den Berg-El Idrissi"),
        _field("dag", "dag van het gesprek", "donderdag 3 december", "donderdag 24 september"),
        _field("tijd", "begintijd", "10.00"),
        _field(
            "locatie",
            "plaats van het gesprek",
            "Stadhuis, Markt 1",
            "Wijkteam Noord, Noorderlaan 12",
        ),
        _field(
            "oude_dag",
            "dag waarop het gesprek eerst was",
            "woensdag 2 december",
            "donderdag 24 september",
        ),
        _field("oude_tijd", "begintijd die het gesprek eerst had", "09.00"),
        _field("link", "pagina van de cliënt", f"{settings.PUBLIC_URL}{_LINK_SAMPLE}"),
        _field("ja", "het woord JA, met code als dat nodig is", "JA", "JA 7K"),
        _field("nee", "het woord NEE, met code als dat nodig is", "NEE", "NEE 7K"),
        _field(
            "weet_niet",
            "de woorden WEET NIET, met code als dat nodig is",
            "WEET NIET",
            "WEET NIET 7K",
        ),
        _field("hulp", "waar de cliënt hulp krijgt", f"Hulp: bel {settings.GEMEENTE_TELEFOON}."),
        _field(
            "clientondersteuning",
            "tekst over gratis hulp bij het gesprek (Wmo); leeg bij andere teams",
            "U kunt gratis hulp krijgen van een onafhankelijke cliëntondersteuner.",
        ),
    )


def _about_the_answer() -> tuple[post.Placeholder, ...]:
    return (
        _field("spelregels", "de spelregels, volledig en letterlijk", _SAMPLE_REGELS),
        _field("spelregels_kort", "de spelregels in gewone taal", "U mag het gesprek opnemen."),
        _field(
            "antwoord",
            "het antwoord in een paar woorden",
            "u wilt opnemen",
            "u weet nog niet of u wilt opnemen",
        ),
        _field(
            "antwoord_volledig",
            "het antwoord met soort en doel",
            "U wilt opnemen: geluid. Doel: thuis naluisteren.",
        ),
        _field(
            "antwoord_zin",
            "zin over het antwoord dat blijft staan",
            "Uw antwoord blijft staan.",
        ),
        _field(
            "vervolg",
            "vraag naar het doel, als dat nog niet bekend is",
            "Waarvoor? U mag dat antwoorden, het hoeft niet.",
        ),
        _field("medewerker_zin", "zin met de naam van de medewerker, als het team dat wil", ""),
        _field("keuzes", "genummerde lijst van gesprekken", _KEUZES, _KEUZES + ", 3: ma 7 dec 09.30"),
    )


_BASIS = ("gemeente", "team", "dag", "tijd", "locatie", "link", "hulp")
_WOORDEN = ("ja", "nee", "weet_niet")
_MAIL = ("naam", "clientondersteuning")

_FIELDS: dict[str, tuple[str, ...]] = {
    "uitnodiging": (*_BASIS, *_WOORDEN, *_MAIL, "spelregels", "spelregels_kort", "medewerker_zin"),
    "herinnering": (*_BASIS, *_WOORDEN, *_MAIL, "spelregels", "spelregels_kort", "medewerker_zin"),
    "ontvangstbevestiging": (*_BASIS, *_MAIL, "antwoord", "antwoord_volledig", "vervolg"),
    "verplaatst": (*_BASIS, *_WOORDEN, *_MAIL, "oude_dag", "oude_tijd", "antwoord_zin"),
    "andere_medewerker": (*_BASIS, *_WOORDEN, *_MAIL, "antwoord_zin", "medewerker_zin"),
    "geannuleerd": ("gemeente", "team", "dag", "tijd", "hulp", *_MAIL),
    "onduidelijk": (*_BASIS, *_WOORDEN),
    "kopie_formulier": (*_BASIS, *_MAIL),
    "regels": ("gemeente", "spelregels_kort", "hulp"),
    "hulp": ("gemeente", "hulp"),
    "welke_afspraak": ("gemeente", "keuzes", "hulp"),
    "geen_afspraak": ("gemeente", "hulp"),
    "niet_meer": ("gemeente", "hulp"),
    "doorgegeven": ("gemeente", "hulp"),
    "gestopt": ("gemeente", "hulp"),
    "weer_aan": ("gemeente", "hulp"),
}
_LABELS: dict[str, str] = {
    "uitnodiging": "uitnodiging",
    "herinnering": "herinnering",
    "ontvangstbevestiging": "ontvangstbevestiging",
    "verplaatst": "gesprek verplaatst",
    "andere_medewerker": "andere medewerker",
    "geannuleerd": "gesprek geannuleerd",
    "onduidelijk": "onduidelijk antwoord",
    "kopie_formulier": "kopie van het formulier",
    "regels": "de regels per sms",
    "hulp": "hulp per sms",
    "welke_afspraak": "vraag over welk gesprek het gaat",
    "geen_afspraak": "geen gesprek gevonden",
    "niet_meer": "veranderen per sms kan niet meer",
    "doorgegeven": "een medewerker leest de sms",
    "gestopt": "gestopt met sms",
    "weer_aan": "weer begonnen met sms",
}
# Awb 2:1: every message names where a person can get help.
_REQUIRED: dict[str, dict[post.Channel, frozenset[str]]] = {
    "uitnodiging": {
        SMS: frozenset({"dag", "tijd", "hulp"}),
        EMAIL: frozenset({"dag", "tijd", "link", "spelregels", "hulp", "clientondersteuning"}),
    },
    "welke_afspraak": {SMS: frozenset({"keuzes", "hulp"})},
    "regels": {SMS: frozenset({"spelregels_kort"})},
}


def build() -> tuple[post.Kind, ...]:
    """All kinds, as the post room registers them; called once the settings are read."""
    known = _placeholders()
    kinds = []
    for name, names in _FIELDS.items():
        channels = tuple(channel for channel in (SMS, EMAIL) if (channel, "nl") in DEFAULTS[name])
        kinds.append(
            post.Kind(
                name=name,
                label=_LABELS[name],
                placeholders=tuple(known[field] for field in names),
                channels=channels,
                required=_REQUIRED.get(name, {channel: frozenset({"hulp"}) for channel in channels}),
                defaults=DEFAULTS[name],
                answerable=name in ("uitnodiging", "herinnering", "onduidelijk", "welke_afspraak"),
                max_segments=4 if name == "regels" else 2,
                after_opt_out=name == "gestopt",
            )
        )
    return tuple(kinds)
