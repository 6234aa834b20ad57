"""Rules sheets: what is in force, drafts, and publication by a second person."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from afspraken.domain import spelregels as regels
from afspraken.flow import beheer, berichten
from afspraken.models import SpelregelsStatus, SpelregelsVersie
from afspraken.web.access import actor_of, coordinator_required, current_user, teams_of
from afspraken.web.coordinator.basis import TALEN, Plek, gepost, plek_or_404, plekken_van
from afspraken.web.coordinator.forms import BladForm, PubliceerForm
from afspraken.web.coordinator.sms_kosten import prijs
from afspraken.web.coordinator.weergave import publiceerders, vergelijk


@dataclass(frozen=True, kw_only=True)
class Beurt:
    """The sheets of one place: which one counts there now, the draft that waits, and the older ones."""

    plek: Plek
    geldend: SpelregelsVersie | None
    van_allen: bool
    concept: SpelregelsVersie | None
    versies: list[SpelregelsVersie]


@coordinator_required
@require_safe
def overzicht(request: HttpRequest) -> HttpResponse:
    """The sheets of the account's teams, and those for all."""
    user = current_user(request)
    plekken = plekken_van(user)
    rows = SpelregelsVersie.objects.filter(Q(team__in=teams_of(user)) | Q(team=None))
    rows = rows.select_related("team", "opsteller", "gepubliceerd_door")
    per_team: dict[int | None, list[SpelregelsVersie]] = {}
    for row in rows:
        per_team.setdefault(row.team_id, []).append(row)
    common = next((row for row in per_team.get(None, []) if _is_published(row)), None)
    beurten = []
    for plek in plekken:
        own = per_team.get(plek.team.pk if plek.team else None, [])
        published = [row for row in own if _is_published(row)]
        beurten.append(
            Beurt(
                plek=plek,
                geldend=published[0] if published else common,
                van_allen=plek.team is not None and not published,
                concept=next((row for row in own if not _is_published(row)), None),
                versies=published,
            )
        )
    return render(request, "coordinator/spelregels.html", {"beurten": beurten})


@coordinator_required
@require_safe
def versie(request: HttpRequest, versie_id: int) -> HttpResponse:
    """One version as clients read it. A published one can't be changed: there is no page for that."""
    row, plek = _versie_or_404(request, versie_id)
    user = current_user(request)
    eigen = row.opsteller_id == user.pk and not beheer.zelf_publiceren_mag()
    context = {
        **_as_read(row, plek),
        "eigen_concept": eigen,
        "collegas": publiceerders(user, plek) if eigen and not _is_published(row) else [],
        "is_geldend": _is_published(row) and berichten.geldende_spelregels(row.team_id) == row,
    }
    return render(request, "coordinator/spelregels_versie.html", context)


@coordinator_required
@require_http_methods(["GET", "POST"])
def bewerken(request: HttpRequest, plek: str) -> HttpResponse:
    """Write the draft of one place, starting from the sheet in force."""
    place = plek_or_404(current_user(request), plek, schrijven=True)
    concept = beheer.concept_van(place.team)
    seen = beheer.blad_kenmerk(concept) if concept else ""
    if request.method == "POST":
        form = BladForm(request.POST)
        if form.is_valid():
            saved = _save(request, place, form)
            if saved is not None:
                return redirect("beheer:spelregels_versie", saved)
        if form.conflict:
            form.zet_gezien(seen)
    else:
        source = concept or berichten.geldende_spelregels(place.team.pk if place.team else None)
        form = BladForm(initial={**_initial(source), "gezien": seen})
    return render(request, "coordinator/spelregels_bewerken.html", {"plek": place, "form": form, "concept": concept})


