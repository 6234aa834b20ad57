"""`python -m tests.crash --kills 500 --messages 20000 --db postgres --seed 1`: kills the engine, and counts.

Exit code 1 when anything was lost, sent twice, stale or stuck. The double's journal, the database and the log
stay in a folder that is named at the end.
"""

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Sequence
from contextlib import AbstractContextManager, ExitStack, nullcontext
from pathlib import Path

from tests.crash import databases
from tests.crash.doorbell import Redis
from tests.crash.plan import Tally, Trial, Verdict
from tests.double.running import Double, running_double
from tests.environment import UNWANTED_PREFIXES, VALUES


def main(arguments: Sequence[str]) -> int:
    """Run, print a table; the exit code says whether the engine held."""
    trial = _asked(arguments)
    folder = trial.keep or Path(tempfile.mkdtemp(prefix="vooraf-crash-"))
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        database = stack.enter_context(_database(trial, folder))
        double = stack.enter_context(running_double())
        redis = stack.enter_context(Redis.running(folder)) if trial.redis else None
        _environment(trial, folder, database.url, double, redis)
        _load(new=not trial.url)
        # Only now there are settings.
        import random

        from tests.crash import supervisor

        run = supervisor.Run(
            trial=trial,
            folder=folder,
            double=double,
            database=database,
            port=int(os.environ["PUBLIC_URL"].rsplit(":", 1)[1]),
            redis=redis,
            dice=random.Random(trial.seed),
        )
        try:
            found = run.go()
        except supervisor.OutOfPatience as problem:
            found = Verdict(wrong=[str(problem)])
        (folder / "journal.json").write_text(json.dumps(double.journal()), encoding="utf-8")
        _show(trial, run.tally, found)
        print(f"\njournal, database and log: {folder}")
    return 0 if found.faultless else 1


def _asked(arguments: Sequence[str]) -> Trial:
    parser = argparse.ArgumentParser(prog="tests.crash", description=__doc__)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--messages", type=int, default=2000)
    parser.add_argument("--db", choices=("postgres", "sqlite"), default="postgres")
    parser.add_argument("--url", default="", help="a database that has its tables already, instead of a new one")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--planners", type=int, default=2)
    parser.add_argument("--clusters", type=int, default=0, help="1: the real worker command takes part and is killed")
    parser.add_argument("--redis", action="store_true", help="Redis is the doorbell, and is emptied again and again")
    parser.add_argument("--restarts", type=int, default=0, help="how often PostgreSQL is stopped as by a power cut")
    parser.add_argument("--clock", type=float, default=0.0, help="how far clocks jump, in seconds")
    parser.add_argument("--pace", type=float, default=1.0, help="stretches all waiting times")
    parser.add_argument("--kills-per-second", type=float, default=1.5)
    parser.add_argument("--every-step", action="store_true", help="kill at each named step once, and not by chance")
    parser.add_argument("--storm", type=float, default=0.0, help="so many times the usual faults, all of the time")
    parser.add_argument("--changes", type=float, default=0.3, help="how many of the subjects change, as a share")
    parser.add_argument("--calm", action="store_true", help="the provider has no faults")
    parser.add_argument("--mutants", nargs="*", default=(), help="put defects in: the run must find them (mutants.py)")
    parser.add_argument("--patience", type=float, default=1800.0, help="seconds after which the run has failed")
    parser.add_argument("--keep", type=Path, help="folder for journal, database and log")
    asked = parser.parse_args(arguments)
    known = {name: value for name, value in vars(asked).items() if name != "calm"}
    return Trial(**known, faults=not asked.calm)


def _database(trial: Trial, folder: Path) -> AbstractContextManager[databases.Database]:
    if trial.url:
        return nullcontext(databases.Database(url=trial.url))
    return databases.postgres(folder) if trial.db == "postgres" else databases.sqlite(folder)


def _environment(trial: Trial, folder: Path, url: str, double: Double, redis: Redis | None) -> None:
    """What the settings read, here and in every process that is started from here."""
    for name in [name for name in os.environ if name.startswith((*UNWANTED_PREFIXES, "CRASH_"))]:
        del os.environ[name]
    os.environ.update(VALUES | double.settings())
    # Only the browser tests need it.
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]
    os.environ.update(
        {
            "DJANGO_SETTINGS_MODULE": "tests.crash.settings",
            "DATABASE_URL": url,
            "PUBLIC_URL": f"http://127.0.0.1:{databases.free_port()}",
            "LOG_LEVEL": "WARNING",
            "CRASH_PACE": str(trial.pace),
            "CRASH_MUTANTS": " ".join(trial.mutants),
        }
    )
    if redis is not None:
        os.environ["REDIS_URL"] = redis.url


def _load(*, new: bool) -> None:
    """Everything that a child would otherwise load for itself, and the tables."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connections

    import notifications.gateways.sendgrid.gateway
    import notifications.gateways.twilio.gateway  # noqa: F401
    from project.wsgi import application

    assert callable(application)
    if new:
        call_command("migrate", verbosity=0)
    connections.close_all()


def _show(trial: Trial, tally: Tally, found: Verdict) -> None:
    """The table."""
    from django.db import connection

    facts = found.facts
    print(f"\n{connection.vendor}, seed {trial.seed}: {tally.total} kills in {tally.seconds:.0f} s", end="")
    print(f" ({tally.ordered} at a named step), mended in {tally.recovery:.0f} s")
    print(f"kills of: {dict(tally.by_role)}; in the real worker's group {tally.cluster_kills}", end="")
    print(f" (started again from outside {tally.cluster_restarts} times)")
    print(f"database stopped {tally.restarts}x, Redis emptied {tally.flushes}x, disk full {tally.full}x, ", end="")
    print(f"clock of a process moved {tally.jumps}x, of the database {tally.steps}x")
    for step, count in sorted(tally.kills.items(), key=lambda each: (each[0].startswith("any"), each[0])):
        print(f"  {count:5d}  {step}")
    double = facts.pop("double", {})
    for api, counts in double.items():
        print(f"{api}: " + ", ".join(f"{what} {count}" for what, count in counts.items()))
    for name, value in facts.items():
        print(f"{name}: {value}")
    for name in ("lost", "twice", "stale", "stuck", "wrong"):
        entries: list[str] = getattr(found, name)
        print(f"{name.upper():6} {len(entries)}" + "".join(f"\n    {entry}" for entry in entries[:12]))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
