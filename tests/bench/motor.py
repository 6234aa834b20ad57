"""The message engine on PostgreSQL: what `python -m tests.bench motor` runs, or a part of it."""

from __future__ import annotations

from collections.abc import Callable

from tests.bench import motor_anderen, motor_historie, motor_rust, motor_snelheid, motor_wachttijd
from tests.bench.base import Cijfer
from tests.bench.motor_base import Proef, proef

PARTS: dict[str, Callable[[Proef], list[Cijfer]]] = {
    "motor-snelheid": motor_snelheid.run,
    "motor-anderen": motor_anderen.run,
    "motor-historie": motor_historie.run,
    "motor-wachttijd": motor_wachttijd.run,
    "motor-rust": motor_rust.run,
}


def run(chosen: list[str]) -> list[Cijfer]:
    """The chosen parts, one after the other, on one server."""
    found: list[Cijfer] = []
    with proef() as made:
        for name in chosen:
            print(f"-- {name} ...", flush=True)
            found += PARTS[name](made)
    return found
