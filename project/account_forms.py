"""The login system's forms in our words: labels instead of placeholders, u-form, one rule for a password."""

from __future__ import annotations

from typing import Any

from allauth.account import forms as allauth_forms
from django import forms
from django.core.exceptions import ValidationError

_LABELS = {
    "login": "Gebruikersnaam",
    "password": "Wachtwoord",
    "oldpassword": "Uw wachtwoord van nu",
    "password1": "Nieuw wachtwoord",
    "password2": "Nieuw wachtwoord, nog een keer",
    "email": "E-mailadres",
}
_EMPTY = {
    "login": "Vul uw gebruikersnaam in.",
    "password": "Vul uw wachtwoord in.",
    "oldpassword": "Vul uw wachtwoord van nu in.",
    "password1": "Vul een nieuw wachtwoord in.",
    "password2": "Vul het nieuwe wachtwoord nog een keer in.",
    "email": "Vul uw e-mailadres in.",
}
_HELP = {"password1": "Ten minste 15 tekens. Een zin van een paar woorden is lang en makkelijk te onthouden."}


class _Ours(forms.Form):
    """Mixed in before allauth's form: it changes what is read, and nothing of what is checked."""

    use_required_attribute = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.label_suffix = ""
        for name, field in self.fields.items():
            field.widget.attrs.pop("placeholder", None)
            field.label = _LABELS.get(name, field.label)
            field.help_text = _HELP.get(name, "")
            if name in _EMPTY:
                field.error_messages["required"] = _EMPTY[name]
        if "email" in self.fields:
            self.fields["email"].error_messages["invalid"] = "Vul een e-mailadres in, zoals naam@gemeente.nl."
            for validator in self.fields["email"].validators:
                if hasattr(validator, "message"):
                    validator.message = self.fields["email"].error_messages["invalid"]

    def add_error(self, field: Any, error: Any) -> None:
        """Two passwords that differ, in our own words."""
        if field == "password2" and not isinstance(error, ValidationError):
            error = "De twee wachtwoorden zijn niet hetzelfde."
        super().add_error(field, error)


class LoginForm(_Ours, allauth_forms.LoginForm):  # type: ignore[misc]  # allauth has no types
    """Logging in."""


class ChangePasswordForm(_Ours, allauth_forms.ChangePasswordForm):  # type: ignore[misc]
    """A new password for who is logged in."""


class SetPasswordForm(_Ours, allauth_forms.SetPasswordForm):  # type: ignore[misc]
    """A first password for who is logged in another way."""


class ResetPasswordForm(_Ours, allauth_forms.ResetPasswordForm):  # type: ignore[misc]
    """Asking for the link."""


class ResetPasswordKeyForm(_Ours, allauth_forms.ResetPasswordKeyForm):  # type: ignore[misc]
    """Choosing a password behind the link."""


class ReauthenticateForm(_Ours, allauth_forms.ReauthenticateForm):  # type: ignore[misc]
    """The password once more, before something that matters."""
