"""The kinds of message that exist. The storey above registers them; the post room invents none."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from notifications.domain.lifecycle import Channel


@dataclass(frozen=True, kw_only=True)
class Placeholder:
    """A field that a text may use. ``label`` and ``sample`` are Dutch and shown in the editor.

    ``longest`` is the longest realistic value, for counting SMS parts; the sample when empty.
    """

    name: str
    label: str
    sample: str
    longest: str = ""


@dataclass(frozen=True, kw_only=True)
class Wording:
    """A text with placeholders; ``subject`` is empty for SMS."""

    subject: str
    body: str


@dataclass(frozen=True, kw_only=True)
class Kind:
    """One kind of message and the texts that ship with it.

    ``answerable``: people may answer it by SMS. ``max_segments``: SMS parts at the longest values.
    ``after_opt_out``: the one text that confirms an opt-out, and so still goes to an address that has
    just opted out; it has to be planned before the opt-out.
    """

    name: str
    label: str
    placeholders: tuple[Placeholder, ...]
    channels: tuple[Channel, ...]
    required: Mapping[Channel, frozenset[str]]
    defaults: Mapping[tuple[Channel, str], Wording]
    answerable: bool
    max_segments: int = 2
    after_opt_out: bool = False
    samples: Mapping[str, str] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "samples", {each.name: each.sample for each in self.placeholders})

    @property
    def longest(self) -> Mapping[str, str]:
        """The longest realistic value of every placeholder."""
        return {each.name: each.longest or each.sample for each in self.placeholders}


class UnknownKind(LookupError):
    """A kind of message that nobody registered."""


_kinds: dict[str, Kind] = {}


def register_kinds(kinds: Iterable[Kind]) -> None:
    """Make kinds known; a kind of the same name is replaced."""
    for each in kinds:
        _kinds[each.name] = each


def kinds() -> tuple[Kind, ...]:
    """All kinds, in the order in which they were registered."""
    return tuple(_kinds.values())


def kind(name: str) -> Kind:
    """One kind; raises :class:`UnknownKind`."""
    try:
        return _kinds[name]
    except KeyError:
        raise UnknownKind(name) from None
