"""The planning system, the medewerker and the client: each acts through the flow, and it is written down."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from afspraken.domain.gegevens import Afspraakgegevens, Clientgegevens, Medewerkergegevens
from afspraken.domain.voornemen import Antwoord, Antwoordgegevens, Kanaal
from afspraken.flow import answer, invite, log, plan
from afspraken.flow.plan import PlanGeweigerd, Uitkomst
from afspraken.models import Medewerker
from notifications import api as post
from notifications.domain.lifecycle import Channel
from notifications.gateways.base import Outgoing
from tests.builders import TESTER
from tests.year.agenda import Agenda
from tests.year.facts import Act, Case, Change, Year
from tests.year.provider import Provider
from tests.year.scenario import Step

LENGTH = timedelta(minutes=45)
_DONE = frozenset({Uitkomst.NIEUW, Uitkomst.GEWIJZIGD, Uitkomst.GEANNULEERD, Uitkomst.HERPLAND})
_OUR_NUMBER = "+3197010200000"
_ANSWERS = {
    "ja": ({"nl": "JA", "en": "YES"}, Antwoord.JA),
    "nee": ({"nl": "NEE", "en": "NO"}, Antwoord.NEE),
    "weet niet": ({"nl": "WEET NIET", "en": "DO NOT KNOW"}, Antwoord.WEET_NIET),
}
_OTHER_TEXTS = {
    "unclear": "die man aan de balie had het over een pasje",
    "rules": "REGELS",
    "withdraw": "NEE",
    "stop": "STOP",
    "start": "START",
}
_CODE = re.compile(r"(?:antwoord|reply) (?:JA|YES) (\w\w),")


class People:
    """Everybody around the appointments."""

    def __init__(self, year: Year, agenda: Agenda, sms: Provider, *, changed: Callable[[Case], None]) -> None:
        self._year, self._agenda, self._sms, self._changed = year, agenda, sms, changed
        self._texts: dict[str, str] = {}
        self._count = 0
        self._met: set[int] = set()

    # The planning system and the medewerker ---------------------------------------------------------

    def plan(self, cases: Sequence[Case]) -> None:
        """The appointments of one file are made, and from then on their stories run."""
        now = self._agenda.now()
        delivered = [self._gegevens(case, "plan", case.script.start) for case in cases]
        for case, result in zip(cases, plan.plan_afspraken(gegevens=delivered, actor=TESTER, now=now), strict=True):
            case.afspraak_id = result.afspraak_id or 0
            self._note(case, "plan", case.script.start, result.uitkomst)
            self._changed(case)
            for step in case.script.steps:
                self._agenda.add(step.at, lambda case=case, step=step: self.take(case, step))  # type: ignore[misc]

    def take(self, case: Case, step: Step) -> None:
        """One step of the story; what the service refuses did not happen."""
        if not case.afspraak_id:
            return
        try:
            self._take(case, step)
        except PlanGeweigerd:
            self._year.refused += 1
        self._changed(case)

    def _take(self, case: Case, step: Step) -> None:
        now, start = self._agenda.now(), step.start or case.start
        if step.door == "system":
            if step.what == "cancel":
                case.version += 1
                result = plan.annuleer_afspraak(
                    bron="jcc",
                    extern_id=self._name(case),
                    externe_versie=case.version,
                    actor=TESTER,
                    now=now,
                )
                self._note(case, step.what, start, result.uitkomst)
            else:
                if step.what == "address":
                    case.mobile = case.mobile and f"+3162{case.script.number:07d}"
                self._deliver(case, step.what, start)
        elif step.what == "again":
            if invite.again(afspraak_id=case.afspraak_id, actor=TESTER, now=now):
                self._note(case, "again", start, Uitkomst.GEWIJZIGD)
        else:
            self._note(case, step.what, start, self._by_hand(case, step, start, now))

    def _by_hand(self, case: Case, step: Step, start: datetime, now: datetime) -> Uitkomst:
        pk = case.afspraak_id
        if step.what == "move":
            return plan.verplaats_afspraak(
                afspraak_id=pk, start_op=start, eind_op=start + LENGTH, actor=TESTER, now=now
            ).uitkomst
        if step.what == "reassign":
            other = Medewerker.objects.order_by("pk").values_list("pk", flat=True)[(case.script.number * 3 + 1) % 7]
            return plan.wijs_toe(afspraak_id=pk, medewerker_id=other, actor=TESTER, now=now).uitkomst
        return plan.annuleer_met_hand(afspraak_id=pk, actor=TESTER, now=now).uitkomst

    def _deliver(self, case: Case, what: str, start: datetime) -> None:
        """The planning system sends the appointment as it now is."""
        if case.is_off and what != "replan":
            # As a newer version it would be planned again.
            return
        result = plan.plan_afspraak(gegevens=self._gegevens(case, what, start), actor=TESTER, now=self._agenda.now())
        self._note(case, what, start, result.uitkomst)

    def _gegevens(self, case: Case, what: str, start: datetime) -> Afspraakgegevens:
        person = case.script.person
        case.version += 1
        return Afspraakgegevens(
            bron="jcc",
            extern_id=self._name(case),
            externe_versie=case.version,
            start_op=start,
            eind_op=start + LENGTH,
            onderwerp="gesprek met de gemeente",
            team=case.script.team,
            locatie_naam="Stadhuis",
            locatie_adres="Markt 1",
            client=Clientgegevens(
                naam=f"C. Jansen {person.number}",
                mobiel=case.mobile,
                email=person.email,
                taal=person.language,
                extern_id=f"c-{person.number}",
            ),
            medewerker=Medewerkergegevens(naam=f"Medewerker {case.script.number % 7}") if what == "plan" else None,
        )

    def _note(self, case: Case, what: str, start: datetime, outcome: Uitkomst) -> None:
        # Who does what is off is nothing that anybody is told.
        if outcome in _DONE and not (what == "reassign" and case.is_off):
            case.changes.append(Change(seq=next(self._year.order), at=self._agenda.now(), what=what, start=start))

    @staticmethod
    def _name(case: Case) -> str:
        return f"A-{case.script.number}"

    # The client -------------------------------------------------------------------------------------

    def hear(self, case: Case, outgoing: Outgoing) -> None:
        """A message is on its way to the client; the first one may make them answer."""
        if outgoing.channel is Channel.SMS and _CODE.search(outgoing.text):
            self._texts[f"{case.script.number}"] = outgoing.text
        if case.script.number in self._met:
            return
        self._met.add(case.script.number)
        for after, door, word in case.script.answers:
            door_now = door if case.mobile.startswith("+316") else "page"
            self._agenda.add(
                self._agenda.now() + after,
                lambda door=door_now, word=word: self._act(case, door, word),  # type: ignore[misc]
            )

    def _act(self, case: Case, door: str, word: str) -> None:
        now = self._agenda.now()
        self._changed(case)
        if door == "sms":
            case.acts.append(Act(at=now, door=door, word=word, address=case.mobile))
            self._text(case, word)
        elif word in _ANSWERS or word == "withdraw":
            case.acts.append(Act(at=now, door=door, word=word, address=""))
            try:
                self._on_the_page(case, word)
            except answer.AntwoordNietMogelijk:
                self._year.refused += 1

    def _on_the_page(self, case: Case, word: str) -> None:
        common = {"afspraak_id": case.afspraak_id, "kanaal": Kanaal.WEB, "taal": case.script.person.language}
        now = self._agenda.now()
        if word == "withdraw":
            answer.withdraw(**common, actor=log.CLIENT, now=now)  # type: ignore[arg-type]
        else:
            given = Antwoordgegevens(antwoord=_ANSWERS[word][1])
            answer.record_antwoord(**common, gegevens=given, actor=log.CLIENT, now=now)  # type: ignore[arg-type]

    def _text(self, case: Case, word: str) -> None:
        """A text with the code that stood in ours, if one did."""
        language = "en" if case.script.person.language == "en" else "nl"
        body = _OTHER_TEXTS.get(word) or _ANSWERS[word][0][language]
        asked = _CODE.search(self._texts.get(f"{case.script.number}", ""))
        if asked and word in _ANSWERS:
            body = f"{body} {asked[1]}"
        if word == "stop":
            self._sms.blocked.add(case.mobile)
        elif body in ("START", "YES"):
            # What the provider itself takes for "messages again".
            self._sms.blocked.discard(case.mobile)
        self._count += 1
        post.receive_sms(
            vendor="twilio",
            vendor_id=f"SM{self._count}",
            sender=case.mobile,
            recipient=_OUR_NUMBER,
            body=body,
            now=self._agenda.now(),
        )
