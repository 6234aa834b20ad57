"""A text comes in: find the phone's appointments, read it, decide, act. Runs in one transaction.

What the text says is never logged. Whoever has to read it finds it in the post room, by the number that
stands in the key of the worklist entry.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from afspraken.domain import dialogue
from afspraken.domain.dialogue import OpenAfspraak, Reden, Stand, Vraag
from afspraken.domain.reply import Reading, Woord, read
from afspraken.domain.voornemen import Antwoord, Antwoordgegevens, Doel, Kanaal, Soort
from afspraken.flow import answer, berichten, log
from afspraken.models import Afspraak, Client, LogRegel, SmsGesprek, Voornemen, Werkpunt, WerkpuntSoort
from notifications import api as post
from notifications.fields import blind_index

logger = logging.getLogger(__name__)

_GELEZEN = "sms.gelezen"
# Appointments longer ago than this are no longer what a text is about.
_ONTHOUDEN = timedelta(days=60)
# More unread texts about one appointment add nothing for whoever has to read them.
_MAX_PUNTEN = 3

_REDEN: dict[Reden, str] = {
    Reden.ONDUIDELIJK: "Wij begrijpen een sms van deze cliënt niet. Lees de sms en bel de cliënt als dat nodig is.",
    Reden.VRAAG: "Deze cliënt stelt een vraag in een sms. Lees de sms en bel de cliënt.",
    Reden.PERSOON: "Deze cliënt meldt iets over de afspraak zelf. Lees de sms en bel de cliënt als dat nodig is.",
    Reden.CODES: "Deze cliënt gebruikt steeds een verkeerde code. Bel de cliënt: lukt het antwoorden per sms?",
    Reden.NIET_MEER: "Deze cliënt stuurt een sms, maar heeft geen gesprek meer dat nog komt. Lees de sms.",
}
_GEEN_SMS_MEER = (
    "Deze cliënt wil geen sms meer en er is geen e-mailadres. Bel of stuur een brief als er nog iets te vertellen is."
)


def handle(*, inbound: post.InboundText, now: datetime) -> None:
    """Act on one text. The same text handled again changes nothing.

    An answer counts from the moment it came in (``inbound.received_at``), replies go out from ``now``.
    """
    try:
        nummer = post.normalise_mobile(inbound.sender)
    except post.AddressProblem as problem:
        # A short code, a company or a foreign number: never a client, and answering it may cost or loop.
        logger.info("inbound sms %s: sender not usable (%s)", inbound.id, problem.code)
        return
    with transaction.atomic():
        gesprek = _locked(blind_index(nummer), now)
        if LogRegel.objects.filter(object_soort="sms", object_id=str(inbound.id), actie=_GELEZEN).exists():
            return
        _Beurt(inbound=inbound, nummer=nummer, gesprek=gesprek, now=now).run()


def text_for(*, werkpunt: Werkpunt) -> str:
    """The text behind an entry on the worklist; empty when there is none, or not any more."""
    sort, _, number = werkpunt.sleutel.partition("/")
    if sort != "sms" or not number.isdigit():
        return ""
    found = post.inbound_message(id=int(number))
    return found.body if found is not None else ""


def _locked(index: str, now: datetime) -> SmsGesprek:
    """The conversation with one phone, held until the end of the transaction: one text at a time."""
    SmsGesprek.objects.get_or_create(nummer_index=index, defaults={"bijgewerkt_op": now})
    return SmsGesprek.objects.select_for_update().get(nummer_index=index)


@dataclass(kw_only=True)
class _Beurt:
    """One text, one turn."""

    inbound: post.InboundText
    nummer: str
    gesprek: SmsGesprek
    now: datetime

    def run(self) -> None:
        """Read, decide, keep the state, act, and note that it was done."""
        self.afspraken = _afspraken_of(self.gesprek.nummer_index, self.inbound.received_at)
        reading = self._read()
        besluit = dialogue.decide(
            reading=reading,
            afspraken=_as_open(list(self.afspraken.values()), self.inbound.received_at),
            stand=_stand(self.gesprek),
            now=self.now,
        )
        # Kept before acting: the list that goes out is read from the conversation.
        _keep(self.gesprek, besluit.stand, self.afspraken)
        self._note_channel(reading)
        for stap in besluit.stappen:
            _ACTS[type(stap)](self, stap)
        self._log(besluit.stappen)

    def _read(self) -> Reading:
        reading = read(self.inbound.body)
        if self.inbound.provider_keyword == "stop":
            # The provider already blocks us for this phone, whatever else the text says.
            return replace(reading, opdracht=Woord.STOP, antwoord=None)
        return reading

    def _note_channel(self, reading: Reading) -> None:
        """The next messages go by SMS first: this client uses it. Not when several clients share the phone."""
        clients = {afspraak.client_id for afspraak in self.afspraken.values()}
        if len(clients) == 1 and not reading.automatisch and reading.opdracht is not Woord.STOP:
            Client.objects.filter(pk__in=clients).update(laatste_kanaal=post.Channel.SMS.value)

    # Acts, one for each step.

    def record(self, stap: dialogue.RecordAnswer) -> None:
        afspraak = self.afspraken[stap.afspraak_id]
        if self._overtaken(afspraak):
            return
        try:
            answer.record_antwoord(
                afspraak_id=afspraak.pk,
                gegevens=stap.gegevens,
                kanaal=Kanaal.SMS,
                taal=afspraak.client.taal,
                actor=log.CLIENT,
                now=self.inbound.received_at,
                bevestig=stap.bevestig,
            )
        except answer.AntwoordNietMogelijk as refused:
            # Cancelled or signed between our look and the lock.
            self._reply("niet_meer" if refused.reden == "ondertekend" else "geen_afspraak", afspraak.pk)

    def _overtaken(self, afspraak: Afspraak) -> bool:
        """Whether a later answer was taken before this text, which was on its way: the later one stands.

        A later text that repeated the answer of then made no new row; the log remembers it.
        """
        current = berichten.huidig_voornemen(afspraak.pk)
        if current is not None and current.ontvangen_op > self.inbound.received_at:
            return True
        since = LogRegel.objects.filter(
            actie=_GELEZEN, tijdstip_op__gte=self.inbound.received_at, details__gesprek=self.gesprek.pk
        )
        return any(
            int(key) > self.inbound.id and afspraak.pk in details["beantwoord"]
            for key, details in since.values_list("object_id", "details")
        )

    def ask_which(self, stap: dialogue.AskWhich) -> None:
        first = self.afspraken[stap.keuzes[0]]
        teams = {self.afspraken[pk].team.code for pk in stap.keuzes}
        berichten.stuur_naar_nummer(
            nummer=self.nummer,
            kind="welke_afspraak",
            gesprek_id=self.gesprek.pk,
            generation=self.inbound.id,
            now=self.now,
            taal=first.client.taal,
            scope=teams.pop() if len(teams) == 1 else "",
        )

    def worklist(self, stap: dialogue.Worklist) -> None:
        afspraak = self.afspraken[stap.afspraak_id]
        unread = Werkpunt.objects.filter(
            afspraak=afspraak, soort=WerkpuntSoort.ONDUIDELIJK.value, afgehandeld_op__isnull=True
        )
        if stap.reden is Reden.CODES:
            logger.warning("sms conversation %s: too many wrong codes", self.gesprek.pk)
        if unread.count() >= _MAX_PUNTEN:
            return
        Werkpunt.objects.get_or_create(
            sleutel=f"sms/{self.inbound.id}",
            defaults={
                "afspraak": afspraak,
                "team_id": afspraak.team_id,
                "soort": WerkpuntSoort.ONDUIDELIJK.value,
                "reden": _REDEN[stap.reden],
                "aangemaakt_op": self.now,
            },
        )

    def opt_out(self, stap: dialogue.OptOut) -> None:
        """No more texts. What still waits goes by e-mail where there is one, else a person has to tell."""
        if stap.bevestig:
            self._reply("gestopt", stap.afspraak_id)
        post.opt_out(channel=post.Channel.SMS, address=self.nummer, now=self.now, source="sms")
        for afspraak in self._open():
            client = afspraak.client
            waiting = Werkpunt.objects.filter(
                afspraak=afspraak, sleutel__startswith="gestopt/", afgehandeld_op__isnull=True
            )
            if (client.email and client.via_email) or waiting.exists():
                continue
            Werkpunt.objects.get_or_create(
                sleutel=f"gestopt/{afspraak.pk}/{self.inbound.id}",
                defaults={
                    "afspraak": afspraak,
                    "team_id": afspraak.team_id,
                    "soort": WerkpuntSoort.BELLEN.value,
                    "reden": _GEEN_SMS_MEER,
                    "aangemaakt_op": self.now,
                },
            )

    def opt_in(self, stap: dialogue.OptIn) -> None:
        post.opt_in(channel=post.Channel.SMS, address=self.nummer)
        Werkpunt.objects.filter(
            afspraak__in=[afspraak.pk for afspraak in self._open()],
            sleutel__startswith="gestopt/",
            afgehandeld_op__isnull=True,
        ).update(afgehandeld_op=self.now, notitie="De cliënt wil weer sms.")
        if stap.bevestig:
            self._reply("weer_aan", stap.afspraak_id)

    def reply_with(self, kind: str, stap: Any) -> None:
        """Steps that are one text and nothing else."""
        self._reply(kind, stap.afspraak_id)

    def silence(self, stap: dialogue.Silence) -> None:
        """Nothing; the line in the log says why."""

    def _reply(self, kind: str, afspraak_id: int | None) -> None:
        berichten.stuur_naar_nummer(
            nummer=self.nummer,
            kind=kind,
            gesprek_id=self.gesprek.pk,
            generation=self.inbound.id,
            now=self.now,
            afspraak=self.afspraken[afspraak_id] if afspraak_id is not None else None,
        )

    def _open(self) -> list[Afspraak]:
        return [a for a in self.afspraken.values() if not answer.mag_antwoorden(a, self.inbound.received_at)]

    def _log(self, stappen: Sequence[dialogue.Stap]) -> None:
        """One line, which is also the mark that this text was handled. No words of the client, no number."""
        about = {getattr(stap, "afspraak_id", None) for stap in stappen} - {None}
        team_ids = {self.afspraken[pk].team_id for pk in about if pk is not None}
        log.write(
            actie=_GELEZEN,
            object_soort="sms",
            object_id=self.inbound.id,
            actor=log.CLIENT,
            now=self.now,
            team_id=team_ids.pop() if len(team_ids) == 1 else None,
            details={
                "gesprek": self.gesprek.pk,
                "stappen": [type(stap).__name__ for stap in stappen],
                "beantwoord": [stap.afspraak_id for stap in stappen if isinstance(stap, dialogue.RecordAnswer)],
                "redenen": [why for stap in stappen if (why := _why(stap))],
            },
        )


def _why(stap: dialogue.Stap) -> str:
    if isinstance(stap, dialogue.Silence):
        return stap.waarom
    return stap.reden.value if isinstance(stap, dialogue.Worklist) else ""


def _text(kind: str) -> Callable[[_Beurt, Any], None]:
    return lambda beurt, stap: beurt.reply_with(kind, stap)


_ACTS: dict[type[Any], Callable[[_Beurt, Any], None]] = {
    dialogue.RecordAnswer: _Beurt.record,
    dialogue.AskWhich: _Beurt.ask_which,
    dialogue.Worklist: _Beurt.worklist,
    dialogue.OptOut: _Beurt.opt_out,
    dialogue.OptIn: _Beurt.opt_in,
    dialogue.Silence: _Beurt.silence,
    dialogue.Clarify: _text("onduidelijk"),
    dialogue.PassOn: _text("doorgegeven"),
    dialogue.SendRules: _text("regels"),
    dialogue.SendHelp: _text("hulp"),
    dialogue.NoAppointment: _text("geen_afspraak"),
    dialogue.TooLate: _text("niet_meer"),
}


def _afspraken_of(index: str, moment: datetime) -> dict[int, Afspraak]:
    """The appointments of one phone, past ones of the last while included."""
    rows = Afspraak.objects.select_related("team", "client").filter(
        client__mobiel_index=index, start_op__gt=moment - _ONTHOUDEN
    )
    return {afspraak.pk: afspraak for afspraak in rows.order_by("start_op", "pk")}


def _as_open(afspraken: Sequence[Afspraak], moment: datetime) -> list[OpenAfspraak]:
    """The appointments as the rules see them, each with the answer that counts."""
    rows = Voornemen.objects.filter(afspraak__in=afspraken).order_by("volgnummer")
    newest = {row.afspraak_id: row for row in rows}
    return [
        OpenAfspraak(
            id=afspraak.pk,
            korte_code=afspraak.korte_code,
            start_op=afspraak.start_op,
            gesloten=answer.mag_antwoorden(afspraak, moment),
            huidig=_gegevens(newest.get(afspraak.pk)),
        )
        for afspraak in afspraken
    ]


def _gegevens(row: Voornemen | None) -> Antwoordgegevens | None:
    if row is None or row.antwoord == Antwoord.INGETROKKEN.value:
        return None
    return Antwoordgegevens(
        antwoord=Antwoord(row.antwoord),
        soorten=row.soorten_set,
        doel=Doel(row.doel) if row.doel else None,
        toelichting=row.toelichting,
    )


def _stand(gesprek: SmsGesprek) -> Stand:
    """The row as the rules see it."""
    kept = gesprek.onthouden or {}
    onthouden = None
    if kept:
        onthouden = Antwoordgegevens(
            antwoord=Antwoord(kept["antwoord"]),
            soorten=frozenset(Soort(soort) for soort in kept["soorten"]),
            doel=Doel(kept["doel"]) if kept["doel"] else None,
            toelichting=kept["toelichting"],
        )
    return Stand(
        vraag=Vraag(gesprek.vraag),
        afspraak_id=gesprek.afspraak_id,
        keuzes=tuple(int(pk) for pk in gesprek.keuzes),
        onthouden=onthouden,
        onduidelijk=gesprek.onduidelijk,
        verkeerde_codes=gesprek.verkeerde_codes,
        antwoorden_vandaag=gesprek.antwoorden_vandaag,
        vandaag=gesprek.vandaag_datum,
        bijgewerkt_op=gesprek.bijgewerkt_op,
    )


def _keep(gesprek: SmsGesprek, stand: Stand, afspraken: dict[int, Afspraak]) -> None:
    """Write the state back."""
    kept = stand.onthouden
    gesprek.vraag = stand.vraag.value
    gesprek.afspraak_id = stand.afspraak_id if stand.afspraak_id in afspraken else None
    gesprek.keuzes = list(stand.keuzes)
    gesprek.onthouden = (
        {
            "antwoord": kept.antwoord.value,
            "soorten": sorted(soort.value for soort in kept.soorten),
            "doel": kept.doel.value if kept.doel else "",
            "toelichting": kept.toelichting,
        }
        if kept
        else {}
    )
    gesprek.onduidelijk = stand.onduidelijk
    gesprek.verkeerde_codes = stand.verkeerde_codes
    gesprek.antwoorden_vandaag = stand.antwoorden_vandaag
    gesprek.vandaag_datum = stand.vandaag
    gesprek.bijgewerkt_op = stand.bijgewerkt_op or gesprek.bijgewerkt_op
    gesprek.save()
