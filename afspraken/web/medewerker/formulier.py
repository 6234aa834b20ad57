"""The form: read it, change it, end it, take it along."""

from __future__ import annotations

import logging
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_GET, require_POST

from afspraken.domain import formulier as regels
from afspraken.domain.formulier import Toestemming
from afspraken.flow import answer, sign
from afspraken.flow.sign.base import newest
from afspraken.models import Formulier, SpelregelsVertaling
from afspraken.pdf import render as pdf_render
from afspraken.web.access import actor_of, current_user, medewerker_required
from afspraken.web.medewerker import weergave
from afspraken.web.medewerker.fields import WerkForm
from afspraken.web.medewerker.forms import AntwoordForm, ClientTekentForm, RedenForm, ToestemmingForm
from notifications import api as post

logger = logging.getLogger(__name__)


@medewerker_required
@require_GET
def pagina(request: HttpRequest, pk: int) -> HttpResponse:
    """The form with what can be done with it now."""
    return show(request, weergave.formulier_or_404(current_user(request), pk))


def show(request: HttpRequest, formulier: Formulier, *, status: int = 200, **meer: Any) -> HttpResponse:
    """The page of a form; ``meer`` brings a form with errors, or what changed on a stale page."""
    beeld = weergave.beeld_van(formulier)
    user = current_user(request)
    inhoud = beeld.inhoud
    nieuwer = newest(formulier.afspraak_id) if beeld.stand is regels.Stand.VERVALLEN else None
    context: dict[str, object] = {
        "beeld": beeld,
        "formulier": formulier,
        "afspraak": formulier.afspraak,
        "client_form": ClientTekentForm(initial={"naam": inhoud.gesprek.client_naam}, prefix="client"),
        "antwoord_form": AntwoordForm(initial=AntwoordForm.start(inhoud)),
        "toestemming_form": ToestemmingForm(initial=_said(inhoud)),
        "reden_form": RedenForm(),
        "ondertekent_als": weergave.naam_van(user),
        "kort": retelling_of(formulier),
        "kopie": _copy(formulier),
        "nieuwer": nieuwer,
        "dag": weergave.dag_van(formulier.afspraak),
        **meer,
    }
    # The summary of errors on top looks at one form: the one that was sent.
    forms = [value for value in context.values() if isinstance(value, WerkForm) and value.errors]
    context["form"] = forms[0] if forms else None
    return render(request, "medewerker/formulier.html", context, status=status)


def _said(inhoud: regels.Inhoud) -> dict[str, str]:
    said = inhoud.toestemming
    return {} if said is Toestemming.NVT else {"toestemming": said.value, "voorwaarden": inhoud.voorwaarden}


def retelling_of(formulier: Formulier) -> SpelregelsVertaling | None:
    """The rules in plain language, in the client's language when there is one, else in Dutch."""
    taal = formulier.afspraak.client.taal
    found = {v.taal: v for v in formulier.spelregels.vertalingen.filter(taal__in=(taal, "nl"))}
    return found.get(taal) or found.get("nl")


def _copy(formulier: Formulier) -> weergave.Berichtbeeld | None:
    """The newest message with a copy of this form."""
    label = post.kind("kopie_formulier").label
    return next((b for b in weergave.berichten_van(formulier.afspraak) if b.soort == label), None)


def stale(request: HttpRequest, formulier: Formulier, melding: str) -> HttpResponse:
    """What was on the screen is not what is kept: bring the form up to date and show what differs."""
    try:
        pk = sign.open_formulier(afspraak_id=formulier.afspraak_id, actor=actor_of(request), now=timezone.now())
    except sign.TekenenNietMogelijk as problem:
        messages.error(request, problem.melding)
        return redirect("werk:afspraak", pk=formulier.afspraak_id)
    fresh = weergave.formulier_or_404(current_user(request), pk)
    return show(
        request,
        fresh,
        status=409,
        veranderd=melding,
        verschillen=weergave.changed_since(request.POST.get("momentopname", ""), fresh),
    )


@medewerker_required
@require_POST
def aanpassen(request: HttpRequest, pk: int) -> HttpResponse:
    """Change what the client says they will do; also recorded as a spoken answer."""
    formulier = weergave.formulier_or_404(current_user(request), pk)
    form = AntwoordForm(request.POST)
    if not form.is_valid():
        return show(request, formulier, status=400, antwoord_form=form, aanpassen_open=True)
    try:
        new_pk = sign.update_formulier(
            formulier_id=pk,
            antwoord=form.gegevens(),
            inhoud_hash=request.POST.get("inhoud_hash", ""),
            actor=actor_of(request),
            now=timezone.now(),
        )
    except answer.AntwoordGeweigerd as problem:
        form.add_fouten(problem.fouten, {})
        return show(request, formulier, status=400, antwoord_form=form, aanpassen_open=True)
    except sign.TekenenNietMogelijk as problem:
        return refused(request, formulier, problem)
    return redirect("werk:formulier", pk=new_pk)