@coordinator_required
@require_http_methods(["GET", "POST"])
def publiceren(request: HttpRequest, versie_id: int) -> HttpResponse:
    """Everything that changes, on one page, before it does."""
    row, plek = _versie_or_404(request, versie_id, schrijven=True)
    if _is_published(row):
        messages.info(request, "Deze spelregels zijn al gepubliceerd.")
        return redirect("beheer:spelregels_versie", row.pk)
    kenmerk = beheer.blad_kenmerk(row)
    form = PubliceerForm(gepost(request), initial={"gezien": kenmerk})
    user = current_user(request)
    if request.method == "POST":
        if form.is_valid() and _publish(request, row, form):
            messages.success(request, f"De spelregels gelden nu voor {plek.naam}. Ze staan vast.")
            return redirect("beheer:spelregels_versie", row.pk)
        form.zet_gezien(kenmerk)
    geldend = berichten.geldende_spelregels(row.team_id)
    eigen = row.opsteller_id == user.pk and not beheer.zelf_publiceren_mag()
    context = {
        **_as_read(row, plek),
        "form": form,
        "geldend": geldend,
        "verschil": vergelijk(geldend.tekst if geldend else "", row.tekst),
        "eigen_concept": eigen,
        "collegas": publiceerders(user, plek) if eigen else [],
    }
    return render(request, "coordinator/spelregels_publiceren.html", context)


@coordinator_required
@require_POST
def weggooien(request: HttpRequest, versie_id: int) -> HttpResponse:
    """Throw a draft away; a published sheet stays."""
    row, _ = _versie_or_404(request, versie_id, schrijven=True)
    if beheer.gooi_blad_weg(versie_id=row.pk, actor=actor_of(request), now=timezone.now()):
        messages.success(request, "Het concept is weg. De spelregels die gelden, blijven.")
        return redirect("beheer:spelregels")
    messages.error(request, "Deze spelregels zijn gepubliceerd. Ze blijven altijd bewaard.")
    return redirect("beheer:spelregels_versie", row.pk)


def _versie_or_404(request: HttpRequest, pk: int, *, schrijven: bool = False) -> tuple[SpelregelsVersie, Plek]:
    rows = SpelregelsVersie.objects.select_related("team", "opsteller", "gepubliceerd_door")
    row = rows.filter(pk=pk).first()
    if row is None:
        raise Http404("spelregels")
    plek = plek_or_404(current_user(request), row.team.code if row.team else beheer.VOOR_ALLEN, schrijven=schrijven)
    return row, plek


def _is_published(row: SpelregelsVersie) -> bool:
    return row.status == SpelregelsStatus.GEPUBLICEERD.value


def _as_read(row: SpelregelsVersie, plek: Plek) -> dict[str, object]:
    texts = {v.taal: v for v in row.vertalingen.all()}
    short = []
    for taal, naam in TALEN.items():
        if taal in texts and texts[taal].kort:
            count = beheer.regels_segments(kort=texts[taal].kort, taal=taal, team=plek.team)
            short.append({"taal": taal, "naam": naam, "tekst": texts[taal].kort, "prijs": prijs(count.segments)})
    return {
        "versie": row,
        "plek": plek,
        "blad": regels.parse(row.tekst),
        "kort": short,
        "vertalingen": [{"taal": v.taal, "naam": TALEN[v.taal], "tekst": v.tekst} for v in texts.values() if v.tekst],
        "fouten": [] if _is_published(row) else beheer.check_blad(blad=beheer.blad_van(row), team=plek.team),
    }


def _initial(source: SpelregelsVersie | None) -> dict[str, str]:
    if source is None:
        return {}
    blad = beheer.blad_van(source)
    return {
        "tekst": blad.tekst,
        "kort_nl": blad.kort.get("nl", ""),
        "kort_en": blad.kort.get("en", ""),
        "vertaling_en": blad.vertaling.get("en", ""),
    }


def _save(request: HttpRequest, plek: Plek, form: BladForm) -> int | None:
    try:
        saved = beheer.bewaar_blad(
            team=plek.team,
            blad=form.blad(),
            gezien=form.cleaned_data["gezien"],
            gebruiker=current_user(request),
            actor=actor_of(request),
            now=timezone.now(),
        )
    except beheer.BeheerGeweigerd as geweigerd:
        form.neem_over(geweigerd)
        return None
    messages.success(request, "Het concept is bewaard. Er verandert nog niets voor cliënten.")
    return saved


def _publish(request: HttpRequest, row: SpelregelsVersie, form: PubliceerForm) -> bool:
    try:
        beheer.publiceer_blad(
            versie_id=row.pk,
            gezien=form.cleaned_data["gezien"],
            gebruiker=current_user(request),
            actor=actor_of(request),
            now=timezone.now(),
        )
    except beheer.BeheerGeweigerd as geweigerd:
        form.neem_over(geweigerd)
        return False
    return True
