"""Judging the year by its facts alone: five questions, and the almanac's own idea of time.

Each verdict is a function from the facts to its findings; what the service itself thinks of a message is not asked.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from tests.year import almanac
from tests.year.almanac import ANSWER_IS_FRESH, BEFORE_THE_START, DAY, MINUTE, local
from tests.year.facts import Call, Case, Change, Row, Year, is_off
from tests.year.weather import is_foul

# Answers to what the client just did; they may come at any hour.
REPLIES = frozenset(
    "ontvangstbevestiging onduidelijk regels hulp welke_afspraak geen_afspraak niet_meer doorgegeven gestopt "
    "weer_aan".split()
)
# About the appointment as it is; a change makes the earlier ones untrue.
STORY = frozenset({"uitnodiging", "herinnering", "verplaatst", "andere_medewerker", "geannuleerd"})
# A job's five minutes, a sweep's one, and what a worker needs.
PROMPT = 8 * MINUTE
# From a text's arrival to the commit of what it says.
READING = 2 * MINUTE


@dataclass(frozen=True, kw_only=True)
class Finding:
    """Something that must not happen, and did. ``rule`` names the verdict."""

    rule: str
    at: datetime
    what: str

    def __str__(self) -> str:
        return f"{self.rule:8} {local(self.at):%a %Y-%m-%d %H:%M:%S} {self.what}"


@dataclass(frozen=True, kw_only=True)
class Sent:
    """A call, the message it was for, and the appointment as it was then."""

    call: Call
    row: Row
    case: Case
    changes: list[Change]
    # What the client did before it, by this phone or for this meeting.
    acts: list[datetime]

    @property
    def start(self) -> datetime:
        """When the meeting was to be, at that moment."""
        return self.changes[-1].start

    @property
    def deadline(self) -> datetime:
        """From then on the message is of no use."""
        if self.row.kind == "geannuleerd":
            return self.start
        useful = self.start - BEFORE_THE_START
        if self.row.kind in REPLIES:
            useful = max([useful, *(moment + ANSWER_IS_FRESH for moment in self.acts)])
        return useful

    def __str__(self) -> str:
        return (
            f"{self.row.kind} by {self.row.channel} of {self.row.subject}, meeting {local(self.start):%a %d %b %H:%M}"
        )


def judge(year: Year) -> list[Finding]:
    """All findings, in the order in which they happened."""
    sent = list(_sent(year))
    found = [finding for verdict in BY_MESSAGE for each in sent for finding in verdict(each, year)]
    found += [finding for verdict in BY_YEAR for finding in verdict(year, sent)]
    return sorted(found, key=lambda finding: finding.at)


def _sent(year: Year) -> Iterator[Sent]:
    cases = year.by_subject
    for call in year.calls:
        row = year.rows[call.uuid]
        # Answers to a phone that can't be tied to one appointment have a subject of their own.
        if row.subject in cases:
            case = cases[row.subject]
            acts = case.acts_until(call.at) + year.acts_from(call.address, call.at)
            yield Sent(call=call, row=row, case=case, changes=case.before(call.seq), acts=acts)


# 1. People are left alone.


def quiet(sent: Sent, year: Year) -> Iterator[Finding]:
    """Not at night, on Sundays and holidays, unless no better moment was left."""
    if sent.row.kind not in REPLIES and not almanac.is_excusable(sent.call.at, sent.deadline):
        yield Finding(rule="quiet", at=sent.call.at, what=str(sent))


# 2. Nothing is too late, and nothing is stale.


def late(sent: Sent, year: Year) -> Iterator[Finding]:
    """Not after it is of use."""
    if sent.call.at >= sent.deadline:
        yield Finding(rule="late", at=sent.call.at, what=str(sent))


def stale(sent: Sent, year: Year) -> Iterator[Finding]:
    """Nothing that a change, committed before, had made untrue."""
    reasons = []
    if sent.row.kind in STORY:
        if sent.row.created_at < sent.changes[-1].at:
            reasons.append(f"made before the change at {local(sent.changes[-1].at):%d %b %H:%M:%S}")
        off = is_off(sent.changes)
        if off is not (sent.row.kind == "geannuleerd"):
            reasons.append("the meeting is off" if off else "the meeting is on")
        if sent.row.kind in ("uitnodiging", "herinnering") and _has_answered(sent, year):
            reasons.append("the client has answered")
    if sent.row.kind in STORY | {"ontvangstbevestiging"}:
        language = "en" if sent.case.script.person.language == "en" else "nl"
        words = almanac.spoken(sent.start, language)
        if not all(word in f"{sent.call.title} {sent.call.text}" for word in words):
            reasons.append(f"does not say {' '.join(words)}")
    for reason in reasons:
        yield Finding(rule="stale", at=sent.call.at, what=f"{sent}: {reason}")


def _has_answered(sent: Sent, year: Year) -> bool:
    """Whether an answer stands that was there in good time; one from before a new beginning counts no more."""
    again = max((change.at for change in sent.changes if change.what == "replan"), default=sent.changes[0].at)
    answers = [told for told in year.answers.get(sent.case.afspraak_id, ()) if again <= told.at <= sent.call.at]
    if not answers or answers[-1].answer == "ingetrokken":
        return False
    return answers[-1].at + READING < sent.call.at


# 3. Nothing twice, nothing lost.


def twice(year: Year, sent: list[Sent]) -> Iterator[Finding]:
    """By SMS once per (subject, kind, generation), and one reminder per meeting."""
    taken: dict[tuple[str, str, object], list[Sent]] = defaultdict(list)
    for each in sent:
        if each.call.taken and each.call.channel == "sms":
            key = each.row.generation
            taken[each.row.subject, each.row.kind, key].append(each)
            if each.row.kind == "herinnering":
                planned = sum(change.what in ("plan", "replan") for change in each.changes)
                taken[each.row.subject, "one reminder", planned].append(each)
    for group in taken.values():
        for earlier, later in itertools.pairwise(group):
            if earlier.call.uuid not in year.returns:
                before = f"{local(earlier.call.at):%a %d %b %H:%M}"
                yield Finding(rule="twice", at=later.call.at, what=f"{later}, before at {before}")


def lost(year: Year, sent: list[Sent]) -> Iterator[Finding]:
    """At its beginning every meeting has a message that is out, an answer, or a place on the worklist."""
    by_case: dict[int, list[Sent]] = defaultdict(list)
    for each in sent:
        by_case[each.case.afspraak_id].append(each)
    for case in year.cases:
        if case.changes:
            reason = _what_is_lost(case, by_case[case.afspraak_id], year)
            if reason:
                yield Finding(rule="lost", at=case.start, what=f"afspraak/{case.afspraak_id}: {reason}")


def _what_is_lost(case: Case, sent: list[Sent], year: Year) -> str:
    last = case.changes[-1]
    # So late that nothing could be of use any more.
    if last.at > case.start - BEFORE_THE_START - MINUTE:
        return ""
    if any(moment <= case.start for moment in year.worklist.get(case.afspraak_id, ())):
        return ""
    out = [each for each in sent if each.call.taken and _stood(each, year, case.start)]
    if case.is_off:
        knew = [each for each in out if each.call.at < last.at and each.row.kind in STORY]
        told = any(each.row.kind == "geannuleerd" and each.call.seq > last.seq for each in out)
        return "nobody told the client that it is off" if knew and not told else ""
    if any(last.at <= told.at <= case.start for told in year.answers.get(case.afspraak_id, ())):
        return ""
    if any(each.row.kind in STORY and each.start == case.start and each.call.at <= case.start for each in out):
        return ""
    return f"nobody was told (last: {last.what} at {local(last.at):%d %b %H:%M})"


def _stood(sent: Sent, year: Year, moment: datetime) -> bool:
    """Whether it was not known by then that this message did not arrive."""
    back = year.returns.get(sent.call.uuid)
    return back is None or back > moment


def unheard(year: Year, sent: list[Sent]) -> Iterator[Finding]:
    """A clear answer is kept."""
    for case in year.cases:
        for act in case.acts:
            if act.word not in ("ja", "nee") or not case.changes:
                continue
            known = [change for change in case.changes if change.at <= act.at + READING]
            if is_off(known) or act.at >= min(change.start for change in known) - READING:
                continue
            kept = [told.answer for told in year.answers.get(case.afspraak_id, ()) if told.at <= act.at]
            if act.word not in kept:
                yield Finding(rule="lost", at=act.at, what=f"afspraak/{case.afspraak_id}: {act.word} by {act.door}")


# 4. By the clock on the wall.


def early(sent: Sent, year: Year) -> Iterator[Finding]:
    """No invitation or reminder before its day and hour, on whichever side of a clock change."""
    team = sent.case.script.team
    due = None
    if sent.row.kind == "herinnering":
        due = almanac.remind_from(sent.start, team)
        if due is None:
            yield Finding(rule="early", at=sent.call.at, what=f"{sent}: this team sends none")
    elif sent.row.kind == "uitnodiging" and sent.changes[-1].what != "again":
        due = almanac.invite_from(sent.start, team)
    if due is not None and sent.call.at < due:
        yield Finding(rule="early", at=sent.call.at, what=f"{sent}: not before {local(due):%a %d %b %H:%M}")


def tardy(year: Year, sent: list[Sent]) -> Iterator[Finding]:
    """The first call of an invitation or reminder comes when it is due, unless the weather was foul."""
    seen = set()
    for each in sent:
        key = (each.row.subject, each.row.kind, each.row.generation)
        if key in seen or each.row.kind not in ("uitnodiging", "herinnering"):
            continue
        seen.add(key)
        expected = _invite_expected(each) if each.row.kind == "uitnodiging" else _remind_expected(each)
        if expected is None:
            continue
        if each.call.at > expected + PROMPT and not is_foul(expected - PROMPT, each.call.at):
            yield Finding(rule="tardy", at=each.call.at, what=f"{each}: expected {local(expected):%a %d %b %H:%M}")


def _invite_expected(sent: Sent) -> datetime:
    due = almanac.invite_from(sent.start, sent.case.script.team)
    return almanac.first_decent(max(due, sent.changes[-1].at), sent.deadline)


def _remind_expected(sent: Sent) -> datetime | None:
    """Not on the heels of the invitation. None: the client took an answer back, and that is another matter."""
    due = almanac.remind_from(sent.start, sent.case.script.team)
    if due is None or any(act.word == "withdraw" for act in sent.case.acts):
        return None
    return almanac.first_decent(max(due, _invite_expected(sent) + almanac.NOT_ON_ITS_HEELS), sent.deadline)


def forgotten(year: Year, sent: list[Sent]) -> Iterator[Finding]:
    """Who was invited in time, and did not answer, is reminded."""
    reminded = {each.row.subject for each in sent if each.row.kind == "herinnering"}
    for case in year.cases:
        subject = f"afspraak/{case.afspraak_id}"
        if subject in reminded or not case.changes or case.is_off or year.answers.get(case.afspraak_id):
            continue
        due = almanac.remind_from(case.start, case.script.team)
        last = case.changes[-1].at
        if due is None or not (case.mobile.startswith("+316") or case.script.person.email):
            continue
        undisturbed = not case.acts and case.afspraak_id not in year.worklist and not is_foul(last, case.start)
        if undisturbed and last < due - 2 * DAY and due < case.start - timedelta(hours=1):
            yield Finding(rule="lost", at=due, what=f"{subject}: no reminder")


# 5. In the end.


def stuck(year: Year, sent: list[Sent]) -> Iterator[Finding]:
    """Nothing is left under way, and no news untold."""
    end = max((call.at for call in year.calls), default=almanac.CLOCK_CHANGES[1])
    for what in year.left:
        yield Finding(rule="stuck", at=end, what=what)


BY_MESSAGE: tuple[Callable[[Sent, Year], Iterator[Finding]], ...] = (quiet, late, stale, early)
BY_YEAR: tuple[Callable[[Year, list[Sent]], Iterator[Finding]], ...] = (twice, lost, unheard, tardy, forgotten, stuck)
