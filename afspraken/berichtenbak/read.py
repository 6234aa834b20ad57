"""What lies in the phones and mailboxes of the demo. Reads, and changes nothing."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db.models import Q
from django.utils.safestring import SafeString

from afspraken.berichtenbak.tekst import here, with_links
from afspraken.domain.datums import kort
from afspraken.flow import berichten
from afspraken.models import Afspraak, Client
from notifications import api as post
from notifications.fields import blind_index

_TERUG = timedelta(days=120)
_MAX = 2000
_NUMMER = re.compile(r"\+\d{6,15}")
_NOOIT = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, kw_only=True)
class Gepland:
    """A message that waits: to whom, what kind, and when."""

    uuid: UUID
    kanaal: post.Channel
    adres: str
    naam: str
    soort: str
    moment: datetime

    @property
    def weergave(self) -> str:
        """The address as people write it."""
        return shown(self.adres)


@dataclass(frozen=True, kw_only=True)
class Bel:
    """One SMS on a phone. ``van_client``: typed by the client."""

    tekst: str
    moment: datetime
    van_client: bool
    delen: int

    @property
    def met_links(self) -> SafeString:
        """The text with its addresses as links."""
        return with_links(self.tekst)

    @property
    def wanneer(self) -> str:
        """Day and time in a few letters, as on a phone."""
        return kort(self.moment)


@dataclass(frozen=True, kw_only=True)
class Mail:
    """One e-mail in a mailbox."""

    uuid: UUID
    onderwerp: str
    afzender: str
    aan: str
    tekst: str
    html: str
    moment: datetime
    bijlagen: tuple[post.Attachment, ...]

    @property
    def met_links(self) -> SafeString:
        """The text with its addresses as links."""
        return with_links(self.tekst)


@dataclass(kw_only=True)
class Bak:
    """One phone or mailbox in the overview."""

    adres: str
    namen: tuple[str, ...] = ()
    aantal: int = 0
    gepland: int = 0
    laatste_op: datetime | None = None
    fragment: str = ""

    @property
    def weergave(self) -> str:
        """The address as people write it."""
        return shown(self.adres)


@dataclass(kw_only=True)
class Overzicht:
    """Everything at a glance, the newest first."""

    telefoons: list[Bak] = field(default_factory=list)
    mailboxen: list[Bak] = field(default_factory=list)
    gepland: list[Gepland] = field(default_factory=list)


@dataclass(frozen=True, kw_only=True)
class Gesprek:
    """A conversation of someone behind this address: to see what became of it, and to open the client's page."""

    naam: str
    moment: datetime
    code: str
    status: str
    link: str

    @property
    def status_klasse(self) -> str:
        """The class of the badge."""
        return self.status.replace("_", "-")

    @property
    def status_tekst(self) -> str:
        """The status in words."""
        return self.status.replace("_", " ")


@dataclass(frozen=True, kw_only=True)
class Telefoon:
    """One phone: the thread, what waits, whose it is, and their conversations."""

    nummer: str
    namen: tuple[str, ...]
    bellen: tuple[Bel, ...]
    gepland: tuple[Gepland, ...]
    gesprekken: tuple[Gesprek, ...]

    @property
    def weergave(self) -> str:
        """The number as people write it."""
        return shown(self.nummer)

    @property
    def stand(self) -> str:
        """Changes when the thread does: a page that asks again gets nothing when it has this already."""
        seen = [f"{bel.moment.isoformat()} {bel.van_client}" for bel in self.bellen]
        waiting = [f"{each.uuid} {each.moment.isoformat()}" for each in self.gepland]
        return hashlib.sha256("\n".join([*seen, *waiting]).encode()).hexdigest()[:16]


def shown(adres: str) -> str:
    """+31612345678 as 06 12345678; anything else as it is."""
    return f"06 {adres[4:]}" if adres.startswith("+316") and len(adres) == 12 else adres


def overzicht(*, now: datetime) -> Overzicht:
    """All phones and mailboxes that ever got something or will get something."""
    bakken: dict[tuple[post.Channel, str], Bak] = {}
    for message in post.console_messages(limit=_MAX):
        bak = bakken.setdefault((message.channel, message.address), Bak(adres=message.address))
        bak.aantal += 1
        if bak.laatste_op is None or message.sent_at > bak.laatste_op:
            bak.laatste_op = message.sent_at
            bak.fragment = message.subject or message.text
    for text in post.inbound_messages(limit=_MAX):
        if not _NUMMER.fullmatch(text.sender):
            continue
        bak = bakken.setdefault((post.Channel.SMS, text.sender), Bak(adres=text.sender))
        bak.aantal += 1
        if bak.laatste_op is None or text.received_at > bak.laatste_op:
            bak.laatste_op = text.received_at
            bak.fragment = text.body
    waiting = planned(now=now)
    for each in waiting:
        bak = bakken.setdefault((each.kanaal, each.adres), Bak(adres=each.adres))
        bak.gepland += 1
    names = names_of([adres for _, adres in bakken])
    for bak in bakken.values():
        bak.namen = names.get(bak.adres, ())
    ordered = sorted(bakken.items(), key=lambda item: item[1].laatste_op or _NOOIT, reverse=True)
    return Overzicht(
        telefoons=[bak for (channel, _), bak in ordered if channel is post.Channel.SMS],
        mailboxen=[bak for (channel, _), bak in ordered if channel is post.Channel.EMAIL],
        gepland=waiting,
    )


