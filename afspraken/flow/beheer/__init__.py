"""What coordinators and beheerders change: texts, rules sheets, timing, people, keys. Each change leaves a log line."""

from __future__ import annotations

from afspraken.flow.beheer.accounts import Accountgegevens, maak_account, open_account, sluit_account, wijzig_account
from afspraken.flow.beheer.blad import (
    REGELS_SEGMENTS_MAX,
    Bladtekst,
    bewaar_blad,
    blad_kenmerk,
    blad_van,
    check_blad,
    concept_van,
    gooi_blad_weg,
    publiceer_blad,
    regels_segments,
)
from afspraken.flow.beheer.dagelijks import handel_werkpunt_af, hervat_berichten, pauzeer_berichten
from afspraken.flow.beheer.fouten import BeheerGeweigerd
from afspraken.flow.beheer.medewerkers import (
    alias_sleutel,
    bewaar_medewerker,
    haal_alias_weg,
    voeg_alias_toe,
    voeg_samen,
)
from afspraken.flow.beheer.sjablonen import (
    bewaar_sjabloon,
    gooi_sjabloon_weg,
    publiceer_sjabloon,
    sjabloon_kenmerk,
    zet_sjabloon_terug,
)
from afspraken.flow.beheer.sleutels import SCOPES, maak_api_sleutel, trek_api_sleutel_in, zoek_api_sleutel
from afspraken.flow.beheer.teams import (
    HERINNERING_MAX,
    UITNODIGING_MAX,
    VOOR_ALLEN,
    Hulp,
    Timing,
    check_timing,
    maak_team,
    timing_van,
    wijzig_hulp,
    wijzig_team,
    wijzig_timing,
)
from afspraken.flow.beheer.vier_ogen import zelf_publiceren_mag

__all__ = [
    "HERINNERING_MAX",
    "REGELS_SEGMENTS_MAX",
    "SCOPES",
    "UITNODIGING_MAX",
    "VOOR_ALLEN",
    "Accountgegevens",
    "BeheerGeweigerd",
    "Bladtekst",
    "Hulp",
    "Timing",
    "alias_sleutel",
    "bewaar_blad",
    "bewaar_medewerker",
    "bewaar_sjabloon",
    "blad_kenmerk",
    "blad_van",
    "check_blad",
    "check_timing",
    "concept_van",
    "gooi_blad_weg",
    "gooi_sjabloon_weg",
    "haal_alias_weg",
    "handel_werkpunt_af",
    "hervat_berichten",
    "maak_account",
    "maak_api_sleutel",
    "maak_team",
    "open_account",
    "pauzeer_berichten",
    "publiceer_blad",
    "publiceer_sjabloon",
    "regels_segments",
    "sjabloon_kenmerk",
    "sluit_account",
    "timing_van",
    "trek_api_sleutel_in",
    "voeg_alias_toe",
    "voeg_samen",
    "wijzig_account",
    "wijzig_hulp",
    "wijzig_team",
    "wijzig_timing",
    "zelf_publiceren_mag",
    "zet_sjabloon_terug",
    "zoek_api_sleutel",
]
