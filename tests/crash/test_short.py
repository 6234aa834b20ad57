"""A small storm in every test run; the great ones are `make crash`."""

from pathlib import Path

import pytest

from tests.crash.running import crash

pytestmark = pytest.mark.django_db(transaction=True)


def test_nothing_lost_twice_stale_or_stuck(tmp_path: Path) -> None:
    """Ten kills over two hundred messages, every fault on."""
    code, said = crash(
        "--kills=10", "--messages=200", "--pace=0.4", "--kills-per-second=2", "--patience=240", folder=tmp_path
    )
    assert code == 0, said
    assert "TWICE  0" in said


def test_a_worker_may_die_at_every_named_step(tmp_path: Path) -> None:
    code, said = crash(
        "--every-step", "--workers=5", "--messages=60", "--storm=4", "--pace=0.3", "--patience=240", folder=tmp_path
    )
    assert code == 0, said
