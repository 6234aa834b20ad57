"""Versions of texts: save a draft, look at it, publish it, and never change it afterwards."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Max, QuerySet

from notifications.domain.lifecycle import Channel
from notifications.domain.placeholders import names_in
from notifications.domain.segments import SegmentCount, count_segments
from notifications.models import TemplateVersion
from notifications.models.template import DRAFT, PUBLISHED
from notifications.wording.checking import Problem, TemplateCheck, check_text
from notifications.wording.kinds import Kind, UnknownKind, Wording, kind, kinds
from notifications.wording.rendering import Book, Chosen, NoWording, fill_in

_Slot = tuple[str, Channel, str, str]


@dataclass(frozen=True, kw_only=True)
class VersionInfo:
    """One version: who wrote it and when, who published it and when."""

    version_id: int
    number: int
    state: str
    subject: str
    body: str
    author: str
    saved_at: datetime
    published_by: str
    published_at: datetime | None


@dataclass(frozen=True, kw_only=True)
class TemplateRow:
    """A line of the overview; ``published`` None means that the text that ships is in use."""

    kind: str
    label: str
    channel: Channel
    language: str
    scope: str
    published: VersionInfo | None
    draft: VersionInfo | None


@dataclass(frozen=True, kw_only=True)
class TemplateText:
    """The text that is in use now; ``number`` 0 is the text that ships."""

    version_id: int | None
    number: int
    subject: str
    body: str
    scope: str
    is_default: bool


@dataclass(frozen=True, kw_only=True)
class Preview:
    """A text filled in with the samples; ``html`` is empty for SMS, ``segments`` None for e-mail."""

    subject: str
    text: str
    html: str
    segments: SegmentCount | None


class TemplateRefused(Exception):
    """A text that may not be published; ``problems`` says why, in Dutch."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("; ".join(problem.code for problem in problems))
        self.problems = problems


class NotADraft(Exception):
    """The version is published already, or does not exist."""


def overview(scopes: Collection[str]) -> list[TemplateRow]:
    """Every text there is: those that ship, and those of ``scopes`` and of all (scope "")."""
    wanted = {"", *scopes}
    slots: dict[_Slot, dict[str, VersionInfo]] = {}
    for each in kinds():
        for channel, language in each.defaults:
            slots[each.name, channel, language, ""] = {}
    for row in TemplateVersion.objects.filter(scope__in=wanted).order_by("number"):
        slot = (row.kind, Channel(row.channel), row.language, row.scope)
        slots.setdefault(slot, {})[row.state] = _info(row)
    labels = {each.name: each.label for each in kinds()}
    return [
        TemplateRow(
            kind=name,
            label=labels[name],
            channel=channel,
            language=language,
            scope=scope,
            published=versions.get(PUBLISHED),
            draft=versions.get(DRAFT),
        )
        for (name, channel, language, scope), versions in slots.items()
        if name in labels
    ]


def current(kind: str, channel: Channel, language: str, scope: str) -> TemplateText:
    """The text a message would get now; raises UnknownKind or NoWording."""
    chosen = Book().choose(kind_name=kind, channel=channel, language=language, scope=scope)
    return TemplateText(
        version_id=chosen.version_id,
        number=chosen.number,
        subject=chosen.wording.subject,
        body=chosen.wording.body,
        scope=chosen.scope,
        is_default=chosen.version_id is None,
    )


def draft(kind: str, channel: Channel, language: str, scope: str) -> VersionInfo | None:
    """The draft of exactly this text, if there is one."""
    row = _slot(kind, channel, language, scope).filter(state=DRAFT).first()
    return None if row is None else _info(row)


def history(kind: str, channel: Channel, language: str, scope: str) -> list[VersionInfo]:
    """All versions of exactly this text, newest first."""
    return [_info(row) for row in _slot(kind, channel, language, scope).order_by("-number")]


