"""Transactions of a drain: while the database writes to its disk, calls to providers may begin."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from types import TracebackType
from typing import Any

from django.db.transaction import Atomic

Around = Callable[..., Any]

_around: ContextVar[Around | None] = ContextVar("around_commits", default=None)


@contextmanager
def around(wrap: Around) -> Iterator[None]:
    """In this thread, have the end of every transaction of :func:`atomic` done by ``wrap(end, *arguments)``."""
    token = _around.set(wrap)
    try:
        yield
    finally:
        _around.reset(token)


class _Committed(Atomic):
    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc_value: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        wrap = _around.get()
        if wrap is None:
            super().__exit__(exc_type, exc_value, traceback)
        else:
            # What wraps statements does not see commits, which take as long as three of them.
            wrap(super().__exit__, exc_type, exc_value, traceback)


def atomic() -> Atomic:
    """As ``transaction.atomic()``."""
    return _Committed(using=None, savepoint=True, durable=False)
