"""The form that both sign at the meeting, and the signatures."""

from __future__ import annotations

from django.db import models

from afspraken.models.afspraak import Afspraak
from afspraken.models.personen import Gebruiker
from afspraken.models.spelregels import SpelregelsVersie


class FormulierStatus(models.TextChoices):
    """OPEN until the first signature; frozen from then on; closed by the second signature or an outcome."""

    OPEN = "open", "open"
    CLIENT_GETEKEND = "client_getekend", "cliënt heeft getekend"
    ONDERTEKEND = "ondertekend", "ondertekend door beiden"
    CLIENT_TEKENT_NIET = "client_tekent_niet", "cliënt wil niet tekenen"
    GEEN_OPNAME = "geen_opname", "toch geen opname"
    VERVALLEN = "vervallen", "vervallen"


class Toestemming(models.TextChoices):
    """Rule 3: what the medewerker says about sharing beyond the private circle."""

    NVT = "nvt", "niet van toepassing"
    JA = "ja", "ja"
    NEE = "nee", "nee"
    VOORWAARDEN = "voorwaarden", "ja, onder voorwaarden"


class Formulier(models.Model):
    """One version of the form for one appointment.

    ``inhoud`` is the content as it is shown and signed (rules to the letter, names, answer, toestemming);
    ``inhoud_hash`` the SHA-256 of its canonical text, fixed at the first signature: both sign the same hash.
    A change after a signature makes a new version and lets the old one lapse (VERVALLEN).
    """

    afspraak = models.ForeignKey(Afspraak, on_delete=models.PROTECT, related_name="formulieren")
    versie = models.PositiveIntegerField("versie", default=1)
    status = models.CharField(
        "status", max_length=20, choices=FormulierStatus.choices, default=FormulierStatus.OPEN.value
    )
    spelregels = models.ForeignKey(SpelregelsVersie, on_delete=models.PROTECT, related_name="+")
    inhoud = models.JSONField("inhoud")
    inhoud_hash = models.CharField("controlegetal van de inhoud", max_length=64, blank=True, default="")
    toestemming = models.CharField(
        "toestemming voor delen (regel 3)",
        max_length=20,
        choices=Toestemming.choices,
        default=Toestemming.NVT.value,
    )
    voorwaarden = models.CharField("voorwaarden", max_length=500, blank=True)
    reden = models.CharField("reden van een nieuwe versie of uitkomst", max_length=300, blank=True)
    bevroren_op = models.DateTimeField("bevroren op", null=True, blank=True)
    afgesloten_op = models.DateTimeField("afgesloten op", null=True, blank=True)
    afgesloten_door = models.ForeignKey(Gebruiker, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    pdf = models.BinaryField("pdf", null=True, blank=True)
    pdf_hash = models.CharField("controlegetal van de pdf", max_length=64, blank=True, default="")
    aangemaakt_op = models.DateTimeField("aangemaakt op")

    class Meta:
        verbose_name = "formulier"
        verbose_name_plural = "formulieren"
        constraints = (models.UniqueConstraint(fields=("afspraak", "versie"), name="formulier_afspraak_versie"),)

    def __str__(self) -> str:
        return f"formulier {self.pk}"


class Rolnaam(models.TextChoices):
    """Who signs."""

    CLIENT = "client", "cliënt"
    MEDEWERKER = "medewerker", "medewerker"


class Wijze(models.TextChoices):
    """How someone signs; all three count the same."""

    TEKENEN = "tekenen", "getekend op het scherm"
    TYPEN = "typen", "naam getypt"
    PAPIER = "papier", "op papier getekend"


class Handtekening(models.Model):
    """One signature under one form version.

    ``lijnen`` are the drawn strokes as lists of [x, y] in a fixed 560 x 160 box. Time and pressure per point are
    thrown away at the door: the way someone writes is a trait of the body, and we have no use for it.
    """

    formulier = models.ForeignKey(Formulier, on_delete=models.CASCADE, related_name="handtekeningen")
    rol = models.CharField("rol", max_length=20, choices=Rolnaam.choices)
    wijze = models.CharField("wijze", max_length=20, choices=Wijze.choices)
    naam = models.CharField("naam", max_length=150)
    lijnen = models.JSONField("lijnen", default=list)
    inhoud_hash = models.CharField("controlegetal van de inhoud", max_length=64)
    getekend_op = models.DateTimeField("getekend op")
    thuis = models.BooleanField("vooraf thuis getekend", default=False)
    gebruiker = models.ForeignKey(Gebruiker, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    class Meta:
        verbose_name = "handtekening"
        verbose_name_plural = "handtekeningen"
        constraints = (models.UniqueConstraint(fields=("formulier", "rol"), name="handtekening_formulier_rol"),)

    def __str__(self) -> str:
        return f"handtekening van {self.rol} onder {self.formulier_id}"
