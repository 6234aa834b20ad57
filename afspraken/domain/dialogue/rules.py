"""From one text and the state of the conversation to the next steps."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from afspraken.domain.dialogue.limits import MAX_KEUZES, MAX_VERKEERDE_CODES, capped, fresh
from afspraken.domain.dialogue.steps import (
    AskWhich,
    Besluit,
    Clarify,
    NoAppointment,
    OpenAfspraak,
    OptIn,
    OptOut,
    PassOn,
    RecordAnswer,
    Reden,
    SendHelp,
    SendRules,
    Silence,
    Stand,
    Stap,
    TooLate,
    Vraag,
    Worklist,
)
from afspraken.domain.reply import Reading, Woord
from afspraken.domain.voornemen import Antwoord, Antwoordgegevens, Doel


def decide(*, reading: Reading, afspraken: Sequence[OpenAfspraak], stand: Stand, now: datetime) -> Besluit:
    """The next steps after one text.

    ``afspraken`` are all appointments of this phone: open ones and those that are over, cancelled or signed.
    """
    gesprek = _Gesprek(reading=reading, afspraken=afspraken, stand=fresh(stand, now), now=now)
    return capped(gesprek.besluit(), gesprek.open, now)


class _Gesprek:
    """One decision: the text, the appointments of the phone, and the state."""

    def __init__(self, *, reading: Reading, afspraken: Sequence[OpenAfspraak], stand: Stand, now: datetime) -> None:
        self.reading = reading
        self.alle = sorted(afspraken, key=lambda each: (each.start_op, each.id))
        self.open = [each for each in self.alle if not each.gesloten][:MAX_KEUZES]
        self.now = now
        if self.open and stand.vraag is Vraag.NIETS:
            stand = replace(stand, vraag=Vraag.GEEN, onduidelijk=0)
        self.stand = stand

    def besluit(self) -> Besluit:
        """The steps, before the cap."""
        if self.reading.automatisch:
            return self._niets("automatisch")
        if self.reading.opdracht is not None and self.reading.antwoord is None:
            return self._command(self.reading.opdracht)
        if not self.open:
            return self._nothing_open()
        return self._which()

    # Commands.

    def _command(self, opdracht: Woord) -> Besluit:
        about = self._about()
        if opdracht is Woord.STOP:
            steps: tuple[Stap, ...] = (OptOut(afspraak_id=about),)
            if self.reading.persoon and self.open:
                # A provider's stop word that says more: "CANCEL".
                steps = (*steps, Worklist(afspraak_id=self.open[0].id, reden=Reden.PERSOON))
            return self._klaar(*steps)
        if opdracht is Woord.START:
            return self._klaar(OptIn(afspraak_id=about))
        # Whoever asks for the rules or for help still owes the answer to what we asked.
        return self._verder(SendRules(afspraak_id=about) if opdracht is Woord.REGELS else SendHelp(afspraak_id=about))

    def _about(self) -> int | None:
        """The appointment whose team's sheet and phone number fit best. Nothing about it is told."""
        if self.open:
            return self.open[0].id
        return self.alle[-1].id if self.alle else None

    # Nothing that can be answered.

    def _nothing_open(self) -> Besluit:
        if self.reading.beleefd or self.reading.instemming:
            return self._niets("beleefd")
        if self._strange_codes():
            self._count_wrong_code()
            if self.stand.verkeerde_codes > MAX_VERKEERDE_CODES:
                return self._niets("verkeerde_codes")
        last = self.alle[-1] if self.alle else None
        signed = next((each for each in self.alle if each.gesloten == "ondertekend" and each.start_op > self.now), None)
        known = signed or last
        if self.stand.vraag is not Vraag.NIETS:
            step: Stap = NoAppointment(afspraak_id=last.id if last else None)
            if signed is not None:
                step = TooLate(afspraak_id=signed.id)
            return self._klaar(step, vraag=Vraag.NIETS)
        if known is None or self.stand.onduidelijk > 0:
            return self._niets("al_gezegd")
        # Known, and still texting: someone should look at it, once.
        work = Worklist(afspraak_id=known.id, reden=Reden.NIET_MEER)
        return self._klaar(work, vraag=Vraag.NIETS, onduidelijk=1)

    # Which appointment.

    def _which(self) -> Besluit:
        if self.reading.codes:
            return self._by_codes()
        chosen = self._chosen()
        if chosen:
            return self._about_these(chosen)
        if len(self.open) == 1:
            return self._about_one(self.open[0])
        return self._several()

    def _by_codes(self) -> Besluit:
        found = [self._with_code(code, self.open) for code in self.reading.codes]
        certain = [each for each in found if each is not None]
        if len(certain) < len(found):
            return self._wrong_code()
        self.stand = replace(self.stand, verkeerde_codes=0)
        return self._about_these(certain)

    def _with_code(self, code: str, among: Sequence[OpenAfspraak]) -> OpenAfspraak | None:
        found = [each for each in among if each.korte_code.upper() == code]
        return found[0] if len(found) == 1 else None

    def _strange_codes(self) -> bool:
        """Whether a code belongs to none of this phone's appointments, past ones included."""
        own = {each.korte_code.upper() for each in self.alle}
        return any(code not in own for code in self.reading.codes)

    def _wrong_code(self) -> Besluit:
        """No code of this phone's coming appointments: nothing changes, and nothing is confirmed."""
        if self._strange_codes():
            self._count_wrong_code()
        wrong = self.stand.verkeerde_codes
        if wrong == MAX_VERKEERDE_CODES + 1:
            return self._verder(Worklist(afspraak_id=self.open[0].id, reden=Reden.CODES))
        if wrong > MAX_VERKEERDE_CODES:
            return self._niets("verkeerde_codes")
        return self._ask_which()

    def _count_wrong_code(self) -> None:
        self.stand = replace(self.stand, verkeerde_codes=min(self.stand.verkeerde_codes + 1, 1000))

    def _chosen(self) -> list[OpenAfspraak]:
        """What a number or "beide" points at in the list we sent; empty when it points nowhere."""
        if self.stand.vraag is not Vraag.WELKE:
            return []
        listed = {each.id: each for each in self.open}
        if self.reading.alles and not self.reading.keuzes:
            return [listed[pk] for pk in self.stand.keuzes if pk in listed]
        places = self.reading.keuzes
        if not places or any(place > len(self.stand.keuzes) for place in places):
            return []
        ids = [self.stand.keuzes[place - 1] for place in places]
        # One that was cancelled in the meantime is not guessed around.
        return [listed[pk] for pk in ids] if all(pk in listed for pk in ids) else []

    def _about_these(self, chosen: Sequence[OpenAfspraak]) -> Besluit:
        if len(chosen) == 1:
            return self._about_one(chosen[0])
        gegevens = self._answer() or self._remembered()
        if gegevens is None:
            return self._asked_which_before() or self._ask_which()
        steps = [RecordAnswer(afspraak_id=each.id, gegevens=_merged(each, gegevens)) for each in chosen]
        return self._klaar(*steps, *self._beside(chosen[0]))

    def _several(self) -> Besluit:
        """Several appointments and nothing that points at one of them."""
        reading = self.reading
        if self._is_thanks(any(each.huidig is not None for each in self.open)):
            return self._niets("beleefd")
        if self.stand.vraag in (Vraag.DOEL, Vraag.VERDUIDELIJK):
            # We just asked about one of them: a text that fits the question is its answer.
            asked = next((each for each in self.open if each.id == self.stand.afspraak_id), None)
            if asked is not None and (self._is_purpose(asked) or self.stand.vraag is Vraag.VERDUIDELIJK):
                return self._about_one(asked)
        if reading.persoon and reading.antwoord is None:
            return self._to_a_person(self.open[0], Reden.PERSOON)
        return self._asked_which_before() or self._ask_which()

    def _asked_which_before(self) -> Besluit | None:
        """A second text that says no which: asked once more if it answers, else a person has to read it."""
        if self.stand.vraag is not Vraag.WELKE:
            return None
        if self.reading.antwoord is not None and self.stand.onduidelijk == 0:
            self.stand = replace(self.stand, onduidelijk=1)
            return None
        return self._to_a_person(self.open[0], Reden.ONDUIDELIJK)

    def _ask_which(self) -> Besluit:
        keuzes = tuple(each.id for each in self.open)
        onthouden = self._answer() or (None if self.reading.tegenstrijdig else self.stand.onthouden)
        stand = replace(self.stand, vraag=Vraag.WELKE, keuzes=keuzes, onthouden=onthouden, afspraak_id=None)
        return Besluit(stappen=(AskWhich(keuzes=keuzes),), stand=stand)

    # One appointment.

    def _about_one(self, afspraak: OpenAfspraak) -> Besluit:
        if self._is_thanks(afspraak.huidig is not None):
            return self._niets("beleefd")
        if self._asked_purpose(afspraak) and self._may_mean_the_purpose():
            return self._clarify(afspraak)
        gegevens = self._with_purpose(afspraak) if self._is_purpose(afspraak) else self._answer()
        if gegevens is None and not self.reading.persoon:
            gegevens = self._remembered()
        if gegevens is not None:
            return self._record(afspraak, gegevens)
        return self._to_a_person(afspraak, Reden.PERSOON) if self.reading.persoon else self._unclear(afspraak)

    def _remembered(self) -> Antwoordgegevens | None:
        """What they said before we asked which: the answer when this text only points ("7K", "2")."""
        points = bool(self.reading.codes or self.reading.keuzes or self.reading.alles)
        asked = self.stand.vraag is Vraag.WELKE
        return self.stand.onthouden if asked and points and not self.reading.tegenstrijdig else None

    def _is_thanks(self, answered: bool) -> bool:
        """Thanks need no reply; an "ok" needs none either once there is an answer."""
        return self.reading.beleefd or (self.reading.instemming and answered)

    def _asked_purpose(self, afspraak: OpenAfspraak) -> bool:
        return self.stand.vraag is Vraag.DOEL and self.stand.afspraak_id == afspraak.id

    def _is_purpose(self, afspraak: OpenAfspraak) -> bool:
        """Whether a text tells what they will do with the recording they announced before.

        A kind or a known purpose always does; a free text only right after we asked.
        """
        reading, huidig = self.reading, afspraak.huidig
        if huidig is None or huidig.antwoord is not Antwoord.JA or reading.tegenstrijdig or reading.persoon:
            return False
        asked = self._asked_purpose(afspraak)
        if asked and reading.doel is Doel.LIEVER_NIET and reading.antwoord is not Antwoord.WEET_NIET:
            return True
        if reading.antwoord is not None or reading.vraag or reading.instemming:
            return False
        return bool(reading.doel or reading.soorten) or (asked and _is_story(reading))

    def _may_mean_the_purpose(self) -> bool:
        """ "Nee hoor" after "Waarvoor?" may refuse the question or take back the ja; a bare NEE is clear."""
        if self.reading.doel is Doel.LIEVER_NIET:
            return False
        return self.reading.antwoord in (Antwoord.NEE, Antwoord.WEET_NIET) and not self.reading.stellig

    def _with_purpose(self, afspraak: OpenAfspraak) -> Antwoordgegevens:
        huidig, reading = afspraak.huidig, self.reading
        assert huidig is not None
        soorten = huidig.soorten | reading.soorten
        if reading.doel is not None:
            return replace(huidig, soorten=soorten, doel=reading.doel, toelichting=reading.toelichting)
        if self._asked_purpose(afspraak) and _is_story(reading) and not reading.soorten:
            return replace(huidig, soorten=soorten, doel=Doel.ANDERS, toelichting=reading.tekst)
        return replace(huidig, soorten=soorten)

    def _answer(self) -> Antwoordgegevens | None:
        reading = self.reading
        if reading.antwoord is None:
            return None
        return Antwoordgegevens(
            antwoord=reading.antwoord, soorten=reading.soorten, doel=reading.doel, toelichting=reading.toelichting
        )

    def _record(self, afspraak: OpenAfspraak, gegevens: Antwoordgegevens) -> Besluit:
        gegevens = _merged(afspraak, gegevens)
        asks_purpose = gegevens.antwoord is Antwoord.JA and gegevens.doel is None
        return self._klaar(
            RecordAnswer(afspraak_id=afspraak.id, gegevens=gegevens),
            *self._beside(afspraak),
            vraag=Vraag.DOEL if asks_purpose else Vraag.GEEN,
            afspraak_id=afspraak.id,
        )

    def _beside(self, afspraak: OpenAfspraak) -> tuple[Stap, ...]:
        """What comes beside an answer: the rules they asked for, a question for a person."""
        steps: tuple[Stap, ...] = ()
        if self.reading.opdracht is Woord.REGELS:
            steps = (SendRules(afspraak_id=afspraak.id),)
        if self.reading.vraag or self.reading.persoon:
            steps = (*steps, Worklist(afspraak_id=afspraak.id, reden=Reden.VRAAG))
        return steps

    # Unclear.

    def _clarify(self, afspraak: OpenAfspraak) -> Besluit:
        stand = replace(
            self.stand,
            vraag=Vraag.VERDUIDELIJK,
            afspraak_id=afspraak.id,
            keuzes=(),
            onthouden=None,
            onduidelijk=max(self.stand.onduidelijk, 1),
        )
        return Besluit(stappen=(Clarify(afspraak_id=afspraak.id),), stand=stand)

    def _unclear(self, afspraak: OpenAfspraak) -> Besluit:
        """One question; then a person, and the client is told so; then a person in silence."""
        if self.stand.onduidelijk == 0:
            return self._clarify(afspraak)
        return self._to_a_person(afspraak, Reden.VRAAG if self.reading.vraag else Reden.ONDUIDELIJK)

    def _to_a_person(self, afspraak: OpenAfspraak, reden: Reden) -> Besluit:
        steps: tuple[Stap, ...] = (Worklist(afspraak_id=afspraak.id, reden=reden),)
        if self.stand.onduidelijk < 2:
            steps = (*steps, PassOn(afspraak_id=afspraak.id))
        return Besluit(stappen=steps, stand=replace(self.stand, onduidelijk=2))

    # Ends.

    def _klaar(
        self, *stappen: Stap, vraag: Vraag = Vraag.GEEN, afspraak_id: int | None = None, onduidelijk: int = 0
    ) -> Besluit:
        """Steps that close what was open."""
        stand = replace(
            self.stand, vraag=vraag, afspraak_id=afspraak_id, keuzes=(), onthouden=None, onduidelijk=onduidelijk
        )
        return Besluit(stappen=stappen, stand=stand)

    def _verder(self, *stappen: Stap) -> Besluit:
        """Steps that leave the open question as it is."""
        return Besluit(stappen=stappen, stand=self.stand)

    def _niets(self, waarom: str) -> Besluit:
        return self._verder(Silence(waarom=waarom))


def _merged(afspraak: OpenAfspraak, gegevens: Antwoordgegevens) -> Antwoordgegevens:
    """A ja repeated in fewer words does not wipe the kinds and the purpose told before."""
    huidig = afspraak.huidig
    if huidig is None or huidig.antwoord is not gegevens.antwoord:
        return gegevens
    return replace(
        gegevens,
        soorten=gegevens.soorten or huidig.soorten,
        doel=gegevens.doel or huidig.doel,
        toelichting=gegevens.toelichting if gegevens.doel else huidig.toelichting,
    )


def _is_story(reading: Reading) -> bool:
    """Whether a text says something of its own; a lone number or code does not."""
    return sum(char.isalpha() for char in reading.tekst) >= 3 and not (reading.codes or reading.keuzes)
