"""The append-only log and the worklist."""

from __future__ import annotations

from django.db import models

from afspraken.models.afspraak import Afspraak
from afspraken.models.personen import Gebruiker, Team


class LogRegel(models.Model):
    """One thing that happened: action, object, result, origin, actor, moment (BIO2 8.15.01).

    Holds no names, numbers, answers or texts: only which fields changed and which object it was.
    """

    actie = models.CharField("actie", max_length=60)
    object_soort = models.CharField("soort object", max_length=40)
    object_id = models.CharField("object", max_length=100)
    team = models.ForeignKey(Team, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    resultaat = models.CharField("resultaat", max_length=20, default="gelukt")
    oorsprong = models.CharField("oorsprong", max_length=20)
    actor = models.CharField("actor", max_length=100)
    details = models.JSONField("details", default=dict)
    tijdstip_op = models.DateTimeField("tijdstip", db_index=True)

    class Meta:
        verbose_name = "logregel"
        verbose_name_plural = "logregels"
        ordering = ("-tijdstip_op", "-pk")
        indexes = (models.Index(fields=("object_soort", "object_id"), name="logregel_object"),)

    def __str__(self) -> str:
        return f"{self.tijdstip_op:%Y-%m-%d %H:%M} {self.actie}"


class WerkpuntSoort(models.TextChoices):
    """Why a person has to act."""

    BELLEN = "bellen", "bel de cliënt"
    BRIEF = "brief", "stuur een brief"
    ONDUIDELIJK = "onduidelijk", "lees het bericht van de cliënt"


class Werkpunt(models.Model):
    """An entry on the worklist: a client who could not be reached, or whose text we did not understand."""

    afspraak = models.ForeignKey(Afspraak, on_delete=models.CASCADE, null=True, blank=True, related_name="werkpunten")
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, blank=True, related_name="werkpunten")
    soort = models.CharField("soort", max_length=20, choices=WerkpuntSoort.choices)
    # Same key, same point: a sweep or a doubled signal never adds a second one.
    sleutel = models.CharField(max_length=120, unique=True)
    reden = models.CharField("reden", max_length=300)
    aangemaakt_op = models.DateTimeField("aangemaakt op")
    afgehandeld_op = models.DateTimeField("afgehandeld op", null=True, blank=True)
    afgehandeld_door = models.ForeignKey(Gebruiker, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    notitie = models.CharField("notitie", max_length=300, blank=True)

    class Meta:
        verbose_name = "werkpunt"
        verbose_name_plural = "werkpunten"
        ordering = ("aangemaakt_op",)

    def __str__(self) -> str:
        return f"werkpunt {self.pk}"
