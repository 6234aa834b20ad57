"""The examples in deploy/ give a worker the time that it takes to stop."""

import re
from configparser import ConfigParser

from project.env import BASE_DIR
from project.watchdog import Bounds

DEPLOY = BASE_DIR / "deploy"
# What the cluster has above the watchdog's bound, for when the watchdog is gone.
_MARGIN = 3


def test_systemd_signals_the_watchdog_alone_and_waits_long_enough() -> None:
    unit = ConfigParser(interpolation=None, strict=False)
    unit.optionxform = str  # type: ignore[assignment,method-assign]
    unit.read(DEPLOY / "systemd" / "vooraf-worker.service")
    service = unit["Service"]
    assert (service["KillMode"], service["Restart"]) == ("mixed", "always")
    assert int(service["TimeoutStopSec"]) > Bounds.stop + _MARGIN
    assert service["ExecStart"].endswith("manage.py worker")


def test_a_container_is_waited_for_long_enough() -> None:
    text = (DEPLOY / "compose.worker.yaml").read_text(encoding="utf-8")
    (seconds,) = re.findall(r"^    stop_grace_period: (\d+)s$", text, re.MULTILINE)
    assert int(seconds) > Bounds.stop + _MARGIN
