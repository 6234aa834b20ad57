"""Which text a message gets, and that text filled in."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from django.conf import settings

from notifications.domain import mail, placeholders
from notifications.domain.lifecycle import Channel
from notifications.domain.segments import count_segments, to_plain
from notifications.models import TemplateVersion
from notifications.models.template import PUBLISHED
from notifications.wording.kinds import Wording, kind

DEFAULT_LANGUAGE = "nl"


@dataclass(frozen=True, kw_only=True)
class Chosen:
    """A text and where it came from; ``number`` 0 is the wording that ships."""

    wording: Wording
    language: str
    scope: str
    number: int
    version_id: int | None


class Rendered(NamedTuple):
    """A message as it goes out; ``segments`` is 0 for e-mail."""

    subject: str
    text: str
    html: str
    number: int
    segments: int


class NoWording(LookupError):
    """A kind has no text for this channel in any language that could be used."""


class Book:
    """Looks texts up and remembers them: one for a batch of messages, not longer."""

    def __init__(self) -> None:
        self._found: dict[tuple[str, Channel, str, str], Chosen] = {}

    def choose(self, *, kind_name: str, channel: Channel, language: str, scope: str) -> Chosen:
        """The text for a message; raises :class:`NoWording` or UnknownKind."""
        key = (kind_name, channel, language, scope)
        if key not in self._found:
            self._found[key] = _choose(*key)
        return self._found[key]

    def render(
        self,
        *,
        kind_name: str,
        channel: Channel,
        language: str,
        scope: str,
        values: Mapping[str, str],
    ) -> Rendered:
        """The filled-in message; raises MissingValue when a value was not given."""
        chosen = self.choose(kind_name=kind_name, channel=channel, language=language, scope=scope)
        return fill_in(chosen, channel=channel, values=values)


def fill_in(chosen: Chosen, *, channel: Channel, values: Mapping[str, str]) -> Rendered:
    """A chosen text with its values."""
    text = placeholders.fill(chosen.wording.body, values)
    if channel is Channel.SMS:
        text = to_plain(text)
        segments = count_segments(text).segments
        return Rendered(subject="", text=text, html="", number=chosen.number, segments=segments)
    subject = placeholders.fill_line(chosen.wording.subject, values)
    return Rendered(
        subject=subject,
        text=text,
        html=as_html(text, title=subject, language=chosen.language),
        number=chosen.number,
        segments=0,
    )


def as_html(text: str, *, title: str, language: str) -> str:
    """The HTML part of a mail; only links to our own address work."""
    return mail.render_html(text, title=title, language=language, own_urls=[settings.PUBLIC_URL])


def _choose(kind_name: str, channel: Channel, language: str, scope: str) -> Chosen:
    """Published for this scope, else for all, else as shipped; in this language, else in Dutch."""
    languages = [language, DEFAULT_LANGUAGE] if language != DEFAULT_LANGUAGE else [language]
    scopes = [scope, ""] if scope else [""]
    newest: dict[tuple[str, str], TemplateVersion] = {
        (row.language, row.scope): row
        for row in TemplateVersion.objects.filter(
            kind=kind_name,
            channel=channel.value,
            language__in=languages,
            scope__in=scopes,
            state=PUBLISHED,
        ).order_by("number")
    }
    defaults = kind(kind_name).defaults
    for tried in languages:
        for place in scopes:
            row = newest.get((tried, place))
            if row is not None:
                return Chosen(
                    wording=Wording(subject=row.subject, body=row.body),
                    language=tried,
                    scope=place,
                    number=row.number,
                    version_id=row.pk,
                )
        if (channel, tried) in defaults:
            return Chosen(
                wording=defaults[channel, tried],
                language=tried,
                scope="",
                number=0,
                version_id=None,
            )
    raise NoWording(f"{kind_name} has no {channel} text in {' or '.join(languages)}")
