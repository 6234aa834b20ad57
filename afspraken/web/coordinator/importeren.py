"""Import: a file is read, shown, confirmed, and only then processed."""

from __future__ import annotations

import uuid
from collections.abc import Callable

from django.contrib import messages
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, URLResolver, path
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from afspraken.domain import datums
from afspraken.models import Importconcept, Team
from afspraken.sources import concept as concepts
from afspraken.sources import error_file, load, preview, process
from afspraken.sources.columns import KOLOMMEN
from afspraken.web.access import coordinator_required, current_user, teams_of
from afspraken.web.coordinator import importeren_weergave as weergave
from afspraken.web.coordinator.importeren_forms import InMemory, UploadForm, VerwerkForm

BRON = "csv"
_LEZING_SECONDEN = 300


@coordinator_required
@csrf_exempt
@require_http_methods(["GET", "POST"])
def importeren(request: HttpRequest) -> HttpResponse:
    """Choose a file; the upload is kept in memory.

    Exempt from the middleware's check only because that reads the body before our handler can be set;
    :func:`_importeren` makes the same check.
    """
    if request.method == "POST":
        request.upload_handlers = [InMemory(request)]
    answer: HttpResponse = _importeren(request)
    return answer


@csrf_protect
def _importeren(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return _upload_page(request, UploadForm())
    form = UploadForm(request.POST, request.FILES)
    handler = request.upload_handlers[0]
    if isinstance(handler, InMemory) and handler.too_big:
        form.add_error("bestand", str(load.too_big().fout))
        return _upload_page(request, form, status=413)
    if not form.is_valid():
        return _upload_page(request, form, status=400)
    upload = form.cleaned_data["bestand"]
    data = bytes(upload.read())
    upload.close()
    return _read(request, form, data)


def _read(request: HttpRequest, form: UploadForm, data: bytes) -> HttpResponse:
    """Read and compare; a file that can be read waits for its confirmation."""
    user = current_user(request)
    now = timezone.now()
    eigen = {team.code: team.naam for team in teams_of(user)}
    andere = Team.objects.filter(actief=True).exclude(code__in=eigen).values_list("code", flat=True)
    noted = _reading(user.pk, form.cleaned_data["lezing"])
    resultaat = load.load(
        data, now=now, bron=BRON, teams=eigen, andere_teams=list(andere), voortgang=noted("rijen gelezen")
    )
    if resultaat.bestandsfout is not None:
        form.add_error("bestand", str(resultaat.bestandsfout))
        return _upload_page(request, form, status=400)
    bestand_hash = concepts.fingerprint(data)
    del data
    resultaat, uitkomsten = preview.predict(resultaat, now=now, eigen_teams=eigen, voortgang=noted("rijen vergeleken"))
    waiting = concepts.keep(
        concepts.Inhoud(resultaat=resultaat, uitkomsten=tuple(uitkomsten)),
        gebruiker=user,
        bron=BRON,
        bestand_hash=bestand_hash,
        now=now,
    )
    return redirect("beheer:import_bestand", pk=waiting.pk)


def _upload_page(request: HttpRequest, form: UploadForm, *, status: int = 200) -> HttpResponse:
    context = {
        "form": form,
        "kolommen": KOLOMMEN,
        "teams": teams_of(current_user(request)),
        # Under this number the page can ask how far the reading of the next upload is.
        "lezing": uuid.uuid4(),
    }
    return render(request, "coordinator/import.html", context, status=status)


def _reading(user_pk: int, lezing: uuid.UUID | None) -> Callable[[str], Callable[[int], None]]:
    """Notes how far the reading of an upload is, for the page that waits for it."""

    def noted(words: str) -> Callable[[int], None]:
        def note(count: int) -> None:
            if lezing is not None:
                cache.set(f"import/{user_pk}/{lezing}", f"{weergave.getal(count)} {words}", _LEZING_SECONDEN)

        return note

    return noted


@coordinator_required
@require_GET
def lezen(request: HttpRequest, lezing: uuid.UUID) -> JsonResponse:
    """How far the reading of an upload of this account is."""
    return JsonResponse({"tekst": cache.get(f"import/{current_user(request).pk}/{lezing}", "")})


@coordinator_required
@require_GET
def voorbeeldbestand(request: HttpRequest) -> HttpResponse:
    """A file to begin with."""
    day = datums.local_date(timezone.now() + weergave.VOORBEELD_VOORUIT)
    return _csv(error_file.example(day), "voorbeeld-afspraken.csv")


@coordinator_required
@require_GET
def bestand(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """An uploaded file: what it would do, how far it is, or what it did."""
    row = _find(request, pk)
    if row is None:
        return _gone(request)
    if row.verwerkt_op is not None:
        return render(request, "coordinator/import_klaar.html", {"klaar": weergave.klaar(row)})
    if row.begonnen_op is not None:
        return render(request, "coordinator/import_bezig.html", {"row": row, "stand": weergave.stand(row)})
    context = weergave.voorbeeld(
        concepts.unpack(row.rijen), pagina=request.GET.get("pagina", ""), soort=request.GET.get("soort", "")
    )
    context["row"] = row
    context["eerder"] = concepts.processed_before(row.bestand_hash)
    context["veranderd"] = row.uitslag.get("veranderd", 0)
    return render(request, "coordinator/import_voorbeeld.html", context)


@coordinator_required
@require_GET
def stand(request: HttpRequest, pk: uuid.UUID) -> JsonResponse:
    """How far the processing is, for the page that waits for it."""
    row = _find(request, pk)
    if row is None or row.verwerkt_op is not None or row.begonnen_op is None:
        return JsonResponse({"klaar": True, "tekst": ""})
    now = weergave.stand(row)
    return JsonResponse({"klaar": False, "tekst": now.tekst, "gedaan": now.gedaan})


@coordinator_required
@require_POST
def verwerken(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The confirmation. Twice is once."""
    row = _find(request, pk)
    if row is None:
        return _gone(request)
    if row.begonnen_op is not None:
        return redirect("beheer:import_bestand", pk=pk)
    form = VerwerkForm(request.POST)
    if not form.is_valid() or form.cleaned_data["aantal"] != row.aantal or not row.aantal:
        messages.warning(request, "Het voorbeeld is intussen veranderd. Bekijk het nog eens.")
        return redirect("beheer:import_bestand", pk=pk)
    if row.uitslag.get("met_fout") and not form.cleaned_data["alleen_goede"]:
        messages.warning(request, "Er staan fouten in het bestand. Er is niets verwerkt.")
        return redirect("beheer:import_bestand", pk=pk)
    process.start(row, now=timezone.now())
    return redirect("beheer:import_bestand", pk=pk)


@coordinator_required
@require_POST
def weggooien(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """Throw an upload away that was not confirmed."""
    row = _find(request, pk)
    if row is not None and row.begonnen_op is None:
        row.delete()
        messages.success(request, "Het bestand is weggegooid. Er is niets verwerkt.")
    return redirect("beheer:import")


@coordinator_required
@require_GET
def fouten(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """The rows with errors, to mend and upload again."""
    row = _find(request, pk)
    if row is None:
        return _gone(request)
    return _csv(error_file.make(concepts.unpack(row.rijen).resultaat.foutrijen), "fouten.csv")


def _find(request: HttpRequest, pk: uuid.UUID) -> Importconcept | None:
    return concepts.find(pk, current_user(request), timezone.now())


def _gone(request: HttpRequest) -> HttpResponse:
    """Expired, thrown away, or somebody else's: the same page for all three."""
    return render(request, "coordinator/import_weg.html", status=404)


def _csv(content: bytes, name: str) -> HttpResponse:
    return HttpResponse(
        content,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


urlpatterns: list[URLPattern | URLResolver] = [
    path("import", importeren, name="import"),
    path("import/voorbeeldbestand", voorbeeldbestand, name="import_voorbeeldbestand"),
    path("import/lezen/<uuid:lezing>", lezen, name="import_lezen"),
    path("import/<uuid:pk>", bestand, name="import_bestand"),
    path("import/<uuid:pk>/stand", stand, name="import_stand"),
    path("import/<uuid:pk>/verwerken", verwerken, name="import_verwerken"),
    path("import/<uuid:pk>/weggooien", weggooien, name="import_weggooien"),
    path("import/<uuid:pk>/fouten.csv", fouten, name="import_fouten"),
]
