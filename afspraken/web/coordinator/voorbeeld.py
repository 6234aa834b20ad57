"""A text as the client gets it, filled in with sample values."""

from __future__ import annotations

import re
from dataclasses import dataclass

import nh3
from django.utils.safestring import SafeString, mark_safe

from afspraken.web.coordinator.sms_kosten import Kosten, kosten
from notifications import api as post

_BODY = re.compile(r"<main>(.*?)</main>", re.DOTALL)
# The page's own policy forbids style and script; what is left of a mail is text, lists and links.
_TAGS = {"p", "br", "ul", "ol", "li", "a"}
_ATTRIBUTES = {"a": {"href"}, "ol": {"start"}}


@dataclass(frozen=True, kw_only=True)
class Voorbeeld:
    """A preview; ``html`` is empty for SMS, ``kosten`` None for e-mail."""

    onderwerp: str
    tekst: str
    html: SafeString
    kosten: Kosten | None
    taal: str


def maak_voorbeeld(kind: post.Kind, channel: post.Channel, taal: str, onderwerp: str, tekst: str) -> Voorbeeld:
    """Fill a text in with the samples of its kind, and count it at the longest values."""
    preview = post.templates.preview(kind=kind.name, channel=channel, language=taal, subject=onderwerp, body=tekst)
    verdict = post.templates.check(kind=kind.name, channel=channel, language=taal, subject=onderwerp, body=tekst)
    count = verdict.segments
    return Voorbeeld(
        onderwerp=preview.subject,
        tekst=preview.text,
        html=_inner(preview.html),
        kosten=kosten(kind=kind, tekst=tekst, telling=count) if count else None,
        taal=taal,
    )


def _inner(document: str) -> SafeString:
    """The words of the mail as part of our own page, cleaned once more: nothing typed by anyone becomes markup."""
    found = _BODY.search(document)
    clean = nh3.clean(
        found[1] if found else "",
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"https", "http", "mailto", "tel"},
        link_rel=None,
    )
    return mark_safe(clean)  # noqa: S308  (sanitised in the line above)
