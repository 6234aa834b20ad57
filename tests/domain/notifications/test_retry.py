"""What follows an attempt: a table, and bounds that hold whatever the numbers are."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.domain.retry import LONGEST_PAUSE, LONGEST_RETRY_AFTER, Step, Verdict, decide, pause

NOW = datetime(2026, 12, 2, 13, 0, tzinfo=UTC)
DAY = NOW + timedelta(days=1)


@pytest.mark.parametrize(
    ("verdict", "step"),
    [
        (Verdict.ACCEPTED, Step.ACCEPT),
        (Verdict.PERMANENT, Step.REFUSE),
        (Verdict.TEMPORARY, Step.POSTPONE),
        (Verdict.UNKNOWN, Step.LOOK_UP),
    ],
)
def test_what_follows(verdict: Verdict, step: Step) -> None:
    assert decide(verdict=verdict, now=NOW, useful_until=DAY, failures=0).step is step


@given(
    failures=st.integers(0, 1000),
    retry_after=st.none() | st.floats(0, 1e5),
    jitter=st.floats(0, 1, exclude_max=True),
)
def test_an_unknown_outcome_is_never_simply_repeated(failures: int, retry_after: float | None, jitter: float) -> None:
    decision = decide(
        verdict=Verdict.UNKNOWN,
        now=NOW,
        useful_until=DAY,
        failures=failures,
        retry_after=retry_after,
        jitter=jitter,
    )
    assert decision.step is Step.LOOK_UP
    assert decision.at is not None
    assert decision.at > NOW


@pytest.mark.parametrize(("failures", "seconds"), [(0, 30), (1, 60), (2, 120), (6, 1800), (99, 1800)])
def test_pauses_double_up_to_half_an_hour(failures: int, seconds: float) -> None:
    assert pause(failures=failures, jitter=0.5) == timedelta(seconds=seconds)


@given(
    failures=st.integers(0, 10_000),
    retry_after=st.floats(0.001, 1e9),
    jitter=st.floats(0, 1, exclude_max=True),
)
def test_never_sooner_than_the_provider_asks(failures: int, retry_after: float, jitter: float) -> None:
    waited = pause(failures=failures, retry_after=retry_after, jitter=jitter)
    assert waited >= min(timedelta(seconds=retry_after), LONGEST_RETRY_AFTER)
    assert waited <= LONGEST_RETRY_AFTER * 1.2


@given(failures=st.integers(0, 10_000), jitter=st.floats(0, 1, exclude_max=True))
def test_a_pause_has_bounds(failures: int, jitter: float) -> None:
    assert timedelta(seconds=27) <= pause(failures=failures, jitter=jitter) <= LONGEST_PAUSE * 1.1


def test_a_repeat_that_would_come_too_late_is_the_end() -> None:
    soon = NOW + timedelta(seconds=30)
    decision = decide(verdict=Verdict.TEMPORARY, now=NOW, useful_until=soon, failures=3)
    assert (decision.step, decision.at) == (Step.EXPIRE, None)