def save_draft(
    *,
    kind: str,
    channel: Channel,
    language: str,
    scope: str,
    subject: str,
    body: str,
    author: str,
    now: datetime,
) -> int:
    """Keep a text without using it; there is one draft per text. Returns its version id.

    A draft may still be wrong; only publishing checks. Raises UnknownKind.
    """
    _kind(kind)
    with transaction.atomic():
        existing = _slot(kind, channel, language, scope).filter(state=DRAFT).select_for_update().first()
        if existing is not None:
            TemplateVersion.objects.filter(pk=existing.pk, state=DRAFT).update(
                subject=subject, body=body, author=author, saved_at=now
            )
            return existing.pk
        last = _slot(kind, channel, language, scope).aggregate(last=Max("number"))["last"] or 0
        return TemplateVersion.objects.create(
            kind=kind,
            channel=channel.value,
            language=language,
            scope=scope,
            number=last + 1,
            subject=subject,
            body=body,
            author=author,
            saved_at=now,
        ).pk


def discard_draft(*, version_id: int) -> bool:
    """Throw a draft away; False when it is no draft."""
    deleted, _ = TemplateVersion.objects.filter(pk=version_id, state=DRAFT).delete()
    return bool(deleted)


def check(*, kind: str, channel: Channel, language: str, subject: str, body: str) -> TemplateCheck:
    """What is wrong with a text and what it costs; raises UnknownKind."""
    return check_text(kind=_kind(kind), channel=channel, subject=subject, body=body)


def preview(*, kind: str, channel: Channel, language: str, subject: str, body: str) -> Preview:
    """The text with sample values; an unknown field is shown as it was typed."""
    chosen = Chosen(
        wording=Wording(subject=subject, body=body),
        language=language,
        scope="",
        number=0,
        version_id=None,
    )
    typed = {name: f"(({name}))" for name in names_in(subject + "\n" + body)}
    values = typed | dict(_kind(kind).samples)
    rendered = fill_in(chosen, channel=channel, values=values)
    return Preview(
        subject=rendered.subject,
        text=rendered.text,
        html=rendered.html,
        segments=count_segments(rendered.text) if channel is Channel.SMS else None,
    )


def publish(*, version_id: int, author: str, now: datetime) -> None:
    """Put a draft in use from now on; raises :class:`TemplateRefused` or :class:`NotADraft`."""
    with transaction.atomic():
        row = TemplateVersion.objects.select_for_update().filter(pk=version_id, state=DRAFT).first()
        if row is None:
            raise NotADraft(version_id)
        verdict = check(
            kind=row.kind,
            channel=Channel(row.channel),
            language=row.language,
            subject=row.subject,
            body=row.body,
        )
        if verdict.problems:
            raise TemplateRefused(verdict.problems)
        TemplateVersion.objects.filter(pk=row.pk, state=DRAFT).update(
            state=PUBLISHED, published_by=author, published_at=now
        )


def restore(*, version_id: int, author: str, now: datetime) -> int:
    """A new draft with the text of an older version; raises TemplateVersion.DoesNotExist."""
    row = TemplateVersion.objects.get(pk=version_id)
    return save_draft(
        kind=row.kind,
        channel=Channel(row.channel),
        language=row.language,
        scope=row.scope,
        subject=row.subject,
        body=row.body,
        author=author,
        now=now,
    )


def version(version_id: int) -> tuple[VersionInfo, _Slot]:
    """One version and its (kind, channel, language, scope); raises TemplateVersion.DoesNotExist."""
    row = TemplateVersion.objects.get(pk=version_id)
    return _info(row), (row.kind, Channel(row.channel), row.language, row.scope)


def _slot(kind_name: str, channel: Channel, language: str, scope: str) -> QuerySet[TemplateVersion]:
    return TemplateVersion.objects.filter(kind=kind_name, channel=channel.value, language=language, scope=scope)


def _kind(name: str) -> Kind:
    return kind(name)


def _info(row: TemplateVersion) -> VersionInfo:
    return VersionInfo(
        version_id=row.pk,
        number=row.number,
        state=row.state,
        subject=row.subject,
        body=row.body,
        author=row.author,
        saved_at=row.saved_at,
        published_by=row.published_by,
        published_at=row.published_at,
    )


__all__ = [
    "NoWording",
    "NotADraft",
    "Preview",
    "TemplateRefused",
    "TemplateRow",
    "TemplateText",
    "UnknownKind",
    "VersionInfo",
    "check",
    "current",
    "discard_draft",
    "draft",
    "history",
    "overview",
    "preview",
    "publish",
    "restore",
    "save_draft",
    "version",
]
