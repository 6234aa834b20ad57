"""A year of a municipality, drawn from a seed: who gets an appointment when, and everything that comes between."""

from __future__ import annotations

import random
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from tests.year.almanac import CLOCK_CHANGES, DAY, MINUTE, TEAMS, at, is_working_day, local
from tests.year.weather import PAUSES, STORMS

FIRST_DAY = date(2026, 10, 1)
LAST_DAY = date(2027, 10, 1)
DAYS = (LAST_DAY - FIRST_DAY).days
HOUR = timedelta(hours=1)
# When the planning system hands over its files, by day of the week; the last one in the night.
FILES = {0: time(7), 2: time(16), 3: time(23, 30)}
# Most meetings are in every second week: municipalities see people in rounds.
_ROUND = 2


@dataclass(frozen=True, kw_only=True)
class Person:
    """A client, and what becomes of messages to their addresses (see provider.py)."""

    number: int
    mobile: str
    email: str
    language: str
    sms_fate: str
    email_fate: str


@dataclass(frozen=True, kw_only=True)
class Step:
    """Something that happens to an appointment: what, when, and by whom ("system" or "hand")."""

    at: datetime
    what: str
    door: str = "system"
    start: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Script:
    """One appointment and what is going to happen to it.

    ``answers`` are doors and words, each with how long after the first message it comes; ``ambush`` is a change that
    falls between a worker's claim and its Attempt, before or after it is asked whether the message still holds.
    """

    number: int
    person: Person
    team: str
    start: datetime
    planned_at: datetime
    steps: tuple[Step, ...]
    answers: tuple[tuple[timedelta, str, str], ...] = ()
    ambush: Step | None = None
    ambush_after: bool = False


@dataclass
class Dice:
    """The draws of one seed."""

    seed: int
    dice: random.Random = field(init=False)

    def __post_init__(self) -> None:
        self.dice = random.Random(f"year {self.seed}")

    def chance(self, share: float) -> bool:
        return self.dice.random() < share

    def pick(self, weighted: dict[str, float]) -> str:
        return self.dice.choices(list(weighted), list(weighted.values()))[0]

    def between(self, low: timedelta, high: timedelta) -> timedelta:
        return timedelta(seconds=int(self.dice.uniform(low.total_seconds(), high.total_seconds())))


def _hot_days() -> list[date]:
    """Days worth many appointments: around clock changes and holidays, during and after storms and pauses."""
    days = {local(moment).date() for moment in CLOCK_CHANGES}
    days |= {local(storm.begins).date() for storm in STORMS} | {local(pause[0]).date() for pause in PAUSES}
    days |= {date(2026, 12, 24), date(2026, 12, 28), date(2027, 1, 2), date(2027, 4, 26), date(2027, 5, 7)}
    return sorted({day + offset * DAY for day in days for offset in (0, 1, 2)})


def write(count: int, seed: int) -> list[Script]:
    """``count`` appointments in the order in which they are planned."""
    dice = Dice(seed)
    hot = _hot_days()
    people: list[Person] = []
    scripts = []
    for number in range(count):
        # A client has one appointment as a rule, and sometimes several, on the same phone.
        if people and dice.chance(0.15):
            person = dice.dice.choice(people[-40:])
        else:
            person = _person(dice, len(people))
            people.append(person)
        scripts.append(_script(dice, number, person, hot))
    return sorted(scripts, key=lambda script: script.planned_at)


def _person(dice: Dice, number: int) -> Person:
    reach = dice.pick({"both": 50, "sms": 32, "email": 12, "none": 4, "abroad": 2})
    mobile = f"+3161{number:07d}" if reach in ("both", "sms") else f"+49151{number:08d}" if reach == "abroad" else ""
    email = f"client{number}@example.nl" if reach in ("both", "email", "abroad") else ""
    return Person(
        number=number,
        mobile=mobile,
        email=email,
        language=dice.pick({"nl": 80, "en": 14, "tr": 6}),
        sms_fate=dice.pick(
            {"fine": 68, "late": 6, "doubled": 5, "disordered": 4, "returned": 5, "silent": 6, "dead": 4, "stopped": 2}
        ),
        email_fate=dice.pick(
            {"fine": 74, "late": 5, "doubled": 5, "bounced": 4, "bounced later": 4, "silent": 6, "dead": 2}
        ),
    )


def _start(dice: Dice, hot: list[date], *, after: datetime | None = None) -> datetime:
    """The beginning of a meeting: office hours as a rule, in the evening, at dawn and on Sunday now and then."""
    while True:
        if after is None:
            day = dice.dice.choice(hot) if dice.chance(0.18) else FIRST_DAY + dice.dice.randrange(3, DAYS) * DAY
        else:
            day = local(after).date() + dice.dice.randrange(0, 21) * DAY
        odd = dice.chance(0.05)
        quiet_week = after is None and day not in hot and day.isocalendar().week % _ROUND and dice.chance(0.9)
        if not odd and (not is_working_day(day) or quiet_week):
            continue
        clock = time(dice.dice.choice((7, 8, 19, 20, 22)) if odd else dice.dice.randrange(8, 17))
        start = at(day, clock) + dice.dice.choice((0, 10, 15, 30, 45)) * MINUTE
        if after is None or start > after + 10 * MINUTE:
            return start


