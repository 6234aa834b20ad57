"""The signed form, and the empty one to sign on paper, from one template: what you see is what you sign.

The result is PDF/A-2a and PDF/UA-1 at once: fit for the archive and for a screen reader. Same content, same bytes.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.template.loader import render_to_string

from afspraken.domain import datums, lijnen, spelregels
from afspraken.domain.formulier import Inhoud, kern
from afspraken.pdf import fonts

# Its warnings name addresses of resources; ours are fixed, so only errors matter.
logging.getLogger("weasyprint").setLevel(logging.ERROR)


class RenderFout(Exception):
    """The PDF could not be made: a system library, a font or the content is at fault."""


@dataclass(frozen=True, kw_only=True)
class Ondertekening:
    """One signature as it stands on the form. ``lijnen``: strokes of [x, y] in the box of 560 x 160."""

    rol: str
    wijze: str
    naam: str
    getekend_op: datetime
    lijnen: Sequence[Sequence[Sequence[int]]] = ()
    thuis: bool = False


def render_formulier(
    *, inhoud: Mapping[str, Any], inhoud_hash: str, handtekeningen: Sequence[Ondertekening] = ()
) -> bytes:
    """The form as PDF bytes. Without signatures: the sheet to print and sign on paper.

    Raises :class:`RenderFout`.
    """
    try:
        html = _markup(Inhoud.from_dict(inhoud), inhoud_hash, handtekeningen)
        return _write(html, identifier=inhoud_hash)
    except Exception as error:
        # Everything between here and a finished file is one failure to the caller: nothing may be half done.
        raise RenderFout from error


def prepare() -> None:
    """Load what the first PDF of a process needs, a second or more: before a transaction, not inside it.

    Never raises; what is missing shows when the PDF is made.
    """
    with suppress(Exception):
        import weasyprint  # noqa: F401, PLC0415

        fonts.printable("")
        fonts.read_all()


def _markup(inhoud: Inhoud, inhoud_hash: str, handtekeningen: Sequence[Ondertekening]) -> str:
    show = fonts.printable
    blad = spelregels.parse(inhoud.spelregels.tekst)
    by_role = {handtekening.rol: handtekening for handtekening in handtekeningen}
    moments = [handtekening.getekend_op for handtekening in handtekeningen]
    return render_to_string(
        "pdf/formulier.html",
        {
            "gemeente": show(inhoud.gemeente),
            "versie": inhoud.versie,
            "titel": show(blad.titel),
            "inleiding": [show(alinea) for alinea in blad.inleiding],
            "kop": show(blad.kop),
            "regels": [{"nummer": regel.nummer, "tekst": show(regel.tekst)} for regel in blad.regels],
            "kern": [(label, show(tekst)) for label, tekst in kern(inhoud).items()],
            "papier": not handtekeningen,
            "vraag_toestemming": inhoud.toestemming_open and not handtekeningen,
            "vakken": [
                _box("cliënt", inhoud.gesprek.client_naam, by_role.get("client")),
                _box("medewerker", inhoud.gesprek.medewerker_naam, by_role.get("medewerker")),
            ],
            "inhoud_hash": inhoud_hash,
            "blad_versie": inhoud.spelregels.versie,
            "blad_vingerafdruk": inhoud.spelregels.vingerafdruk,
            # From the content, not from the clock: rendering again gives the same bytes.
            "gemaakt": max(moments, default=inhoud.gesprek.start_op).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        },
    )


_WIJZE_ZIN = {
    "typen": "Getekend met de naam, en bevestigd: dit is mijn handtekening.",
    "papier": "Getekend op de papieren versie van dit formulier.",
}


def _box(wie: str, verwacht: str, handtekening: Ondertekening | None) -> dict[str, object]:
    if handtekening is None:
        return {"wie": wie, "naam": fonts.printable(verwacht), "leeg": True}
    return {
        "wie": wie,
        "naam": fonts.printable(handtekening.naam),
        "datum": datums.dag_tijd(handtekening.getekend_op),
        "pad": lijnen.svg_path(handtekening.lijnen) if handtekening.wijze == "tekenen" else "",
        "zin": _WIJZE_ZIN.get(handtekening.wijze, ""),
        "thuis": handtekening.thuis,
    }


def _write(html: str, *, identifier: str) -> bytes:
    # Loads pango through cffi: the rest of the service must start without it.
    from weasyprint import HTML  # noqa: PLC0415
    from weasyprint.urls import URLFetcher, URLFetcherResponse  # noqa: PLC0415

    own = fonts.read_all()

    class OwnFiles(URLFetcher):  # type: ignore[misc]  # WeasyPrint has no types
        """Fonts of our own and nothing else: no file, no network, whatever a name may hold."""

        def fetch(self, url: str, headers: object = None) -> URLFetcherResponse:
            return URLFetcherResponse(url, body=own[url], headers={"Content-Type": "font/ttf"})

    document: bytes = HTML(string=html, url_fetcher=OwnFiles()).write_pdf(
        pdf_variant="pdf/a-2a",
        pdf_tags=True,
        pdf_identifier=identifier.encode("ascii"),
        finisher=_claim_ua,
    )
    return document


_UA = b"""<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/"
 xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">
<pdfaProperty:name>part</pdfaProperty:name>
<pdfaProperty:valueType>Integer</pdfaProperty:valueType>
<pdfaProperty:category>internal</pdfaProperty:category>
<pdfaProperty:description>Part of ISO 14289 that the file follows</pdfaProperty:description>
</rdf:li></rdf:Seq></pdfaSchema:property>
</rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>
</rdf:RDF>"""


def _claim_ua(_document: object, pdf: Any) -> None:
    """Add PDF/UA to the metadata: WeasyPrint writes one variant, and the file meets both.

    The claim must stand inside the one rdf:RDF, with its schema, or the PDF/A check fails.
    """
    number = int(pdf.catalog["Metadata"].split()[0])
    stream = pdf.objects[number]
    stream.stream = [part.replace(b"</rdf:RDF>", _UA) for part in stream.stream]
