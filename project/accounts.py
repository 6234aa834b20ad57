"""The login system's ties to the rest: no sign-up, and its mail goes through the outbox."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from urllib.parse import quote

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone

from afspraken.models import Gebruiker, Rol
from notifications import api as post

# A reset link is of no use after this; the message is then dropped instead of sent.
MAIL_USEFUL = timedelta(hours=2)


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]  # allauth has no types
    """Local accounts are made by a beheerder; nobody signs up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return False

    error_messages = DefaultAccountAdapter.error_messages | {
        "account_inactive": "Dit account is gesloten. Vraag de beheerder.",
        "enter_current_password": "Dit is niet uw wachtwoord van nu.",
        "incorrect_password": "Dit wachtwoord klopt niet.",
        "invalid_login": "De gebruikersnaam of het wachtwoord klopt niet.",
        "rate_limited": "Er kwamen te veel pogingen achter elkaar. Probeer het over een paar minuten nog eens.",
        "too_many_login_attempts": "Er is te vaak een verkeerd wachtwoord ingevuld. Probeer het over vijf minuten nog "
        "eens, of kies een nieuw wachtwoord.",
        "username_password_mismatch": "De gebruikersnaam of het wachtwoord klopt niet.",
    }

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """A beheerder without a team has no day list to look at."""
        user = request.user
        if isinstance(user, Gebruiker) and user.rol == Rol.BEHEERDER.value and not user.teams.exists():
            return reverse("beheer:start")
        return str(super().get_login_redirect_url(request))

    def get_reset_password_from_key_url(self, key: str) -> str:
        """The link in the mail, on our own address: a forged Host header must not choose where it leads."""
        path = reverse("account_reset_password_from_key", kwargs={"uidb36": "UID", "key": "KEY"})
        return f"{settings.PUBLIC_URL}{path.replace('UID-KEY', quote(key))}"

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Put the mail in the outbox: it is sent, retried and wiped like every other message."""
        full = {"email": email, "current_site": None, "gemeente_naam": settings.GEMEENTE_NAAM, **context}
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
