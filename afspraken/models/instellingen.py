"""Settings per team, API keys, and an import that waits for its confirmation."""

from __future__ import annotations

import datetime
import uuid

from django.db import models

from afspraken.models.personen import Gebruiker, Team
from notifications.fields import EncryptedTextField


class TeamInstellingen(models.Model):
    """Timing and privacy choices of one team; the defaults are those of the product."""

    team = models.OneToOneField(Team, on_delete=models.CASCADE, related_name="instellingen")
    uitnodiging_werkdagen = models.PositiveSmallIntegerField("uitnodiging, werkdagen vooraf", default=10)
    herinnering_aan = models.BooleanField("herinnering sturen", default=True)
    herinnering_werkdagen = models.PositiveSmallIntegerField("herinnering, werkdagen vooraf", default=1)
    herinnering_tijd = models.TimeField("herinnering, tijd", default=datetime.time(10, 0))
    # Neutral by default: the surname of a medewerker is in no message unless the team chose so.
    medewerker_in_bericht = models.BooleanField("naam van de medewerker in berichten", default=False)

    class Meta:
        verbose_name = "teaminstellingen"
        verbose_name_plural = "teaminstellingen"

    def __str__(self) -> str:
        return f"instellingen van {self.team_id}"


class ApiSleutel(models.Model):
    """A key of a planning system: shown once, kept as SHA-256 (the key itself has 256 random bits)."""

    naam = models.CharField("naam", max_length=100)
    voorvoegsel = models.CharField("voorvoegsel", max_length=12, unique=True)
    sleutel_hash = models.CharField(max_length=64)
    teams = models.ManyToManyField(Team, verbose_name="teams (leeg: alle)", blank=True, related_name="api_sleutels")
    scopes = models.JSONField("rechten", default=list)
    aangemaakt_op = models.DateTimeField("aangemaakt op")
    verloopt_op = models.DateTimeField("verloopt op", null=True, blank=True)
    ingetrokken_op = models.DateTimeField("ingetrokken op", null=True, blank=True)
    laatst_gebruikt_op = models.DateTimeField("laatst gebruikt op", null=True, blank=True)

    class Meta:
        verbose_name = "API-sleutel"
        verbose_name_plural = "API-sleutels"
        ordering = ("naam",)

    def __str__(self) -> str:
        return f"{self.naam} ({self.voorvoegsel})"


class Importconcept(models.Model):
    """Parsed rows of an upload, waiting for a person to confirm: encrypted, without BSN, for an hour.

    Waiting while ``begonnen_op`` is empty, under way until ``verwerkt_op`` is set; ``uitslag`` then holds counts only.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    gebruiker = models.ForeignKey(Gebruiker, on_delete=models.CASCADE, related_name="importconcepten")
    bron = models.CharField("bron", max_length=40)
    bestand_hash = models.CharField(max_length=64)
    rijen = EncryptedTextField("rijen")
    aantal = models.PositiveIntegerField("aantal rijen")
    aangemaakt_op = models.DateTimeField("aangemaakt op")
    verloopt_op = models.DateTimeField("verloopt op", db_index=True)
    voortgang = models.PositiveIntegerField("verwerkte rijen", default=0)
    uitslag = models.JSONField("uitslag", default=dict)
    begonnen_op = models.DateTimeField("begonnen op", null=True, blank=True)
    verwerkt_op = models.DateTimeField("verwerkt op", null=True, blank=True)

    class Meta:
        verbose_name = "import in afwachting"
        verbose_name_plural = "imports in afwachting"

    def __str__(self) -> str:
        return f"import {self.pk}"