def telefoon(nummer: str, *, now: datetime) -> Telefoon:
    """One phone, by its number in E.164."""
    bellen = [
        Bel(
            tekst=message.text,
            moment=message.sent_at,
            van_client=False,
            delen=post.count_segments(message.text).segments,
        )
        for message in post.console_messages(limit=200, address=nummer)
        if message.channel is post.Channel.SMS
    ]
    bellen += [
        Bel(tekst=text.body, moment=text.received_at, van_client=True, delen=1)
        for text in post.inbound_messages(limit=_MAX)
        if text.sender == nummer
    ]
    return Telefoon(
        nummer=nummer,
        namen=names_of([nummer]).get(nummer, ()),
        bellen=tuple(sorted(bellen, key=lambda bel: (bel.moment, not bel.van_client))),
        gepland=tuple(each for each in planned(now=now) if each.adres == nummer),
        gesprekken=conversations(nummer),
    )


def conversations(adres: str) -> tuple[Gesprek, ...]:
    """The conversations of whoever is behind an address, the last one first."""
    index = blind_index(adres)
    rows = Afspraak.objects.select_related("client").filter(
        Q(client__mobiel_index=index) | Q(client__email_index=index)
    )
    return tuple(
        Gesprek(
            naam=row.client.naam,
            moment=row.start_op,
            code=row.korte_code,
            status=row.status,
            link=here(berichten.link_for(row)),
        )
        for row in rows.order_by("-start_op")[:20]
    )


def mailbox(adres: str) -> list[Mail]:
    """The mails of one address, newest first."""
    return [
        _mail(message)
        for message in post.console_messages(limit=200, address=adres)
        if message.channel is post.Channel.EMAIL
    ]


def mail(uuid: UUID) -> Mail | None:
    """One mail."""
    for message in post.console_messages(limit=_MAX):
        if message.uuid == uuid and message.channel is post.Channel.EMAIL:
            return _mail(message)
    return None


def _mail(message: post.ConsoleMessage) -> Mail:
    return Mail(
        uuid=message.uuid,
        onderwerp=message.subject,
        afzender=message.sender,
        aan=message.address,
        tekst=message.text,
        html=message.html,
        moment=message.sent_at,
        bijlagen=message.attachments,
    )


def planned(*, now: datetime) -> list[Gepland]:
    """What waits to be sent, the soonest first."""
    waiting = post.recent(scopes=None, since=now - _TERUG, status=post.Status.QUEUED, limit=_MAX)
    ids = {int(number) for sort, _, number in (m.subject.partition("/") for m in waiting) if sort == "afspraak"}
    clients = {a.pk: a.client for a in Afspraak.objects.select_related("client").filter(pk__in=ids)}
    found = []
    for message in waiting:
        sort, _, number = message.subject.partition("/")
        client = clients.get(int(number)) if sort == "afspraak" else None
        if client is None:
            continue
        found.append(
            Gepland(
                uuid=message.uuid,
                kanaal=message.channel,
                adres=client.mobiel if message.channel is post.Channel.SMS else client.email,
                naam=client.naam,
                soort=post.kind(message.kind).label,
                moment=message.due_at,
            )
        )
    return sorted(found, key=lambda each: each.moment)


def names_of(adressen: list[str]) -> dict[str, tuple[str, ...]]:
    """Whose addresses these are: a phone may be of several people."""
    indexes = {blind_index(adres): adres for adres in adressen}
    names: dict[str, set[str]] = defaultdict(set)
    keys = list(indexes)
    for start in range(0, len(keys), 400):
        part = keys[start : start + 400]
        rows = Client.objects.filter(Q(mobiel_index__in=part) | Q(email_index__in=part))
        for naam, mobiel, email in rows.values_list("naam", "mobiel_index", "email_index"):
            for index in (mobiel, email):
                if index in indexes:
                    names[indexes[index]].add(naam)
    return {adres: tuple(sorted(found)) for adres, found in names.items()}
