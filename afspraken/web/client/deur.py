"""The door of every page behind a link: from token to appointment, language and moment.

Opening a page changes nothing: links are opened by scanners, previews and children. What a POST does, the
views say themselves.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps

from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone, translation

from afspraken.flow import answer
from afspraken.models import Afspraak
from afspraken.web import links
from afspraken.web.client import begrenzer
from afspraken.web.client.tekst import PAGINATALEN, richting, tekst
from afspraken.web.client.weergave import hulp_van, toon_afspraak

_TAAL = "client.taal"
_MELDING = "client.melding"
_GOED_NIEUWS = frozenset({"getekend.dank"})


@dataclass(frozen=True, kw_only=True)
class Bezoek:
    """One visit: whose appointment, in which language, when, and why answering is over ("" when it is not)."""

    afspraak: Afspraak
    token: str
    taal: str
    now: datetime
    reden: str


View = Callable[[HttpRequest, Bezoek], HttpResponseBase]


def met_link(
    *methods: str, open_nodig: bool = False
) -> Callable[[View], Callable[[HttpRequest, str], HttpResponseBase]]:
    """Decorate a view behind a link. ``open_nodig``: only while the client can still answer.

    When answering is over, such a page leads to the page of the appointment, which says why.
    """
    allowed = (*methods, "HEAD") if "GET" in methods else methods

    def decorate(view: View) -> Callable[[HttpRequest, str], HttpResponseBase]:
        @wraps(view)
        def opened(request: HttpRequest, token: str) -> HttpResponseBase:
            afspraak = links.afspraak_by_token(token)
            if afspraak is None:
                return onbekend(request)
            if request.method not in allowed:
                return HttpResponseNotAllowed(allowed)
            now = timezone.now()
            bezoek = Bezoek(
                afspraak=afspraak,
                token=token,
                taal=_taal_van(request, afspraak),
                now=now,
                reden=answer.mag_antwoorden(afspraak, now),
            )
            if open_nodig and bezoek.reden:
                return te_laat(request, bezoek)
            with translation.override(bezoek.taal):
                response = view(request, bezoek)
            response.setdefault("Content-Language", bezoek.taal)
            return response

        opened.client_link = True  # type: ignore[attr-defined]  # read by tests/house
        return opened

    return decorate


def te_laat(request: HttpRequest, bezoek: Bezoek) -> HttpResponse:
    """To the page that says why; with the news that an answer just given did not come through."""
    if request.method == "POST":
        zet_melding(request, "gesloten.te_laat")
    return redirect("client:afspraak", token=bezoek.token)


def zet_melding(request: HttpRequest, sleutel: str) -> None:
    """One line of news for the next page, by its key, so that it comes in the language of that page."""
    request.session[_MELDING] = sleutel


def toon(
    request: HttpRequest, bezoek: Bezoek, sjabloon: str, context: dict[str, object] | None = None, status: int = 200
) -> HttpResponse:
    """Render a page about the appointment of this visit."""
    melding = request.session.pop(_MELDING, "") if _MELDING in request.session else ""
    full = {
        **kader(bezoek.taal),
        "hulp": hulp_van(bezoek.afspraak.team),
        "token": bezoek.token,
        "afspraak": toon_afspraak(bezoek.afspraak, bezoek.taal),
        "melding": tekst(melding, bezoek.taal) if melding in PAGINATALEN[bezoek.taal] else "",
        "melding_soort": "ok" if melding in _GOED_NIEUWS else "warning",
        **(context or {}),
    }
    return render(request, f"client/{sjabloon}.html", full, status=status)


def kader(taal: str) -> dict[str, object]:
    """What the frame of every client page needs."""
    andere = "en" if taal == "nl" else "nl"
    return {
        "taal": taal,
        "richting": richting(taal),
        "andere_taal": andere,
        "andere_taal_url": f"?taal={andere}",
        "hulp": hulp_van(None),
    }


def gekozen_taal(request: HttpRequest, anders: str = "nl") -> str:
    """The language asked for in the address, else ``anders``."""
    asked = request.GET.get("taal", "")
    return asked if asked in PAGINATALEN else anders


def onbekend(request: HttpRequest, token: str = "") -> HttpResponse:
    """The one page for every link that opens nothing; the token is neither shown nor kept."""
    taal = gekozen_taal(request)
    if wacht := begrenzer.te_vaak(request):
        # The page names the longest wait, so that it is the same for everyone.
        response = _neutral(request, "druk", taal, 429, minuten=begrenzer.VENSTER_SECONDEN // 60)
        response["Retry-After"] = str(wacht)
        return response
    return _neutral(request, "onbekend", taal, 404)


def _neutral(request: HttpRequest, sjabloon: str, taal: str, status: int, **context: object) -> HttpResponse:
    with translation.override(taal):
        response = render(request, f"client/{sjabloon}.html", {**kader(taal), **context}, status=status)
    response["Content-Language"] = taal
    return response


def _taal_van(request: HttpRequest, afspraak: Afspraak) -> str:
    """The language asked for, else the one chosen before in this browser, else that of the client."""
    asked = gekozen_taal(request, "")
    if asked:
        if request.session.get(_TAAL) != asked:
            request.session[_TAAL] = asked
        return asked
    chosen = request.session.get(_TAAL, "")
    own = afspraak.client.taal
    return next((taal for taal in (chosen, own) if taal in PAGINATALEN), "nl")
