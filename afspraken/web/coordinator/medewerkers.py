"""Medewerkers: which account is theirs, and by which names planning systems know them."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from afspraken.flow import beheer
from afspraken.models import Afspraak, Medewerker
from afspraken.web.access import actor_of, beheerder_required
from afspraken.web.coordinator.basis import gepost
from afspraken.web.coordinator.forms_beheerder import AliasForm, MedewerkerForm, SamenvoegForm

_PER_PAGE = 50


@beheerder_required
@require_safe
def overzicht(request: HttpRequest) -> HttpResponse:
    """Everyone, by name; ``?zonder=1`` only the names that have no account yet."""
    rows = Medewerker.objects.select_related("gebruiker").prefetch_related("teams")
    rows = rows.annotate(aantal=Count("afspraken", filter=Q(afspraken__start_op__gte=timezone.now())))
    zonder = request.GET.get("zonder") == "1"
    zoek = " ".join(request.GET.get("zoek", "").split())[:100]
    if zonder:
        rows = rows.filter(gebruiker=None)
    if zoek:
        rows = rows.filter(naam__icontains=zoek)
    page = Paginator(rows.order_by("naam", "pk"), _PER_PAGE).get_page(request.GET.get("pagina"))
    return render(request, "coordinator/medewerkers.html", {"pagina": page, "zonder": zonder, "zoek": zoek})


@beheerder_required
@require_http_methods(["GET", "POST"])
def nieuw(request: HttpRequest) -> HttpResponse:
    """Make a medewerker by hand."""
    form = MedewerkerForm(gepost(request))
    if request.method == "POST" and form.is_valid() and (row := _save(request, form, None)):
        return redirect("beheer:medewerker", row.pk)
    return render(request, "coordinator/medewerker_nieuw.html", {"form": form})


@beheerder_required
@require_http_methods(["GET", "POST"])
def medewerker(request: HttpRequest, pk: int) -> HttpResponse:
    """Change a medewerker, and see the names that lead here."""
    row = get_object_or_404(Medewerker.objects.select_related("gebruiker"), pk=pk)
    initial = {"naam": row.naam, "gebruiker": row.gebruiker_id, "teams": list(row.teams.all())}
    form = MedewerkerForm(gepost(request), initial=initial, medewerker=row)
    if request.method == "POST" and form.is_valid() and _save(request, form, row.pk):
        return redirect("beheer:medewerker", row.pk)
    return _page(request, row, form=form)


@beheerder_required
@require_POST
def alias(request: HttpRequest, pk: int) -> HttpResponse:
    """Add a name or number."""
    row = get_object_or_404(Medewerker, pk=pk)
    form = AliasForm(request.POST)
    if form.is_valid():
        try:
            beheer.voeg_alias_toe(
                medewerker_id=row.pk, sleutel=form.sleutel(), actor=actor_of(request), now=timezone.now()
            )
        except beheer.BeheerGeweigerd as geweigerd:
            form.neem_over(geweigerd)
        else:
            messages.success(request, "De naam is toegevoegd. Nieuwe afspraken met deze naam komen hier terecht.")
            return redirect("beheer:medewerker", row.pk)
    return _page(request, row, alias_form=form)


@beheerder_required
@require_POST
def alias_weg(request: HttpRequest, pk: int, alias_id: int) -> HttpResponse:
    """Remove a name or number."""
    row = get_object_or_404(Medewerker, pk=pk)
    if beheer.haal_alias_weg(medewerker_id=row.pk, alias_id=alias_id, actor=actor_of(request), now=timezone.now()):
        messages.success(request, "De naam is weg.")
    return redirect("beheer:medewerker", row.pk)


@beheerder_required
@require_http_methods(["GET", "POST"])
def samenvoegen(request: HttpRequest, pk: int) -> HttpResponse:
    """Two medewerkers turn out to be one person."""
    row = get_object_or_404(Medewerker, pk=pk)
    form = SamenvoegForm(gepost(request), weg=row)
    if request.method == "POST" and form.is_valid():
        blijft = form.cleaned_data["blijft"]
        try:
            moved = beheer.voeg_samen(weg_id=row.pk, blijft_id=blijft.pk, actor=actor_of(request), now=timezone.now())
        except beheer.BeheerGeweigerd as geweigerd:
            form.neem_over(geweigerd)
        else:
            messages.success(request, f"Samengevoegd. {moved} afspraken staan nu bij {blijft.naam}.")
            return redirect("beheer:medewerker", blijft.pk)
    context = {"medewerker": row, "form": form, "aantal": Afspraak.objects.filter(medewerker=row).count()}
    return render(request, "coordinator/medewerker_samenvoegen.html", context)


def _page(
    request: HttpRequest,
    row: Medewerker,
    *,
    form: MedewerkerForm | None = None,
    alias_form: AliasForm | None = None,
) -> HttpResponse:
    initial = {"naam": row.naam, "gebruiker": row.gebruiker_id, "teams": list(row.teams.all())}
    context = {
        "medewerker": row,
        "form": form or MedewerkerForm(initial=initial, medewerker=row),
        "alias_form": alias_form or AliasForm(),
        "aliassen": [{"alias": each, "woorden": _words(each.sleutel)} for each in row.aliassen.order_by("sleutel")],
    }
    return render(request, "coordinator/medewerker.html", context)


def _words(sleutel: str) -> str:
    """An alias as people say it."""
    soort, _, rest = sleutel.partition(":")
    if soort == "id":
        bron, _, number = rest.partition(":")
        return f"nummer {number} in {bron}"
    return rest


def _save(request: HttpRequest, form: MedewerkerForm, pk: int | None) -> Medewerker | None:
    data = form.cleaned_data
    try:
        row = beheer.bewaar_medewerker(
            medewerker_id=pk,
            naam=data["naam"],
            gebruiker_id=data["gebruiker"].pk if data["gebruiker"] else None,
            teams=frozenset(team.pk for team in data["teams"]),
            actor=actor_of(request),
            now=timezone.now(),
        )
    except beheer.BeheerGeweigerd as geweigerd:
        form.neem_over(geweigerd)
        return None
    messages.success(request, "De medewerker is bewaard.")
    return row
