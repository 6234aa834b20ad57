"""What a message is about, asked at the last moment from the storey that knows."""

import logging
from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

from notifications.gateways.base import Attachment

logger = logging.getLogger(__name__)


class Rendering(NamedTuple):
    """The values for the placeholders of one message, and the files that go with it.

    A value may be worked out when a text asks for it; when that fails, the message is made later.
    """

    values: Mapping[str, str]
    attachments: tuple[Attachment, ...] = ()


class Asked(NamedTuple):
    """One message to be made; ``files`` False: it can't carry any, so none need to be made."""

    subject: str
    kind: str
    generation: int
    files: bool = True


# (subject, kind, generation) -> values, or None when the message has been overtaken.
ContextProvider = Callable[[str, str, int], Rendering | None]
# The same for a group, in order.
GroupProvider = Callable[[Sequence[Asked]], Sequence[Rendering | None]]

_providers: list[tuple[ContextProvider, GroupProvider | None]] = []


def register_context_provider(provider: ContextProvider, *, many: GroupProvider | None = None) -> None:
    """Who is asked; one provider, and the last one registered counts. ``many`` answers for a group at once."""
    _providers[:] = [(provider, many)]


def ask(asked: Sequence[Asked]) -> list[Rendering | Exception | None]:
    """The values right now, in order; None when overtaken, an exception when the provider failed for it.

    A group that can't be answered as a whole is asked one by one, so that one bad message does not
    keep the others.
    """
    if not _providers:
        return [LookupError("no context provider is registered") for _ in asked]
    one, many = _providers[0]
    if many is not None and len(asked) > 1:
        try:
            found: list[Rendering | Exception | None] = list(many(asked))
        except Exception as problem:  # which message it is shows below
            logger.warning("no context for a group of %d (%s): each is asked", len(asked), type(problem).__name__)
        else:
            if len(found) == len(asked):
                return found
            # Whose answer is whose can't be told.
            logger.error("%d answers for a group of %d: each is asked", len(found), len(asked))
    return [_ask_one(one, each) for each in asked]


def _ask_one(provider: ContextProvider, asked: Asked) -> Rendering | Exception | None:
    try:
        return provider(asked.subject, asked.kind, asked.generation)
    except Exception as problem:  # a fault above us must not lose a message
        logger.exception("no context for %s (%s)", asked.subject, type(problem).__name__)
        return problem
