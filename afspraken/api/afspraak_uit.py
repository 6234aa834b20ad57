"""An appointment as we give it back: with what the client let us know, what was sent, and the form."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, WithJsonSchema
from pydantic.alias_generators import to_camel

from afspraken.api.problems import veldnaam
from afspraken.domain.lifecycle import Status
from afspraken.domain.voornemen import Antwoord, Doel, Kanaal, Soort, given_for_old_time, needs_toestemming
from afspraken.flow import berichten
from afspraken.flow.plan import Planresultaat, Uitkomst
from afspraken.models import Afspraak, Formulier, FormulierStatus, Gezien, Rolnaam, Toestemming, Wijze
from notifications import api as post


def _utc(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds").replace("+00:00", "Z")


Moment = Annotated[
    datetime,
    PlainSerializer(_utc, return_type=str),
    WithJsonSchema({"type": "string", "format": "date-time", "examples": ["2026-12-03T09:00:00Z"]}),
]

BerichtStatus = Literal[
    "wacht",
    "wordt_verstuurd",
    "verstuurd",
    "afgeleverd",
    "niet_afgeleverd",
    "mislukt",
    "onzeker",
    "verlopen",
    "ingehaald",
]

BERICHT_STATUS: dict[post.Status, BerichtStatus] = {
    post.Status.QUEUED: "wacht",
    post.Status.SENDING: "wordt_verstuurd",
    post.Status.ACCEPTED: "verstuurd",
    post.Status.DELIVERED: "afgeleverd",
    post.Status.UNDELIVERED: "niet_afgeleverd",
    post.Status.FAILED: "mislukt",
    post.Status.UNKNOWN: "onzeker",
    post.Status.EXPIRED: "verlopen",
    post.Status.SUPERSEDED: "ingehaald",
}
Kanaalnaam = Literal["sms", "email"]


class _Uit(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, use_enum_values=True)


class LocatieUit(_Uit):
    """Waar het gesprek is."""

    naam: str
    adres: str
    ruimte: str


class ClientUit(_Uit):
    """De cliënt."""

    naam: str
    mobiel: str | None = Field(description="E.164, zoals +31612345678.")
    email: str | None
    taal: str
    extern_id: str | None
    bereikbaar_via: list[Kanaalnaam]


class MedewerkerUit(_Uit):
    """Met wie het gesprek is."""

    naam: str


class VoornemenUit(_Uit):
    """Wat de cliënt heeft laten weten. Laten weten is een kwestie van fatsoen: er valt niets te beslissen."""

    antwoord: Antwoord
    soorten: list[Soort]
    doel: Doel | None
    toelichting: str | None
    kanaal: Kanaal
    taal: str
    ontvangen_op: Moment
    voor_oude_tijd: bool = Field(description="De afspraak is verplaatst nadat de cliënt dit liet weten.")
    delen_met_anderen: bool = Field(
        description="Spelregel 3: voor delen buiten de privékring is toestemming van de medewerker nodig."
    )
    gezien_op: Moment | None = Field(description="Wanneer een medewerker dit las.")


class BerichtUit(_Uit):
    """Een bericht aan de cliënt en hoe het daarmee staat."""

    soort: str
    kanaal: Kanaalnaam
    status: BerichtStatus
    adres: str | None = Field(description="Deels afgedekt.")
    gepland_op: Moment
    verstuurd_op: Moment | None
    afgeleverd_op: Moment | None
    reden: str | None = Field(description="Bij een bericht dat niet aankwam: wat er mis is en wat u kunt doen.")


class HandtekeningUit(_Uit):
    """Een handtekening onder het formulier."""

    rol: Rolnaam
    wijze: Wijze
    getekend_op: Moment


class FormulierUit(_Uit):
    """Het formulier van het gesprek."""

    versie: int
    status: FormulierStatus
    toestemming: Toestemming = Field(description="Van de medewerker, voor delen (spelregel 3).")
    handtekeningen: list[HandtekeningUit]
    afgesloten_op: Moment | None


class AfspraakUit(_Uit):
    """Een afspraak met alles wat erbij hoort."""

    bron: str
    extern_id: str
    externe_versie: int | None
    status: Status
    start: Moment
    eind: Moment
    vorige_start: Moment | None = Field(description="Het begin voor de laatste verplaatsing.")
    onderwerp: str
    team: str
    vorm: str
    locatie: LocatieUit
    client: ClientUit
    medewerker: MedewerkerUit | None
    voornemen: VoornemenUit | None
    berichten: list[BerichtUit]
    formulier: FormulierUit | None


class GeplandBericht(_Uit):
    """Een bericht dat klaarstaat."""

    soort: str
    kanaal: Kanaalnaam
    gepland_op: Moment


class ResultaatUit(_Uit):
    """Wat er met de afspraak is gebeurd."""

    bron: str
    extern_id: str
    uitkomst: Uitkomst
    wijzigingen: list[str] = Field(description="Velden die veranderden.")
    berichten: list[GeplandBericht] = Field(description="Berichten die nu klaarstaan voor de cliënt.")
    weggelaten: list[str] = Field(description="Plekken in uw bericht waar een BSN stond; dat bewaren wij niet.")


def describe(afspraak: Afspraak) -> AfspraakUit:
    """The whole appointment. The row comes with team, client and medewerker."""
    client = afspraak.client
    via: list[Kanaalnaam] = []
    if client.via_sms:
        via.append("sms")
    if client.via_email:
        via.append("email")
    return AfspraakUit(
        bron=afspraak.bron,
        extern_id=afspraak.extern_id,
        externe_versie=afspraak.externe_versie,
        status=afspraak.staat,
        start=afspraak.start_op,
        eind=afspraak.eind_op,
        vorige_start=afspraak.vorige_start_op,
        onderwerp=afspraak.onderwerp,
        team=afspraak.team.code,
        vorm=afspraak.vorm,
        locatie=LocatieUit(naam=afspraak.locatie_naam, adres=afspraak.locatie_adres, ruimte=afspraak.locatie_ruimte),
        client=ClientUit(
            naam=client.naam,
            mobiel=client.mobiel or None,
            email=client.email or None,
            taal=client.taal,
            extern_id=client.extern_id or None,
            bereikbaar_via=via,
        ),
        medewerker=MedewerkerUit(naam=afspraak.medewerker.naam) if afspraak.medewerker else None,
        voornemen=_voornemen(afspraak),
        berichten=_berichten(afspraak),
        formulier=_formulier(afspraak),
    )


def _voornemen(afspraak: Afspraak) -> VoornemenUit | None:
    row = berichten.huidig_voornemen(afspraak.pk)
    if row is None:
        return None
    antwoord, doel = Antwoord(row.antwoord), Doel(row.doel) if row.doel else None
    gezien = Gezien.objects.filter(voornemen_id=row.pk).first()
    return VoornemenUit(
        antwoord=antwoord,
        soorten=[soort for soort in Soort if soort in row.soorten_set],
        doel=doel,
        toelichting=row.toelichting or None,
        kanaal=Kanaal(row.kanaal),
        taal=row.taal,
        ontvangen_op=row.ontvangen_op,
        voor_oude_tijd=given_for_old_time(gegeven_voor=row.gegeven_voor_op, start_op=afspraak.start_op),
        delen_met_anderen=needs_toestemming(antwoord, doel),
        gezien_op=gezien.gezien_op if gezien else None,
    )


def _berichten(afspraak: Afspraak) -> list[BerichtUit]:
    subject = afspraak.onderwerp_sleutel
    return [
        BerichtUit(
            soort=message.kind,
            kanaal=message.channel.value,
            status=BERICHT_STATUS[message.status],
            adres=message.masked_address or None,
            gepland_op=message.due_at,
            verstuurd_op=message.accepted_at,
            afgeleverd_op=message.delivered_at,
            reden=" ".join(filter(None, (message.reason_text, message.advice_text))) or None,
        )
        for message in post.statuses_for([subject])[subject]
    ]


def _formulier(afspraak: Afspraak) -> FormulierUit | None:
    row = (
        Formulier.objects.filter(afspraak_id=afspraak.pk)
        .exclude(status=FormulierStatus.VERVALLEN.value)
        .defer("pdf")
        .order_by("-versie")
        .first()
    )
    if row is None:
        return None
    return FormulierUit(
        versie=row.versie,
        status=FormulierStatus(row.status),
        toestemming=Toestemming(row.toestemming),
        handtekeningen=[
            HandtekeningUit(rol=Rolnaam(each.rol), wijze=Wijze(each.wijze), getekend_op=each.getekend_op)
            for each in row.handtekeningen.order_by("getekend_op")
        ],
        afgesloten_op=row.afgesloten_op,
    )


def describe_result(result: Planresultaat, *, bron: str, extern_id: str, weggelaten: list[str]) -> ResultaatUit:
    """The outcome of a delivery. Nothing about the client in it: writing does not imply reading."""
    return ResultaatUit(
        bron=bron,
        extern_id=extern_id,
        uitkomst=result.uitkomst,
        wijzigingen=[veldnaam(each) for each in result.wijzigingen],
        berichten=[
            GeplandBericht(soort=each.kind, kanaal=each.channel.value, gepland_op=each.due_at)
            for each in result.berichten
        ],
        weggelaten=weggelaten,
    )
