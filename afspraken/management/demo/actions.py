"""Everything that people and the planning system do in the demo, each through the door that they would use."""

from __future__ import annotations

import math
from datetime import datetime

from django.conf import settings
from django.utils import timezone

from afspraken.domain.formulier import Inhoud
from afspraken.domain.lifecycle import OPEN_STATES
from afspraken.domain.voornemen import Antwoord, Antwoordgegevens, Doel, Kanaal, Soort
from afspraken.flow import answer, log, plan, sign
from afspraken.flow.log import Actor
from afspraken.management.demo.gesprek import BRON, Gesprek
from afspraken.models import Afspraak, Formulier, Gebruiker, Voornemen
from notifications import api as post

PLANNING = Actor(soort="api", id="demo")


def krabbel(seed: int) -> list[list[list[int]]]:
    """A drawn signature: a wave that differs per person."""
    wave = [
        [40 + 4 * step, round(80 + 40 * math.sin(step / (3 + seed % 4)) * math.cos(step / 17))] for step in range(110)
    ]
    return [wave, [[60, 130], [470, 118]]]


class Acties:
    """What can happen; every method acts at the time the clock shows."""

    def __init__(self) -> None:
        self._accounts = {
            account.medewerker.naam: account
            for account in Gebruiker.objects.select_related("medewerker").filter(medewerker__isnull=False)
        }

    @staticmethod
    def _now() -> datetime:
        return timezone.now()

    def _afspraak(self, g: Gesprek) -> Afspraak:
        return Afspraak.objects.select_related("client", "medewerker__gebruiker").get(bron=BRON, extern_id=g.extern_id)

    def _account(self, g: Gesprek) -> Gebruiker:
        row = self._afspraak(g).medewerker
        return self._accounts[row.naam if row is not None and row.naam in self._accounts else "B. de Boer"]

    @staticmethod
    def _actor(account: Gebruiker) -> Actor:
        return Actor(soort="gebruiker", id=account.username, gebruiker_id=account.pk)

    # --- The planning system ---

    def plan(self, g: Gesprek) -> None:
        """Plan or change."""
        plan.plan_afspraak(gegevens=g.gegevens(), actor=PLANNING, now=self._now())

    def cancel(self, g: Gesprek) -> None:
        """It does not go on."""
        plan.annuleer_afspraak(
            bron=BRON, extern_id=g.extern_id, externe_versie=g.versie + 1, actor=PLANNING, now=self._now()
        )

    # --- The client ---

    def web(
        self, g: Gesprek, antwoord: Antwoord, soorten: frozenset[Soort], doel: Doel | None, toelichting: str, taal: str
    ) -> None:
        """Let us know on the page."""
        answer.record_antwoord(
            afspraak_id=self._afspraak(g).pk,
            gegevens=Antwoordgegevens(antwoord=antwoord, soorten=soorten, doel=doel, toelichting=toelichting),
            kanaal=Kanaal.WEB,
            taal=taal,
            actor=log.CLIENT,
            now=self._now(),
        )

    def withdraw(self, g: Gesprek) -> None:
        """Take the answer back."""
        answer.withdraw(
            afspraak_id=self._afspraak(g).pk, kanaal=Kanaal.WEB, taal="nl", actor=log.CLIENT, now=self._now()
        )

    def sms(self, g: Gesprek, text: str, number: int) -> None:
        """Send a text from the client's phone; one phone of two people names the conversation by its code."""
        afspraak = self._afspraak(g)
        body = f"{text} {afspraak.korte_code}" if g.telefoon_van is not None else text
        post.receive_sms(
            vendor="console",
            vendor_id=f"demo-{g.extern_id}-{number}",
            sender=afspraak.client.mobiel,
            recipient=settings.SMS_NUMBER_SHOWN or "demo",
            body=body,
            now=self._now(),
        )

    def sign_at_home(self, g: Gesprek) -> None:
        """Sign on the page, beforehand."""
        formulier = self._open(g, log.CLIENT)
        sign.sign_client(
            formulier_id=formulier.pk,
            wijze="typen",
            naam=g.client.naam,
            inhoud_hash=formulier.inhoud_hash,
            thuis=True,
            actor=log.CLIENT,
            now=self._now(),
        )

    # --- The medewerker ---

    def seen(self, g: Gesprek) -> None:
        """Read the answer, if there is one."""
        row = Voornemen.objects.filter(afspraak=self._afspraak(g)).order_by("-volgnummer").first()
        if row is not None:
            account = self._account(g)
            answer.mark_gezien(
                voornemen_id=row.pk, gebruiker_id=account.pk, actor=self._actor(account), now=self._now()
            )

    def spoken(self, g: Gesprek) -> None:
        """Write down what the client says at the table."""
        account = self._account(g)
        answer.record_antwoord(
            afspraak_id=self._afspraak(g).pk,
            gegevens=Antwoordgegevens(antwoord=Antwoord.JA, soorten=frozenset({Soort.GELUID})),
            kanaal=Kanaal.MONDELING,
            taal="nl",
            actor=self._actor(account),
            now=self._now(),
            bevestig=False,
            gebruiker_id=account.pk,
        )

    def no_show(self, g: Gesprek) -> None:
        """The client did not come."""
        actor = self._actor(self._account(g))
        plan.meld_niet_verschenen(afspraak_id=self._afspraak(g).pk, actor=actor, now=self._now())

    def finish(self, g: Gesprek) -> None:
        """The sweep of the night closes what is over and has no end of its own."""
        afspraak = self._afspraak(g)
        if afspraak.staat in OPEN_STATES:
            plan.rond_af(afspraak_id=afspraak.pk, actor=log.SYSTEEM, now=self._now())

    def sign(self, g: Gesprek, wijze: str, toestemming: str | None) -> None:
        """Both sign at the meeting."""
        account = self._account(g)
        formulier = self._open(g, self._actor(account))
        if toestemming is not None and Inhoud.from_dict(formulier.inhoud).opname.vraagt_toestemming:
            pk = sign.update_formulier(
                formulier_id=formulier.pk,
                toestemming=toestemming,
                voorwaarden="Alleen met mijn stem onherkenbaar." if toestemming == "voorwaarden" else "",
                inhoud_hash=formulier.inhoud_hash,
                actor=self._actor(account),
                now=self._now(),
            )
            formulier = Formulier.objects.get(pk=pk)
        sign.sign_client(
            formulier_id=formulier.pk,
            wijze=wijze,
            naam=g.client.naam,
            lijnen=krabbel(g.nummer) if wijze == "tekenen" else (),
            inhoud_hash=formulier.inhoud_hash,
            thuis=False,
            actor=self._actor(account),
            now=self._now(),
        )
        self.countersign(g)

    def countersign(self, g: Gesprek) -> None:
        """The medewerker signs what the client signed."""
        account = self._account(g)
        formulier = self._open(g, self._actor(account))
        sign.sign_medewerker(
            formulier_id=formulier.pk,
            wijze="typen",
            naam=account.medewerker.naam,
            inhoud_hash=formulier.inhoud_hash,
            gebruiker_id=account.pk,
            actor=self._actor(account),
            now=self._now(),
        )

    def will_not_sign(self, g: Gesprek) -> None:
        """A normal end."""
        account = self._account(g)
        actor = self._actor(account)
        sign.client_tekent_niet(
            formulier_id=self._open(g, actor).pk, gebruiker_id=account.pk, actor=actor, now=self._now()
        )

    def no_recording(self, g: Gesprek) -> None:
        """No recording after all."""
        account = self._account(g)
        actor = self._actor(account)
        sign.geen_opname(formulier_id=self._open(g, actor).pk, gebruiker_id=account.pk, actor=actor, now=self._now())

    def _open(self, g: Gesprek, actor: Actor) -> Formulier:
        pk = sign.open_formulier(afspraak_id=self._afspraak(g).pk, actor=actor, now=self._now())
        return Formulier.objects.get(pk=pk)
