"""The texts of the client pages by key and language. A wrong key or a missing value raises: no silent gaps."""

from __future__ import annotations

from collections.abc import Mapping

from afspraken.web.client.tekst_en import EN
from afspraken.web.client.tekst_nl import NL

PAGINATALEN: Mapping[str, Mapping[str, str]] = {"nl": NL, "en": EN}
"""Languages in which the pages themselves exist; the rules sheet may have more."""

TAALNAMEN: Mapping[str, str] = {
    "nl": "Nederlands",
    "en": "English",
    "ar": "العربية",
    "tr": "Türkçe",
    "pl": "Polski",
    "ti": "ትግርኛ",
    "uk": "Українська",
    "so": "Soomaali",
    "fa": "فارسی",
    "fr": "Français",
    "es": "Español",
    "de": "Deutsch",
    "pap": "Papiamentu",
}
"""Each language in its own words, for who looks for it."""

_RECHTS_NAAR_LINKS = frozenset({"ar", "fa", "he", "ur", "ckb", "ps"})


def tekst(sleutel: str, taal: str, **waarden: object) -> str:
    """The text in that language, with its ``{naam}`` places filled. Plain text: the template escapes it."""
    zin = PAGINATALEN[taal][sleutel]
    return zin.format_map(waarden) if waarden else zin


def richting(taal: str) -> str:
    """The value of ``dir``: "rtl" or "ltr"."""
    return "rtl" if taal.split("-", maxsplit=1)[0] in _RECHTS_NAAR_LINKS else "ltr"


def taalnaam(taal: str) -> str:
    """The language's name in itself; an unknown code as it is."""
    return TAALNAMEN.get(taal, taal)
