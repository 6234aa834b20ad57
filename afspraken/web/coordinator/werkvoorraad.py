"""The worklist: clients whom no message reached, and texts that a person has to read."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from afspraken.flow import beheer, mail_reply, sms_reply
from afspraken.models import Gebruiker, Werkpunt
from afspraken.web.access import actor_of, coordinator_required, current_user
from afspraken.web.coordinator.basis import gepost
from afspraken.web.coordinator.forms_werk import WerkpuntForm

_PER_PAGE = 50


def _punten(user: Gebruiker) -> QuerySet[Werkpunt]:
    rows = Werkpunt.objects.filter(team__in=user.teams.filter(actief=True).values("pk"))
    return rows.select_related("afspraak__client", "afspraak__team", "team", "afgehandeld_door")


@coordinator_required
@require_safe
def overzicht(request: HttpRequest) -> HttpResponse:
    """What waits, oldest first; with ``?klaar=1`` what was done, newest first."""
    klaar = request.GET.get("klaar") == "1"
    rows = _punten(current_user(request)).filter(afgehandeld_op__isnull=not klaar)
    rows = rows.order_by("-afgehandeld_op" if klaar else "aangemaakt_op", "pk")
    page = Paginator(rows, _PER_PAGE).get_page(request.GET.get("pagina"))
    return render(request, "coordinator/werkvoorraad.html", {"pagina": page, "klaar": klaar, "nu": timezone.now()})


@coordinator_required
@require_http_methods(["GET", "POST"])
def punt(request: HttpRequest, pk: int) -> HttpResponse:
    """One entry: read it, act, and note what was done."""
    row = _punten(current_user(request)).filter(pk=pk).first()
    if row is None:
        raise Http404("werkpunt")
    form = WerkpuntForm(gepost(request))
    if request.method == "POST" and form.is_valid():
        try:
            done = beheer.handel_werkpunt_af(
                werkpunt_id=row.pk,
                notitie=form.cleaned_data["notitie"],
                actor=actor_of(request),
                now=timezone.now(),
            )
        except beheer.BeheerGeweigerd as geweigerd:
            form.neem_over(geweigerd)
        else:
            if done:
                messages.success(request, "Afgehandeld. Uw notitie is bewaard.")
            else:
                messages.info(request, "Een collega had dit al afgehandeld.")
            return redirect("beheer:werkvoorraad")
    text = sms_reply.text_for(werkpunt=row) or mail_reply.text_for(werkpunt=row)
    context = {"punt": row, "form": form, "tekst": text}
    return render(request, "coordinator/werkpunt.html", context)
