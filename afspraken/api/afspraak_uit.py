"""An appointment as we give it back: with what the client let us know, what was sent, and the form."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, PlainSerializer, WithJsonSchema
from pydantic.alias_generators import to_camel

from afspraken.api.problems import veldnaam
from afspraken.domain.gegevens import VORMEN
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
_SOORT = "Soort bericht, zoals `uitnodiging`, `herinnering` of `verplaatst`."
_GEPLAND = "Wanneer het bericht weg mag."
_BRON = "Naam van uw systeem."
_EXTERN_ID = "Nummer van de afspraak in uw systeem."
_VORM = f"Hoe het gesprek is: {', '.join(f'`{vorm}`' for vorm in VORMEN)}."


class _Uit(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, use_enum_values=True)


class LocatieUit(_Uit):
    """Waar het gesprek is."""

    naam: str = Field(description="Naam van de plek; leeg als wij die niet hebben.")
    adres: str = Field(description="Straat en huisnummer; leeg als wij die niet hebben.")
    ruimte: str = Field(description="Kamer of balie; leeg als wij die niet hebben.")


class ClientUit(_Uit):
    """De cliënt."""

    naam: str = Field(description="Naam van de cliënt.")
    mobiel: str | None = Field(description="Mobiel nummer in E.164, zoals +31612345678.")
    email: str | None = Field(description="E-mailadres van de cliënt.")
    taal: str = Field(description="Taal van de berichten (BCP 47).")
    extern_id: str | None = Field(description="Uw eigen nummer van deze cliënt.")
    bereikbaar_via: list[Kanaalnaam] = Field(description="Kanalen waarlangs wij de cliënt bereiken.")


class MedewerkerUit(_Uit):
    """Met wie het gesprek is."""

    naam: str = Field(description="Naam van de medewerker.")


class VoornemenUit(_Uit):
    """Wat de cliënt heeft laten weten. Laten weten is een kwestie van fatsoen: er valt niets te beslissen."""

    antwoord: Antwoord
    soorten: list[Soort]
    doel: Doel | None
    toelichting: str | None = Field(description="Eigen woorden van de cliënt bij het doel.")
    kanaal: Kanaal
    taal: str = Field(description="Taal waarin de cliënt antwoordde (BCP 47).")
    ontvangen_op: Moment = Field(description="Wanneer het antwoord bij ons kwam.")
    voor_oude_tijd: bool = Field(description="De afspraak is verplaatst nadat de cliënt dit liet weten.")
    delen_met_anderen: bool = Field(
        description="Spelregel 3: voor delen buiten de privékring is toestemming van de medewerker nodig."
    )
    gezien_op: Moment | None = Field(description="Wanneer een medewerker dit las.")


class BerichtUit(_Uit):
    """Een bericht aan de cliënt en hoe het daarmee staat."""

    soort: str = Field(description=_SOORT)
    kanaal: Kanaalnaam = Field(description="Hoe het bericht gaat.")
    status: BerichtStatus = Field(
        description="Hoe het ermee staat. `onzeker`: wij weten niet of het weg is. `ingehaald`: er kwam een nieuwer "
        "bericht voor in de plaats."
    )
    adres: str | None = Field(description="Nummer of e-mailadres, deels afgedekt.")
    gepland_op: Moment = Field(description=_GEPLAND)
    verstuurd_op: Moment | None = Field(description="Wanneer het is verstuurd.")
    afgeleverd_op: Moment | None = Field(description="Wanneer het aankwam.")
    reden: str | None = Field(description="Bij een bericht dat niet aankwam: wat er mis is en wat u kunt doen.")


class HandtekeningUit(_Uit):
    """Een handtekening onder het formulier."""

    rol: Rolnaam
    wijze: Wijze
    getekend_op: Moment = Field(description="Wanneer er is getekend.")


class FormulierUit(_Uit):
    """Het formulier van het gesprek."""

    versie: int = Field(description="Volgnummer van het formulier bij deze afspraak.")
    status: FormulierStatus
    toestemming: Toestemming = Field(description="Van de medewerker, voor delen (spelregel 3).")
    handtekeningen: list[HandtekeningUit] = Field(description="Wie er al tekenden.")
    afgesloten_op: Moment | None = Field(description="Wanneer het formulier klaar was.")


class AfspraakUit(_Uit):
    """Een afspraak met alles wat erbij hoort."""

    bron: str = Field(description=_BRON)
    extern_id: str = Field(description=_EXTERN_ID)
    externe_versie: int | None = Field(description="De versie die wij hebben.")
    status: Status
    start: Moment = Field(description="Begin, in UTC.")
    eind: Moment = Field(description="Einde, in UTC.", examples=["2026-12-03T09:45:00Z"])
    vorige_start: Moment | None = Field(description="Het begin voor de laatste verplaatsing.")
    onderwerp: str = Field(description="Neutrale omschrijving.")
    team: str = Field(description="Code van het team.")
    vorm: str = Field(description=_VORM)
    locatie: LocatieUit
    client: ClientUit
    medewerker: MedewerkerUit | None
    voornemen: VoornemenUit | None
    berichten: list[BerichtUit] = Field(description="De berichten aan de cliënt over deze afspraak.")
    formulier: FormulierUit | None


class GeplandBericht(_Uit):
    """Een bericht dat klaarstaat."""

    soort: str = Field(description=_SOORT)
    kanaal: Kanaalnaam = Field(description="Hoe het bericht gaat.")
    gepland_op: Moment = Field(description=_GEPLAND)


class ResultaatUit(_Uit):
    """Wat er met de afspraak is gebeurd."""

    bron: str = Field(description=_BRON)
    extern_id: str = Field(description=_EXTERN_ID)
    uitkomst: Uitkomst
    wijzigingen: list[str] = Field(description="Velden die veranderden, zoals `client.mobiel`.")
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
