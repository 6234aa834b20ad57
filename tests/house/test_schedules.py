"""Tasks are dotted strings that only the worker resolves: a renamed function would fail silently."""

import inspect
import re
from pydoc import locate

import pytest

from project.env import BASE_DIR
from project.schedules import SCHEDULES, Scheduled, install

# async_task("a.b.c"), and the same with a keyword.
TASK = re.compile(r"""async_task\(\s*(?:func=)?["']([\w.]+)["']""")


@pytest.mark.parametrize("row", SCHEDULES, ids=lambda row: row.func)
def test_a_scheduled_function_exists_and_takes_no_arguments(row: Scheduled) -> None:
    function = locate(row.func)
    assert callable(function), f"{row.func} cannot be imported"
    required = [
        parameter.name
        for parameter in inspect.signature(function).parameters.values()
        if parameter.default is parameter.empty
        and parameter.kind not in {parameter.VAR_KEYWORD, parameter.VAR_POSITIONAL}
    ]
    assert required == []
    assert row.minutes >= 1


def test_every_name_stands_once() -> None:
    names = [row.name for row in SCHEDULES]
    assert len(names) == len(set(names))


@pytest.mark.django_db
def test_installing_twice_leaves_exactly_the_table() -> None:
    from django_q.models import Schedule

    install()
    Schedule.objects.create(name="stray", func="os.getcwd", schedule_type=Schedule.MINUTES, minutes=1)
    install()
    rows = Schedule.objects.values_list("name", "func", "minutes", "repeats", "args", "kwargs")
    assert sorted(rows) == sorted((row.name, row.func, row.minutes, -1, None, None) for row in SCHEDULES)


def test_every_queued_task_exists() -> None:
    missing = [
        f"{path.relative_to(BASE_DIR)}: {name}"
        for folder in ("afspraken", "notifications", "project")
        for path in (BASE_DIR / folder).rglob("*.py")
        for name in TASK.findall(path.read_text(encoding="utf-8"))
        if not callable(locate(name))
    ]
    assert missing == []
