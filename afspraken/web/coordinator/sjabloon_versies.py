"""From draft to use: publishing by a second person, older versions, and going back to one."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from afspraken.flow import beheer
from afspraken.web.access import actor_of, coordinator_required, current_user
from afspraken.web.coordinator.basis import gepost
from afspraken.web.coordinator.forms import PubliceerForm
from afspraken.web.coordinator.sjablonen import Vak, vak_or_404
from afspraken.web.coordinator.voorbeeld import maak_voorbeeld
from afspraken.web.coordinator.weergave import publiceerders, vergelijk
from notifications import api as post


@coordinator_required
@require_http_methods(["GET", "POST"])
def publiceren(request: HttpRequest, soort: str, kanaal: str, taal: str, plek: str) -> HttpResponse:
    """Everything that changes, on one page, before it does."""
    vak = vak_or_404(request, soort, kanaal, taal, plek, schrijven=True)
    draft = post.templates.draft(*vak.slot)
    if draft is None:
        messages.info(request, "Er is geen concept van deze tekst.")
        return redirect(vak.url())
    kenmerk = beheer.sjabloon_kenmerk(draft)
    form = PubliceerForm(gepost(request), initial={"gezien": kenmerk})
    if request.method == "POST":
        if form.is_valid() and _publish(request, vak, draft.version_id, form):
            messages.success(request, f"De tekst is gepubliceerd. Nieuwe berichten van {vak.plek.naam} gebruiken hem.")
            return redirect(vak.url())
        form.zet_gezien(kenmerk)
    current = post.templates.current(*vak.slot)
    old, new = _fields(current.subject + current.body), _fields(draft.subject + draft.body)
    user = current_user(request)
    eigen = draft.author == user.username and not beheer.zelf_publiceren_mag()
    verdict = post.templates.check(
        kind=vak.kind.name, channel=vak.channel, language=vak.taal, subject=draft.subject, body=draft.body
    )
    context = {
        "vak": vak,
        "form": form,
        "concept": draft,
        "gebruik": current,
        "eigen_concept": eigen,
        "collegas": publiceerders(user, vak.plek) if eigen else [],
        "voorbeeld": maak_voorbeeld(vak.kind, vak.channel, vak.taal, draft.subject, draft.body),
        "verschil_onderwerp": vergelijk(current.subject, draft.subject) if not vak.is_sms else [],
        "verschil": vergelijk(current.body, draft.body),
        "velden_erbij": sorted(new - old),
        "velden_eraf": sorted(old - new),
        "problemen": verdict.problems,
        "klaar": post.waiting(
            kind=vak.kind.name,
            channel=vak.channel,
            language=vak.taal,
            scopes=[vak.plek.scope] if vak.plek.team else None,
        ),
    }
    return render(request, "coordinator/sjabloon_publiceren.html", context)


def _publish(request: HttpRequest, vak: Vak, version_id: int, form: PubliceerForm) -> bool:
    try:
        beheer.publiceer_sjabloon(
            version_id=version_id,
            team=vak.plek.team,
            gezien=form.cleaned_data["gezien"],
            actor=actor_of(request),
            now=timezone.now(),
        )
    except beheer.BeheerGeweigerd as geweigerd:
        form.neem_over(geweigerd)
        return False
    return True


@coordinator_required
@require_POST
def weggooien(request: HttpRequest, soort: str, kanaal: str, taal: str, plek: str) -> HttpResponse:
    """Throw the draft away."""
    vak = vak_or_404(request, soort, kanaal, taal, plek, schrijven=True)
    draft = post.templates.draft(*vak.slot)
    if draft is not None and beheer.gooi_sjabloon_weg(
        version_id=draft.version_id, team=vak.plek.team, actor=actor_of(request), now=timezone.now()
    ):
        messages.success(request, "Het concept is weg. De tekst die in gebruik is, blijft.")
    else:
        messages.info(request, "Er was geen concept meer.")
    return redirect(vak.url())


@coordinator_required
@require_safe
def versies(request: HttpRequest, soort: str, kanaal: str, taal: str, plek: str) -> HttpResponse:
    """All versions of one text: who wrote and published them, and what changed between two."""
    vak = vak_or_404(request, soort, kanaal, taal, plek)
    found = post.templates.history(*vak.slot)
    by_number = {info.number: info for info in found}
    van, naar = _number(request, "van"), _number(request, "naar")
    verschil = None
    if van is not None and naar is not None:
        old, new = by_number.get(van), by_number.get(naar)
        shipped = vak.kind.defaults[vak.channel, vak.taal]
        if new is None or (old is None and van != 0):
            raise Http404("versie")
        old_subject, old_body = (old.subject, old.body) if old else (shipped.subject, shipped.body)
        verschil = {
            "van": van,
            "naar": naar,
            "onderwerp": vergelijk(old_subject, new.subject) if not vak.is_sms else [],
            "tekst": vergelijk(old_body, new.body),
        }
    context = {
        "vak": vak,
        "versies": found,
        "verschil": verschil,
        "nummers": [0, *sorted(by_number)],
        "concept": any(info.state == "draft" for info in found),
        "gebruik": post.templates.current(*vak.slot),
    }
    return render(request, "coordinator/sjabloon_versies.html", context)


@coordinator_required
@require_POST
def terugzetten(request: HttpRequest, soort: str, kanaal: str, taal: str, plek: str, versie_id: int) -> HttpResponse:
    """An older text becomes a new draft."""
    vak = vak_or_404(request, soort, kanaal, taal, plek, schrijven=True)
    known = {info.version_id for info in post.templates.history(*vak.slot) if info.state != "draft"}
    if versie_id not in known:
        raise Http404("versie")
    try:
        beheer.zet_sjabloon_terug(version_id=versie_id, team=vak.plek.team, actor=actor_of(request), now=timezone.now())
    except beheer.BeheerGeweigerd as geweigerd:
        messages.error(request, geweigerd.fouten[0].melding)
    else:
        messages.success(request, "De oude tekst is nu een concept. Er verandert nog niets voor cliënten.")
    return redirect(vak.url())


def _number(request: HttpRequest, naam: str) -> int | None:
    value = request.GET.get(naam, "")
    return int(value) if value.isascii() and value.isdigit() and len(value) < 6 else None


def _fields(tekst: str) -> set[str]:
    return set(post.placeholder_names(tekst))
