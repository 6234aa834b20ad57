"""What the double remembers: messages, faults to come, and everything that was asked of it."""

import base64
import threading
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from tests.double.faults import Fault
from tests.double.journal import Journal
from tests.double.weather import Latency, Weather


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
class State:
    """Shared by the event loop and the threads that make the double's own calls."""

    keys: Keys
    specs: Path | None = None
    latency: Latency = field(default_factory=Latency)
    deliver: bool = False
    events_url: str = ""
    messages: list[dict[str, Any]] = field(default_factory=list)
    by_sid: dict[str, dict[str, Any]] = field(default_factory=dict)
    by_number: defaultdict[str, list[dict[str, Any]]] = field(default_factory=lambda: defaultdict(list))
    callbacks: dict[str, str] = field(default_factory=dict)
    # When a message shows up in the list, on the monotonic clock; absent: at once.
    listed_from: dict[str, float] = field(default_factory=dict)
    mails: dict[str, dict[str, Any]] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    weather: Weather = field(default_factory=Weather)
    journal: Journal = field(default_factory=Journal)
    # Providers whose keys were taken back.
    revoked: set[str] = field(default_factory=set)
    # Receipts that are still to come.
    letters: int = 0
    # False: messages stay out of the list, as if the provider's index lags behind.
    listing: bool = True
    # Goes up when everything is forgotten: letters about what was before are not sent any more.
    era: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def next_fault(self, api: str, method: str, to: str, uuid: str) -> Fault | None:
        """The first ordered fault that fits this request, else what the weather brings."""
        with self.lock:
            for fault in self.faults:
                if fault.api == api and fault.method == method and fault.to in {"", to}:
                    fault.times -= 1
                    if fault.times <= 0:
                        self.faults.remove(fault)
                    return fault
            return self.weather.fault(api, method, uuid or to)

    def note(self, api: str, what: str, **details: Any) -> None:
        """Write a line in the journal."""
        self.journal.write(api, what, **details)

    def clear(self) -> None:
        """Forget everything but the keys and the latency."""
        with self.lock:
            for each in (self.messages, self.faults):
                each.clear()
            for known in (self.by_sid, self.by_number, self.callbacks, self.listed_from, self.mails):
                known.clear()
            self.revoked.clear()
            self.weather = Weather()
            self.listing = True
            self.letters = 0
            self.era += 1
        self.journal.clear()
