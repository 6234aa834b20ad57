"""One way to say no: every reason at once, each tied to a field of the form."""

from __future__ import annotations

from collections.abc import Sequence

from afspraken.domain.voornemen import Veldfout


class BeheerGeweigerd(Exception):
    """A change that may not be made; ``fouten`` says why, in Dutch. ``veld`` "" is the change as a whole."""

    def __init__(self, fouten: Sequence[Veldfout]) -> None:
        super().__init__("; ".join(fout.code for fout in fouten))
        self.fouten = tuple(fouten)


def geweigerd(veld: str, code: str, melding: str) -> BeheerGeweigerd:
    """A refusal with one reason."""
    return BeheerGeweigerd((Veldfout(veld=veld, code=code, melding=melding),))
