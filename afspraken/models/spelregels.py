"""Rules sheets: versioned data, frozen once published."""

from __future__ import annotations

from django.db import models

from afspraken.models.personen import Gebruiker, Team


class SpelregelsStatus(models.TextChoices):
    """A sheet is edited as a draft and frozen by publishing it."""

    CONCEPT = "concept", "concept"
    GEPUBLICEERD = "gepubliceerd", "gepubliceerd"


class SpelregelsVersie(models.Model):
    """One version of the rules sheet, for one team or (``team`` empty) for all.

    ``tekst`` is the official Dutch text to the letter. ``vingerafdruk`` is its SHA-256; every answer
    and every form is pinned to version and fingerprint.
    """

    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, blank=True, related_name="spelregels")
    nummer = models.PositiveIntegerField("versie")
    status = models.CharField(
        "status",
        max_length=20,
        choices=SpelregelsStatus.choices,
        default=SpelregelsStatus.CONCEPT.value,
    )
    tekst = models.TextField("officiële tekst")
    vingerafdruk = models.CharField("vingerafdruk", max_length=64, blank=True, default="")
    opsteller = models.ForeignKey(Gebruiker, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    aangemaakt_op = models.DateTimeField("aangemaakt op")
    gepubliceerd_op = models.DateTimeField("gepubliceerd op", null=True, blank=True)
    gepubliceerd_door = models.ForeignKey(Gebruiker, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "versie van de spelregels"
        verbose_name_plural = "versies van de spelregels"
        ordering = ("-nummer",)
        constraints = (
            models.UniqueConstraint(fields=("team", "nummer"), name="spelregels_team_nummer"),
            models.UniqueConstraint(
                fields=("nummer",),
                condition=models.Q(team__isnull=True),
                name="spelregels_nummer_voor_allen",
            ),
        )

    def __str__(self) -> str:
        return f"spelregels versie {self.nummer}"


class SpelregelsVertaling(models.Model):
    """A text beside the official one: a short B1 retelling (``kort``) and, for another language, a translation.

    ``taal`` is a BCP 47 code; for "nl" only ``kort`` is used, because the official text is the Dutch one.
    """

    versie = models.ForeignKey(SpelregelsVersie, on_delete=models.CASCADE, related_name="vertalingen")
    taal = models.CharField("taal", max_length=12)
    tekst = models.TextField("vertaling", blank=True, default="")
    kort = models.TextField("in gewone taal")

    class Meta:
        verbose_name = "vertaling van de spelregels"
        verbose_name_plural = "vertalingen van de spelregels"
        constraints = (models.UniqueConstraint(fields=("versie", "taal"), name="spelregels_versie_taal"),)

    def __str__(self) -> str:
        return f"{self.versie} ({self.taal})"