def _lead(dice: Dice) -> timedelta:
    length = dice.pick({"minutes": 8, "hours": 12, "days": 28, "weeks": 38, "months": 16})
    low, high = {
        "minutes": (6 * MINUTE, HOUR),
        "hours": (HOUR, 14 * HOUR),
        "days": (14 * HOUR, 4 * DAY),
        "weeks": (4 * DAY, 21 * DAY),
        "months": (21 * DAY, 80 * DAY),
    }[length]
    return dice.between(low, high)


def _planned_at(dice: Dice, start: datetime) -> datetime:
    """Mostly by a file that the planning system hands over at set hours, else at any moment, Sunday night included."""
    moment = max(start - _lead(dice), at(FIRST_DAY, time(0)))
    if not dice.chance(0.75):
        return moment
    day = local(moment).date()
    while day.weekday() not in FILES:
        day += DAY
    handed_over = at(day, FILES[day.weekday()])
    return handed_over if handed_over < start - 10 * MINUTE else moment


def _script(dice: Dice, number: int, person: Person, hot: list[date]) -> Script:
    start = _start(dice, hot)
    planned_at = _planned_at(dice, start)
    planned_at = min(planned_at, start - 6 * MINUTE)
    if dice.chance(0.03):
        # In the night of a clock change itself, in the hour that is skipped or comes twice.
        change = dice.dice.choice(CLOCK_CHANGES)
        planned_at = change + dice.between(-HOUR, HOUR)
        start = _start(dice, hot, after=planned_at)
    steps = sorted(_steps(dice, start, planned_at), key=lambda step: step.at)
    what, door = dice.pick({"": 94, "move": 3, "cancel": 3}), dice.pick({"system": 1, "hand": 1})
    ambush = Step(at=start, what=what, door=door, start=_start(dice, [], after=start) if what == "move" else None)
    return Script(
        number=number,
        person=person,
        team=dice.dice.choice(list(TEAMS)),
        start=start,
        planned_at=planned_at,
        steps=tuple(steps),
        answers=_answers(dice),
        ambush=ambush if what else None,
        ambush_after=dice.chance(0.5),
    )


def _moment(dice: Dice, begin: datetime, end: datetime) -> datetime:
    """Any moment between, many of them close to the end and some in the middle of the night."""
    if dice.chance(0.3):
        begin = max(begin, end - 3 * HOUR)
    moment = begin + dice.between(0 * MINUTE, max(end - begin, MINUTE))
    if dice.chance(0.2):
        night = at(local(moment).date(), time(23)) + dice.between(-HOUR, 8 * HOUR)
        moment = night if begin < night < end else moment
    return moment


def _steps(dice: Dice, start: datetime, planned_at: datetime) -> list[Step]:
    steps = []
    moment = planned_at
    for share in (0.18, 0.35, 0.35):
        if not dice.chance(share):
            break
        moment = _moment(dice, moment, start)
        start = _start(dice, [], after=moment)
        steps.append(Step(at=moment, what="move", door=dice.pick({"system": 2, "hand": 1}), start=start))
    if dice.chance(0.06):
        steps.append(Step(at=_moment(dice, moment, start), what="reassign", door="hand"))
    if dice.chance(0.04):
        steps.append(Step(at=_moment(dice, moment, start), what="address"))
    if dice.chance(0.03):
        steps.append(Step(at=_moment(dice, moment, start), what="again", door="hand"))
    if dice.chance(0.1):
        off = _moment(dice, moment, start)
        steps.append(Step(at=off, what="cancel", door=dice.pick({"system": 2, "hand": 1})))
        if dice.chance(0.2):
            again = off + dice.between(2 * MINUTE, 2 * DAY)
            steps.append(Step(at=again, what="replan", start=_start(dice, [], after=again)))
    return steps


def _answers(dice: Dice) -> tuple[tuple[timedelta, str, str], ...]:
    """Nobody has to answer; who does may change their mind, and some want to hear no more."""
    found = []
    after = timedelta(0)
    for share in (0.55, 0.2):
        if not dice.chance(share):
            break
        after += dice.between(MINUTE, dice.dice.choice((HOUR, DAY, 9 * DAY)))
        door = dice.pick({"sms": 55, "page": 45})
        word = dice.pick({"ja": 45, "nee": 25, "weet niet": 10, "unclear": 8, "rules": 6, "withdraw": 6})
        found.append((after, door, word))
    if dice.chance(0.05):
        found.append((after + dice.between(MINUTE, DAY), "sms", "stop"))
        if dice.chance(0.3):
            found.append((after + dice.between(DAY, 3 * DAY), "sms", "start"))
    return tuple(found)
