"""The login system's ties to the rest: no sign-up, and its mail goes through the outbox."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils import timezone

from notifications import api as post

# A reset link is of no use after this; the message is then dropped instead of sent.
MAIL_USEFUL = timedelta(hours=2)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Local accounts are made by a beheerder; nobody signs up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Put the mail in the outbox: it is sent, retried and wiped like every other message."""
        full = {"email": email, "current_site": None, **context}
        title = " ".join(render_to_string(f"{template_prefix}_subject.txt", full).split())
        text = render_to_string(f"{template_prefix}_message.txt", full).strip()
        user = context.get("user")
        now = timezone.now()
        post.enqueue_text(
            subject=f"account/{getattr(user, 'pk', 0) or 0}",
            kind="account",
            recipient=post.Recipient(channel=post.Channel.EMAIL, address=email),
            title=title,
            text=text,
            useful_until=now + MAIL_USEFUL,
            now=now,
        )
