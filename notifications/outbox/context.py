"""What a message is about, asked at the last moment from the storey that knows."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from notifications.gateways.base import Attachment


@dataclass(frozen=True, kw_only=True)
class Rendering:
    """The values for the placeholders of one message, and the files that go with it."""

    values: Mapping[str, str]
    attachments: tuple[Attachment, ...] = ()


# (subject, kind, generation) -> values, or None when the message has been overtaken.
ContextProvider = Callable[[str, str, int], Rendering | None]

_providers: list[ContextProvider] = []


def register_context_provider(provider: ContextProvider) -> None:
    """Who is asked; one provider, and the last one registered counts."""
    _providers[:] = [provider]


def ask(subject: str, kind: str, generation: int) -> Rendering | None:
    """The values right now; raises LookupError when nobody was registered."""
    if not _providers:
        raise LookupError("no context provider is registered")
    return _providers[0](subject, kind, generation)
