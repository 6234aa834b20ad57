"""An answer of the double."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(kw_only=False)
class Answer:
    """Status, JSON body (None: empty) and extra headers."""

    status: int
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
