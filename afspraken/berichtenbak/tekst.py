"""Texts with links that work: here, whatever the port was when they were sent."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from django.conf import settings
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

_URL = re.compile(r"https?://[^\s<>\"']+")
_HREF = re.compile(r"href=\"(https?://[^\"]+)\"")
# Punctuation that ends the sentence and not the address.
_TRAILING = ".,;:!?)]}"
_OWN_HOSTS = frozenset({"127.0.0.1", "localhost"})


def with_links(text: str) -> SafeString:
    """The text, escaped, with every address a link; it reads as it was sent."""
    out: list[str] = []
    position = 0
    for match in _URL.finditer(text):
        url = match.group().rstrip(_TRAILING)
        out.append(escape(text[position : match.start()]))
        out.append(f'<a href="{escape(here(url))}">{escape(url)}</a>')
        position = match.start() + len(url)
    out.append(escape(text[position:]))
    return mark_safe("".join(out))  # noqa: S308  # every part was escaped above


def with_local_links(html: str) -> str:
    """The HTML of a mail with links that lead to this server."""
    return _HREF.sub(lambda found: f'href="{escape(here(found[1]))}"', html)


def here(url: str) -> str:
    """Our own address as it is now; the demo may have had another port when the message was made."""
    parts = urlsplit(url)
    own = parts.hostname in _OWN_HOSTS or url.startswith(f"{settings.PUBLIC_URL}/")
    if not own:
        return url
    return parts.path + (f"?{parts.query}" if parts.query else "")
