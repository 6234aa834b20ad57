"""What coordinators and beheerders change: texts, rules sheets, timing, people, keys. Each change leaves a log line."""

from __future__ import annotations

from afspraken.flow.beheer.fouten import BeheerGeweigerd
from afspraken.flow.beheer.sleutels import SCOPES, maak_api_sleutel, trek_api_sleutel_in, zoek_api_sleutel

__all__ = ["SCOPES", "BeheerGeweigerd", "maak_api_sleutel", "trek_api_sleutel_in", "zoek_api_sleutel"]
