"""The lock on a screen that was handed to a client."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

OVERHANDIGD = "overhandigd"
"""In the session: the id of the form that the client has in front of them."""

_STAFF = ("/werk/", "/beheer/", "/accounts/", "/berichtenbak/", "/api/")


class Slot:
    """While the client holds the screen, every staff address leads to the password question.

    A middleware and not a part of the guard on the pages: the pages of the login system and of the demo have
    a guard of their own, and one door that stays open is enough.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Public pages never touch the session.
        if not request.path.startswith(_STAFF) or OVERHANDIGD not in request.session:
            return self.get_response(request)
        pk = request.session[OVERHANDIGD]
        allowed = {reverse("werk:voor_client", args=[pk]), reverse("werk:slot"), reverse("account_logout")}
        if request.path in allowed:
            return self.get_response(request)
        if request.headers.get("HX-Request") == "true":
            # Another tab refreshes its list: it must not be filled with a password question.
            return HttpResponse(status=401, headers={"HX-Trigger": "vooraf:uitgelogd"})
        return redirect("werk:slot")
