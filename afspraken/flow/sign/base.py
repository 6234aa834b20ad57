"""What opening, signing and ending share: the lock, the content as it should be now, the refusal."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from afspraken.domain import formulier as regels
from afspraken.domain.formulier import Bezwaar, Blad, Gesprek, Inhoud, Opname, Stand
from afspraken.domain.lifecycle import Status
from afspraken.domain.voornemen import Antwoord, Doel, Kanaal
from afspraken.flow import berichten, log
from afspraken.flow.berichten.agenda import plaats
from afspraken.models import Afspraak, Formulier, FormulierStatus, Voornemen


class TekenenNietMogelijk(Exception):
    """This can't be done with the form now; nothing is written.

    ``reden`` is a code ("veranderd", "al_getekend", "client_eerst", "toestemming_open", ...); ``melding`` says in
    plain Dutch what is the matter and what can be done.
    """

    def __init__(self, reden: str, melding: str) -> None:
        super().__init__(reden)
        self.reden = reden
        self.melding = melding


VERANDERD = "Het formulier is veranderd nadat u het opende. Lees het nog een keer. Daarna kunt u tekenen."


def lock_afspraak(afspraak_id: int) -> Afspraak:
    """The appointment, locked: everything about its forms happens one after the other."""
    return (
        Afspraak.objects.select_for_update(of=("self",))
        .select_related("team", "client", "medewerker")
        .get(pk=afspraak_id)
    )


def lock_formulier(formulier_id: int) -> tuple[Afspraak, Formulier]:
    """A form and its locked appointment; the form is read after the lock."""
    afspraak_id = Formulier.objects.values_list("afspraak_id", flat=True).get(pk=formulier_id)
    afspraak = lock_afspraak(afspraak_id)
    return afspraak, Formulier.objects.defer("pdf").get(pk=formulier_id)


def newest(afspraak_id: int) -> Formulier | None:
    """The form of an appointment that counts."""
    return (
        Formulier.objects.defer("pdf")
        .filter(afspraak_id=afspraak_id)
        .exclude(status=FormulierStatus.VERVALLEN.value)
        .order_by("-versie")
        .first()
    )


def stand_of(formulier: Formulier) -> Stand:
    """The status as the enum the rules speak."""
    return Stand(formulier.status)


def content_now(afspraak: Afspraak, *, versie: int) -> Inhoud:
    """What a fresh form would hold at this moment."""
    sheet = berichten.geldende_spelregels(afspraak.team_id)
    if sheet is None:
        raise TekenenNietMogelijk(
            "geen_spelregels", "Er zijn nog geen spelregels gepubliceerd. Vraag de coördinator om dat te doen."
        )
    return regels.prefill(
        versie=versie,
        gemeente=settings.GEMEENTE_NAAM,
        gesprek=Gesprek(
            start_op=afspraak.start_op.replace(microsecond=0),
            client_naam=afspraak.client.naam,
            medewerker_naam=afspraak.medewerker.naam if afspraak.medewerker else "",
            vorm=afspraak.vorm,
            plaats=plaats(afspraak, "nl"),
        ),
        opname=opname_of(berichten.huidig_voornemen(afspraak.pk)),
        spelregels=Blad(versie=sheet.nummer, vingerafdruk=sheet.vingerafdruk, tekst=sheet.tekst),
    )


def opname_of(voornemen: Voornemen | None) -> Opname:
    """An answer as it stands on the form."""
    if voornemen is None:
        return Opname()
    return Opname(
        antwoord=Antwoord(voornemen.antwoord),
        soorten=voornemen.soorten_set,
        doel=Doel(voornemen.doel) if voornemen.doel else None,
        toelichting=voornemen.toelichting,
        kanaal=Kanaal(voornemen.kanaal),
        volgnummer=voornemen.volgnummer,
    )


def refuse(bezwaar: Bezwaar | None) -> None:
    """Raise the objection, if there is one."""
    if bezwaar is not None:
        raise TekenenNietMogelijk(bezwaar.reden, bezwaar.melding)


def refuse_if_over(afspraak: Afspraak) -> None:
    """A cancelled appointment, or one nobody came to, has no form to work on."""
    if afspraak.staat is Status.GEANNULEERD:
        raise TekenenNietMogelijk("geannuleerd", "Deze afspraak is geannuleerd. Er is geen formulier nodig.")
    if afspraak.staat is Status.NIET_VERSCHENEN:
        raise TekenenNietMogelijk(
            "niet_verschenen",
            "Bij deze afspraak staat dat de cliënt niet is gekomen. Kwam de cliënt toch? "
            "Zet de afspraak dan eerst op afgerond.",
        )


def refuse_if_stale(formulier: Formulier, inhoud_hash: str) -> None:
    """Someone signs or changes what they had on their screen: it must be what is kept here."""
    if inhoud_hash != formulier.inhoud_hash:
        raise TekenenNietMogelijk("veranderd", VERANDERD)


def put_content(formulier: Formulier, inhoud: Inhoud) -> None:
    """Set content, hash and the columns drawn from it. The caller saves."""
    formulier.inhoud = inhoud.as_dict()
    formulier.inhoud_hash = regels.content_hash(formulier.inhoud)
    formulier.toestemming = inhoud.toestemming.value
    formulier.voorwaarden = inhoud.voorwaarden


CONTENT_FIELDS = ("inhoud", "inhoud_hash", "toestemming", "voorwaarden", "spelregels")


def write_log(
    actie: str, formulier: Formulier, afspraak: Afspraak, actor: log.Actor, now: datetime, **meer: object
) -> None:
    """One line about a form: which version, never what stands on it."""
    log.write(
        actie=actie,
        object_soort="formulier",
        object_id=formulier.pk,
        actor=actor,
        now=now,
        team_id=afspraak.team_id,
        details={"versie": formulier.versie, **meer},
    )
