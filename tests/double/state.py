"""What the double remembers: messages, faults to come, and everything that was asked of it."""

import base64
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat


@dataclass(kw_only=True)
class Keys:
    """The secrets of the pretended accounts; the signing key is made at every start."""

    account_sid: str
    auth_token: str
    sendgrid_key: str
    signing_key: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    @property
    def public_key(self) -> str:
        """As SendGrid's settings page shows it: base64 of DER."""
        der = self.signing_key.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
        return base64.b64encode(der).decode()


@dataclass(kw_only=True)
class Fault:
    """A fault for the next ``times`` requests of one provider.

    Kinds: ``error`` (status and code), ``429``, ``5xx-before``, ``5xx-after``, ``reset-before``,
    ``reset-after``, ``hang`` (accepts, then says nothing for ``seconds``), ``slow``, ``garbled``
    (accepts, then answers with half a body).
    """

    api: str
    kind: str
    times: int = 1
    to: str = ""
    status: int = 400
    code: int = 0
    retry_after: str = ""
    seconds: float = 1.0
    method: str = "POST"


@dataclass(kw_only=True)
class State:
    """Shared by all request threads."""

    keys: Keys
    specs: Path | None = None
    latency: float = 0.0
    deliver: bool = False
    events_url: str = ""
    messages: list[dict[str, Any]] = field(default_factory=list)
    callbacks: dict[str, str] = field(default_factory=dict)
    mails: list[dict[str, Any]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)
    journal: list[dict[str, Any]] = field(default_factory=list)
    # False: messages stay out of the list, as if the provider's index lags behind.
    listing: bool = True
    lock: threading.Lock = field(default_factory=threading.Lock)

    def next_fault(self, api: str, method: str, to: str) -> Fault | None:
        """Take the first fault that fits this request."""
        with self.lock:
            for fault in self.faults:
                if fault.api == api and fault.method == method and fault.to in {"", to}:
                    fault.times -= 1
                    if fault.times <= 0:
                        self.faults.remove(fault)
                    return fault
        return None

    def note(self, api: str, what: str, **details: Any) -> None:
        """Write a line in the journal."""
        with self.lock:
            self.journal.append({"api": api, "what": what, "at": datetime.now(UTC).isoformat(), **details})

    def clear(self) -> None:
        """Forget everything but the keys."""
        with self.lock:
            for each in (self.messages, self.mails, self.faults, self.journal):
                each.clear()
            self.callbacks.clear()
            self.listing = True