@medewerker_required
@require_POST
def toestemming(request: HttpRequest, pk: int) -> HttpResponse:
    """What the medewerker says about rule 3."""
    formulier = weergave.formulier_or_404(current_user(request), pk)
    form = ToestemmingForm(request.POST)
    if not form.is_valid():
        return show(request, formulier, status=400, toestemming_form=form)
    try:
        new_pk = sign.update_formulier(
            formulier_id=pk,
            toestemming=form.cleaned_data["toestemming"],
            voorwaarden=form.cleaned_data["voorwaarden"],
            inhoud_hash=request.POST.get("inhoud_hash", ""),
            actor=actor_of(request),
            now=timezone.now(),
        )
    except sign.TekenenNietMogelijk as problem:
        return refused(request, formulier, problem)
    return redirect("werk:formulier", pk=new_pk)


def refused(request: HttpRequest, formulier: Formulier, problem: sign.TekenenNietMogelijk) -> HttpResponse:
    """Say what is the matter; a stale page also shows what changed."""
    if problem.reden in {"veranderd", "vervallen"}:
        return stale(request, formulier, problem.melding)
    messages.error(request, problem.melding)
    return redirect("werk:formulier", pk=formulier.pk)


@medewerker_required
@require_POST
def uitkomst(request: HttpRequest, pk: int) -> HttpResponse:
    """The client does not sign, or there is no recording after all."""
    user = current_user(request)
    formulier = weergave.formulier_or_404(user, pk)
    choices = {"client_tekent_niet": sign.client_tekent_niet, "geen_opname": sign.geen_opname}
    end = choices.get(request.POST.get("uitkomst", ""))
    if end is None:
        messages.error(request, "Kies een van de uitkomsten.")
        return redirect("werk:formulier", pk=pk)
    try:
        end(formulier_id=pk, gebruiker_id=user.pk, actor=actor_of(request), now=timezone.now())
    except sign.TekenenNietMogelijk as problem:
        return refused(request, formulier, problem)
    return redirect("werk:formulier", pk=pk)


@medewerker_required
@require_POST
def nieuwe_versie(request: HttpRequest, pk: int) -> HttpResponse:
    """A correction: start over, with the reason."""
    formulier = weergave.formulier_or_404(current_user(request), pk)
    form = RedenForm(request.POST)
    if not form.is_valid():
        return show(request, formulier, status=400, reden_form=form)
    try:
        new_pk = sign.nieuwe_versie(
            formulier_id=pk, reden=form.cleaned_data["reden"], actor=actor_of(request), now=timezone.now()
        )
    except sign.TekenenNietMogelijk as problem:
        return refused(request, formulier, problem)
    return redirect("werk:formulier", pk=new_pk)


@medewerker_required
@require_GET
def pdf(request: HttpRequest, pk: int) -> HttpResponse:
    """The signed form, the very bytes that were made when it was signed."""
    formulier = weergave.formulier_or_404(current_user(request), pk)
    content = Formulier.objects.values_list("pdf", flat=True).get(pk=formulier.pk)
    if not content:
        raise Http404("pdf")
    return _pdf(bytes(content), _filename(formulier, "formulier-opname"), as_attachment=True)


@medewerker_required
@require_GET
def blad(request: HttpRequest, pk: int) -> HttpResponse:
    """The filled-in sheet with empty boxes, to print and sign on paper."""
    formulier = weergave.formulier_or_404(current_user(request), pk)
    try:
        content = pdf_render.render_formulier(inhoud=formulier.inhoud, inhoud_hash=formulier.inhoud_hash)
    except pdf_render.RenderFout:
        logger.exception("the sheet of form %s could not be made", formulier.pk)
        messages.error(request, "Het blad kon niet worden gemaakt. Waarschuw de beheerder.")
        return redirect("werk:formulier", pk=pk)
    return _pdf(content, _filename(formulier, "formulier-op-papier"), as_attachment=False)


def _filename(formulier: Formulier, begin: str) -> str:
    # No name of a client: a download folder is read by whoever uses the computer next.
    return f"{begin}-{formulier.afspraak_id}-versie-{formulier.versie}.pdf"


def _pdf(content: bytes, filename: str, *, as_attachment: bool) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    header = content_disposition_header(as_attachment=as_attachment, filename=filename)
    assert header is not None
    response.headers["Content-Disposition"] = header
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
