"""The wording of messages: the overview, one text, and the editor with its count."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from afspraken.flow import beheer
from afspraken.web.access import actor_of, coordinator_required, current_user
from afspraken.web.coordinator.basis import KANALEN, TALEN, Plek, kanaal_or_404, plek_or_404, plekken_van
from afspraken.web.coordinator.forms import SjabloonForm
from afspraken.web.coordinator.sms_kosten import kosten
from afspraken.web.coordinator.voorbeeld import maak_voorbeeld
from afspraken.web.coordinator.weergave import publiceerders
from notifications import api as post


@dataclass(frozen=True, kw_only=True)
class Vak:
    """One text: a kind of message, on one channel, in one language, for one place."""

    kind: post.Kind
    channel: post.Channel
    taal: str
    plek: Plek

    @property
    def slot(self) -> tuple[str, post.Channel, str, str]:
        """How the post room names it."""
        return (self.kind.name, self.channel, self.taal, self.plek.scope)

    @property
    def args(self) -> list[str]:
        """How an address names it."""
        return [self.kind.name, self.channel.value, self.taal, self.plek.code]

    @property
    def titel(self) -> str:
        """In words: "Uitnodiging per sms, Nederlands"."""
        naam = self.kind.label[:1].upper() + self.kind.label[1:]
        return f"{naam} per {KANALEN[self.channel.value]}, {TALEN[self.taal]}"

    @property
    def kop(self) -> str:
        """The same without the kind: "Sms, Nederlands"."""
        return f"{KANALEN[self.channel.value].capitalize()}, {TALEN[self.taal]}"

    @property
    def is_sms(self) -> bool:
        """Whether length costs money."""
        return self.channel is post.Channel.SMS

    def url(self, naam: str = "sjabloon", *extra: object) -> str:
        """The address of one of its pages."""
        return reverse(f"beheer:{naam}", args=[*self.args, *extra])


@dataclass(frozen=True, kw_only=True)
class Vakstand:
    """A cell of the overview: what is in use there, and the draft that waits."""

    vak: Vak
    bestaat: bool
    gebruik: str
    concept: post.VersionInfo | None


def vak_or_404(request: HttpRequest, soort: str, kanaal: str, taal: str, plek: str, *, schrijven: bool = False) -> Vak:
    """The text of an address, when it exists and this account may read or write it."""
    try:
        kind = post.kind(soort)
    except post.UnknownKind:
        raise Http404("soort") from None
    channel = kanaal_or_404(kanaal)
    if taal not in TALEN or (channel, taal) not in kind.defaults:
        raise Http404("taal")
    return Vak(
        kind=kind,
        channel=channel,
        taal=taal,
        plek=plek_or_404(current_user(request), plek, schrijven=schrijven),
    )


@coordinator_required
@require_safe
def overzicht(request: HttpRequest) -> HttpResponse:
    """Every text of one place: which one is in use, and whether a draft waits."""
    plekken = plekken_van(current_user(request))
    code = request.GET.get("plek", plekken[0].code)
    plek = next((each for each in plekken if each.code == code), None)
    if plek is None:
        raise Http404("plek")
    found = {(r.kind, r.channel, r.language, r.scope): r for r in post.templates.overview([plek.scope])}
    groepen = []
    for kind in post.kinds():
        vakken = [Vak(kind=kind, channel=channel, taal=taal, plek=plek) for channel in post.Channel for taal in TALEN]
        groepen.append((kind, [_stand(vak, found) for vak in vakken]))
    koppen = [each.vak.kop for each in groepen[0][1]]
    context = {"plek": plek, "plekken": plekken, "groepen": groepen, "koppen": koppen}
    return render(request, "coordinator/sjablonen.html", context)


def _stand(vak: Vak, found: dict[tuple[str, post.Channel, str, str], post.TemplateRow]) -> Vakstand:
    own, common = found.get(vak.slot), found.get((*vak.slot[:3], ""))
    return Vakstand(
        vak=vak,
        bestaat=(vak.channel, vak.taal) in vak.kind.defaults,
        gebruik=_in_use(vak.plek, own, common),
        concept=own.draft if own else None,
    )


def _in_use(plek: Plek, own: post.TemplateRow | None, common: post.TemplateRow | None) -> str:
    if own is not None and own.published is not None:
        woord = "eigen tekst" if plek.team else "tekst voor alle teams"
        return f"{woord}, versie {own.published.number}"
    if common is not None and common.published is not None:
        return f"tekst voor alle teams, versie {common.published.number}"
    return "meegeleverde tekst"


@coordinator_required
@require_safe
def sjabloon(request: HttpRequest, soort: str, kanaal: str, taal: str, plek: str) -> HttpResponse:
    """One text as clients get it, and the draft that waits."""
    vak = vak_or_404(request, soort, kanaal, taal, plek)
    current = post.templates.current(*vak.slot)
    draft = post.templates.draft(*vak.slot)
    user = current_user(request)
    eigen = draft is not None and draft.author == user.username and not beheer.zelf_publiceren_mag()
    context = {
        "vak": vak,
        "gebruik": current,
        "gebruik_van_allen": vak.plek.team is not None and not current.scope and not current.is_default,
        "gebruik_voorbeeld": maak_voorbeeld(vak.kind, vak.channel, vak.taal, current.subject, current.body),
        "concept": draft,
        "concept_voorbeeld": draft and maak_voorbeeld(vak.kind, vak.channel, vak.taal, draft.subject, draft.body),
        "eigen_concept": eigen,
        "collegas": publiceerders(user, vak.plek) if eigen else [],
        "versies": post.templates.history(*vak.slot),
    }
    return render(request, "coordinator/sjabloon.html", context)


@coordinator_required
@require_http_methods(["GET", "POST"])
def bewerken(request: HttpRequest, soort: str, kanaal: str, taal: str, plek: str) -> HttpResponse:
    """Write a draft: it changes nothing for clients until a second person publishes it."""
    vak = vak_or_404(request, soort, kanaal, taal, plek, schrijven=True)
    draft = post.templates.draft(*vak.slot)
    seen = beheer.sjabloon_kenmerk(draft) if draft else ""
    if request.method == "POST":
        form = SjabloonForm(request.POST, sms=vak.is_sms)
        if form.is_valid() and _save(request, vak, form):
            return redirect(vak.url())
        if form.conflict:
            # Whoever was told about a colleague's newer draft may replace it knowingly.
            form.zet_gezien(seen)
    else:
        current = post.templates.current(*vak.slot)
        subject, body = (draft.subject, draft.body) if draft else (current.subject, current.body)
        form = SjabloonForm(sms=vak.is_sms, initial={"onderwerp": subject, "tekst": body, "gezien": seen})
    tekst = form["tekst"].value() or ""
    context = {
        "vak": vak,
        "form": form,
        "concept": draft,
        "kosten": _kosten(vak, tekst),
        "ontvangt": post.sender_can_receive(),
        "verplicht": sorted(vak.kind.required.get(vak.channel, frozenset())),
    }
    return render(request, "coordinator/sjabloon_bewerken.html", context)


def _save(request: HttpRequest, vak: Vak, form: SjabloonForm) -> bool:
    try:
        beheer.bewaar_sjabloon(
            kind=vak.kind.name,
            channel=vak.channel,
            taal=vak.taal,
            team=vak.plek.team,
            onderwerp=form.cleaned_data["onderwerp"],
            tekst=form.cleaned_data["tekst"],
            gezien=form.cleaned_data["gezien"],
            actor=actor_of(request),
            now=timezone.now(),
        )
    except beheer.BeheerGeweigerd as geweigerd:
        form.neem_over(geweigerd)
        return False
    messages.success(request, "Het concept is bewaard. Er verandert nog niets voor cliënten.")
    return True


@coordinator_required
@require_POST
def tellen(request: HttpRequest, soort: str, kanaal: str, taal: str, plek: str) -> HttpResponse:
    """The count of a text that is being typed; keeps nothing."""
    vak = vak_or_404(request, soort, kanaal, taal, plek)
    context = {"vak": vak, "kosten": _kosten(vak, request.POST.get("tekst", "")[:5000])}
    return render(request, "coordinator/delen/tellen.html", context)


def _kosten(vak: Vak, tekst: str) -> object:
    if not vak.is_sms:
        return None
    verdict = post.templates.check(kind=vak.kind.name, channel=vak.channel, language=vak.taal, subject="", body=tekst)
    return verdict.segments and kosten(kind=vak.kind, tekst=tekst, telling=verdict.segments)
