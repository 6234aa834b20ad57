"""Accounts: making, changing and closing them. The password is chosen by its owner, through a link in a mail."""

from __future__ import annotations

from allauth.account.forms import default_token_generator
from allauth.account.internal.flows.password_reset import request_password_reset
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from afspraken.flow import beheer
from afspraken.models import Gebruiker, Rol
from afspraken.web.access import actor_of, beheerder_required, current_user
from afspraken.web.coordinator.basis import gepost
from afspraken.web.coordinator.forms_beheerder import AccountForm, NieuwAccountForm


@beheerder_required
@require_safe
def overzicht(request: HttpRequest) -> HttpResponse:
    """Every account, the open ones first."""
    rows = Gebruiker.objects.prefetch_related("teams").order_by("-is_active", "last_name", "username")
    rol = request.GET.get("rol", "")
    if rol in Rol.values:
        rows = rows.filter(rol=rol)
    context = {"accounts": rows, "rollen": Rol.choices, "rol": rol if rol in Rol.values else ""}
    return render(request, "coordinator/accounts.html", context)


@beheerder_required
@require_http_methods(["GET", "POST"])
def nieuw(request: HttpRequest) -> HttpResponse:
    """Make an account and mail its owner the link."""
    form = NieuwAccountForm(gepost(request))
    if request.method == "POST" and form.is_valid():
        try:
            account = beheer.maak_account(
                username=form.cleaned_data["username"],
                gegevens=form.gegevens(),
                actor=actor_of(request),
                now=timezone.now(),
            )
        except beheer.BeheerGeweigerd as geweigerd:
            form.neem_over(geweigerd)
        else:
            _mail_link(request, account)
            messages.success(
                request, f"Het account is gemaakt. {account.email} krijgt een e-mail om een wachtwoord te kiezen."
            )
            return redirect("beheer:accounts")
    return render(request, "coordinator/account_nieuw.html", {"form": form})


@beheerder_required
@require_http_methods(["GET", "POST"])
def account(request: HttpRequest, pk: int) -> HttpResponse:
    """Change who an account is for and what it may do."""
    row = get_object_or_404(Gebruiker, pk=pk)
    initial = {
        "voornaam": row.first_name,
        "achternaam": row.last_name,
        "email": row.email,
        "rol": row.rol,
        "teams": list(row.teams.all()),
    }
    form = AccountForm(gepost(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            beheer.wijzig_account(
                account_id=row.pk,
                gegevens=form.gegevens(),
                door_id=current_user(request).pk,
                actor=actor_of(request),
                now=timezone.now(),
            )
        except beheer.BeheerGeweigerd as geweigerd:
            form.neem_over(geweigerd)
        else:
            messages.success(request, "Het account is bewaard. De nieuwe rechten gelden meteen.")
            return redirect("beheer:accounts")
    eigen = row.pk == current_user(request).pk
    return render(request, "coordinator/account.html", {"account": row, "form": form, "eigen": eigen})


@beheerder_required
@require_POST
def link(request: HttpRequest, pk: int) -> HttpResponse:
    """Mail the owner a new link to choose a password."""
    row = get_object_or_404(Gebruiker, pk=pk, is_active=True)
    if row.email:
        _mail_link(request, row)
        messages.success(request, f"Er gaat een e-mail met een link naar {row.email}.")
    else:
        messages.error(request, "Dit account heeft geen e-mailadres. Vul dat eerst in.")
    return redirect("beheer:account", row.pk)


@beheerder_required
@require_http_methods(["GET", "POST"])
def sluiten(request: HttpRequest, pk: int) -> HttpResponse:
    """Close an account, after one page that says what that does."""
    row = get_object_or_404(Gebruiker, pk=pk)
    if request.method != "POST":
        return render(request, "coordinator/account_sluiten.html", {"account": row})
    try:
        beheer.sluit_account(
            account_id=row.pk, door_id=current_user(request).pk, actor=actor_of(request), now=timezone.now()
        )
    except beheer.BeheerGeweigerd as geweigerd:
        messages.error(request, geweigerd.fouten[0].melding)
        return redirect("beheer:account", row.pk)
    messages.success(request, f"Het account {row.username} is gesloten. Wie ermee was ingelogd, is uitgelogd.")
    return redirect("beheer:accounts")


@beheerder_required
@require_POST
def openen(request: HttpRequest, pk: int) -> HttpResponse:
    """Open a closed account again."""
    row = get_object_or_404(Gebruiker, pk=pk)
    if beheer.open_account(account_id=row.pk, actor=actor_of(request), now=timezone.now()):
        messages.success(request, f"Het account {row.username} is weer open.")
    return redirect("beheer:account", row.pk)


def _mail_link(request: HttpRequest, row: Gebruiker) -> None:
    # The same mail as "wachtwoord vergeten", so that it goes through the outbox and its link works once.
    request_password_reset(request, row.email, [row], default_token_generator)
