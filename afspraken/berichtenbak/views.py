"""The pages of the demo's phone and mailbox."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import wraps
from io import BytesIO
from uuid import UUID, uuid4

from csp.decorators import csp_replace, csp_update
from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from afspraken.berichtenbak import read
from afspraken.berichtenbak.tekst import with_local_links
from notifications import api as post

View = Callable[..., HttpResponseBase]
_OURS = re.compile(r"/berichtenbak/(telefoon/\d{6,15}|mailbox/[^/\\\s]{3,254})?")
# On the first page; the rest is a click or a search away.
_EERST = 25
WOORDEN = ("JA", "NEE", "WEET NIET", "REGELS", "HULP", "STOP")


def demo_only(view: View) -> View:
    """404 outside the demo, whatever the list of addresses says."""

    @wraps(view)
    @never_cache
    def guarded(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        if not settings.DEMO:
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


class SmsForm(forms.Form):
    """A text as the client types it on their phone."""

    tekst = forms.CharField(
        label="Bericht van de cliënt",
        max_length=1600,
        strip=True,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
        error_messages={"required": "Typ een bericht, of kies een van de woorden."},
    )


@demo_only
@require_GET
def start(request: HttpRequest) -> HttpResponse:
    """All phones and mailboxes."""
    found = read.overzicht(now=timezone.now())
    zoek = request.GET.get("zoek", "").strip()
    if zoek:
        found.telefoons = [bak for bak in found.telefoons if _fits(bak, zoek)]
        found.mailboxen = [bak for bak in found.mailboxen if _fits(bak, zoek)]
    alles = bool(zoek) or "alles" in request.GET
    context = {
        "bak": found,
        "zoek": zoek,
        "telefoons": found.telefoons if alles else found.telefoons[:_EERST],
        "mailboxen": found.mailboxen if alles else found.mailboxen[:_EERST],
    }
    return render(request, "berichtenbak/start.html", context)


def _fits(bak: read.Bak, zoek: str) -> bool:
    digits = re.sub(r"\D", "", zoek)
    if len(digits) >= 4 and digits in bak.weergave.replace(" ", ""):
        return True
    return any(zoek.casefold() in text.casefold() for text in (*bak.namen, bak.adres))


def _number(nummer: str) -> str:
    """The number in E.164 of the digits in an address."""
    return f"+{nummer}"


@demo_only
@require_http_methods(["GET", "POST"])
def telefoon(request: HttpRequest, nummer: str) -> HttpResponse:
    """One phone; a POST is a text that the client sends."""
    e164, now = _number(nummer), timezone.now()
    # A word from the row of buttons counts as the whole text.
    data = {"tekst": request.POST.get("woord") or request.POST.get("tekst", "")}
    form = SmsForm(data) if request.method == "POST" else SmsForm()
    if request.method == "POST" and form.is_valid():
        post.receive_sms(
            vendor="console",
            vendor_id=str(uuid4()),
            sender=e164,
            recipient=settings.SMS_NUMBER_SHOWN or "demo",
            body=form.cleaned_data["tekst"],
            now=now,
        )
        return redirect("berichtenbak:telefoon", nummer=nummer)
    found = read.telefoon(e164, now=now)
    if not (found.bellen or found.gepland or found.namen):
        raise Http404
    context = {"telefoon": found, "form": form, "nummer": nummer, "woorden": WOORDEN, "now": now}
    return render(request, "berichtenbak/telefoon.html", context)


@demo_only
@require_GET
def draad(request: HttpRequest, nummer: str) -> HttpResponse:
    """The thread alone, for a page that asks again; 204 when it has not changed."""
    found = read.telefoon(_number(nummer), now=timezone.now())
    if request.GET.get("stand") == found.stand:
        return HttpResponse(status=204)
    return render(request, "berichtenbak/delen/draad.html", {"telefoon": found, "nummer": nummer})


@demo_only
@require_GET
def mailbox(request: HttpRequest, adres: str) -> HttpResponse:
    """The mails of one address."""
    now = timezone.now()
    mails = read.mailbox(adres)
    gepland = [each for each in read.planned(now=now) if each.adres == adres]
    namen = read.names_of([adres]).get(adres, ())
    if not (mails or gepland or namen):
        raise Http404
    context = {
        "adres": adres,
        "mails": mails,
        "gepland": gepland,
        "namen": namen,
        "gesprekken": read.conversations(adres),
    }
    return render(request, "berichtenbak/mailbox.html", context)


def _mail_or_404(uuid: UUID) -> read.Mail:
    found = read.mail(uuid)
    if found is None:
        raise Http404
    return found


@demo_only
# The mail itself stands in a frame from our own address, with a policy of its own.
@csp_update({"frame-src": ["'self'"]})  # type: ignore[arg-type,unused-ignore]
@require_GET
def mail(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """One mail: as HTML in a frame, or as text."""
    found = _mail_or_404(uuid)
    als_tekst = request.GET.get("als") == "tekst" or not found.html
    return render(request, "berichtenbak/mail.html", {"mail": found, "als_tekst": als_tekst})


@demo_only
# A mail brings its own style and nothing else: no script, no picture from outside, no form, no own origin.
@csp_replace(  # type: ignore[arg-type,unused-ignore]
    {
        "default-src": ["'none'"],
        "script-src": None,
        "style-src": ["'unsafe-inline'"],
        "img-src": None,
        "connect-src": None,
        "font-src": None,
        "form-action": ["'none'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'self'"],
        "sandbox": ["allow-popups", "allow-popups-to-escape-sandbox", "allow-top-navigation-by-user-activation"],
    }
)
@xframe_options_sameorigin
@require_GET
def mail_html(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The HTML of a mail as it was sent; links open outside the frame."""
    found = _mail_or_404(uuid)
    html = found.html.replace("<head>", '<head><base target="_top">', 1)
    return HttpResponse(with_local_links(html))


@demo_only
@require_GET
def bijlage(request: HttpRequest, uuid: UUID, nummer: int) -> FileResponse:
    """A file that came with a mail, to keep."""
    found = _mail_or_404(uuid)
    if not 1 <= nummer <= len(found.bijlagen):
        raise Http404
    file = found.bijlagen[nummer - 1]
    return FileResponse(
        BytesIO(file.content), as_attachment=True, filename=file.filename, content_type=file.content_type
    )


@demo_only
@require_POST
def nu_versturen(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Send a planned message now, also at night and on Sunday."""
    if post.send_now(uuid=uuid, now=timezone.now()):
        messages.success(request, "Het bericht gaat nu de deur uit. Het staat er over een paar tellen.")
    else:
        messages.info(request, "Dit bericht wachtte niet meer.")
    return redirect(_back(request))


def _back(request: HttpRequest) -> str:
    """The page the button stood on: only addresses of this room."""
    back = request.POST.get("terug", "")
    return back if _OURS.fullmatch(back) else "/berichtenbak/"


@demo_only
@require_GET
def voorbeeldbestand(request: HttpRequest) -> FileResponse:
    """The sample file of appointments, with days that still have to come."""
    path = settings.VAR_DIR / "demo" / "afspraken-demo.csv"
    if not path.is_file():
        raise Http404
    return FileResponse(path.open("rb"), as_attachment=True, filename=path.name, content_type="text/csv")
