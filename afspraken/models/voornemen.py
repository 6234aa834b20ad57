"""The client's answers (append-only), who has seen them, and where an SMS conversation stands."""

from __future__ import annotations

from django.db import models

from afspraken.domain.voornemen import Antwoord, Doel, Kanaal, Soort
from afspraken.models.afspraak import Afspraak
from afspraken.models.personen import Gebruiker
from afspraken.models.spelregels import SpelregelsVersie


class Voornemen(models.Model):
    """One answer of a client. A change is a new row; the highest ``volgnummer`` counts.

    Rows are never updated, so that "first nee, then ja" can be shown; the whole history goes with retention.
    """

    afspraak = models.ForeignKey(Afspraak, on_delete=models.CASCADE, related_name="voornemens")
    volgnummer = models.PositiveIntegerField("volgnummer")
    antwoord = models.CharField("antwoord", max_length=20, choices=[(a.value, a.value) for a in Antwoord])
    soorten = models.JSONField("soorten opname", default=list)
    doel = models.CharField("doel", max_length=20, blank=True, choices=[(d.value, d.value) for d in Doel])
    toelichting = models.CharField("toelichting", max_length=500, blank=True)
    kanaal = models.CharField("kanaal", max_length=20, choices=[(k.value, k.value) for k in Kanaal])
    taal = models.CharField("taal", max_length=12, default="nl")
    # The start the appointment had when the answer was given: a later move shows as "gegeven voor de oude tijd".
    gegeven_voor_op = models.DateTimeField("gegeven voor de tijd")
    spelregels = models.ForeignKey(SpelregelsVersie, on_delete=models.PROTECT, null=True, related_name="+")
    spelregels_vingerafdruk = models.CharField("vingerafdruk van de spelregels", max_length=64, blank=True)
    ontvangen_op = models.DateTimeField("ontvangen op")
    vastgelegd_door = models.ForeignKey(Gebruiker, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "voornemen"
        verbose_name_plural = "voornemens"
        ordering = ("afspraak", "-volgnummer")
        constraints = (
            models.UniqueConstraint(fields=("afspraak", "volgnummer"), name="voornemen_afspraak_volgnummer"),
        )

    def __str__(self) -> str:
        return f"voornemen {self.volgnummer} bij {self.afspraak_id}"

    @property
    def soorten_set(self) -> frozenset[Soort]:
        """The kinds of recording as the enum the rules speak."""
        return frozenset(Soort(soort) for soort in self.soorten)


class Gezien(models.Model):
    """A medewerker has seen this answer. It says nothing more than that: there is nothing to decide."""

    voornemen = models.OneToOneField(Voornemen, on_delete=models.CASCADE, related_name="gezien")
    gebruiker = models.ForeignKey(Gebruiker, on_delete=models.SET_NULL, null=True, related_name="+")
    gezien_op = models.DateTimeField("gezien op")

    class Meta:
        verbose_name = "gezien"
        verbose_name_plural = "gezien"

    def __str__(self) -> str:
        return f"voornemen {self.voornemen_id} gezien"


class SmsGesprek(models.Model):
    """Where the SMS conversation with one phone stands: what we asked last, and how often.

    ``vraag`` says what the next text is an answer to ("welke", "doel", "verduidelijk" or empty);
    ``keuzes`` are the appointment ids behind the numbers of a numbered list. One row per phone, found by
    its blind index.
    """

    nummer_index = models.CharField(max_length=64, unique=True)
    vraag = models.CharField("openstaande vraag", max_length=20, blank=True, default="")
    afspraak = models.ForeignKey(Afspraak, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    keuzes = models.JSONField("keuzes", default=list)
    # What the client already said while we still ask which appointment it is about.
    onthouden = models.JSONField("onthouden antwoord", default=dict)
    onduidelijk = models.PositiveSmallIntegerField("onduidelijke berichten op rij", default=0)
    verkeerde_codes = models.PositiveSmallIntegerField("verkeerde codes", default=0)
    antwoorden_vandaag = models.PositiveSmallIntegerField("automatische antwoorden vandaag", default=0)
    vandaag_datum = models.DateField("dag van de teller", null=True, blank=True)
    bijgewerkt_op = models.DateTimeField("bijgewerkt op")

    class Meta:
        verbose_name = "sms-gesprek"
        verbose_name_plural = "sms-gesprekken"

    def __str__(self) -> str:
        return f"sms-gesprek {self.pk}"
