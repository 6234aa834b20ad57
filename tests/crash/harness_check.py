"""Whether the harness sees defects: `python -m pytest tests/crash/harness_check.py`; too long for every test run."""

from pathlib import Path

import pytest

from tests.crash.running import crash

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.mark.parametrize(
    ("mutants", "findings"),
    [(("resend", "unasked"), ("TWICE", "STALE")), (("optimist", "deaf", "forgetful"), ("LOST", "WRONG", "STUCK"))],
)
def test_the_harness_finds_defects(mutants: tuple[str, ...], findings: tuple[str, ...], tmp_path: Path) -> None:
    """Each is put in on purpose, and must be found for what it is."""
    code, said = crash(
        "--kills=6", "--messages=200", "--changes=0.8", "--storm=5", "--pace=0.3", "--kills-per-second=4",
        "--mutants", *mutants, folder=tmp_path,
    )  # fmt: skip
    assert code == 1, said
    counts = {line.split()[0]: int(line.split()[1]) for line in said.splitlines() if line.startswith(findings)}
    assert all(counts.get(finding) for finding in findings), said
