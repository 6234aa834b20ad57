"""One way to say no: every reason at once, each tied to a field of the form."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from django.db import IntegrityError

from afspraken.domain.voornemen import Veldfout

TEGELIJK = "Een collega deed dit op hetzelfde moment. Bekijk de pagina opnieuw."


class BeheerGeweigerd(Exception):
    """A change that may not be made; ``fouten`` says why, in Dutch. ``veld`` "" is the change as a whole."""

    def __init__(self, fouten: Sequence[Veldfout]) -> None:
        super().__init__("; ".join(fout.code for fout in fouten))
        self.fouten = tuple(fouten)


def geweigerd(veld: str, code: str, melding: str) -> BeheerGeweigerd:
    """A refusal with one reason."""
    return BeheerGeweigerd((Veldfout(veld=veld, code=code, melding=melding),))


@contextmanager
def bij_botsing(veld: str, melding: str) -> Iterator[None]:
    """Two people (or two clicks) did the same at the same moment: the database let one through, the other hears why.

    Goes around the transaction, so that everything of the one that lost is undone.
    """
    try:
        yield
    except IntegrityError as lost:
        raise geweigerd(veld, "botsing", melding) from lost
