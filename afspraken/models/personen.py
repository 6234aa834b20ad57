"""People: accounts, teams, medewerkers and clients."""

from __future__ import annotations

from django.contrib.auth.models import AbstractUser
from django.db import models

from notifications.fields import EncryptedTextField
from notifications.rows import ReadAsIs


class Team(models.Model):
    """A team of the municipality. Everything a medewerker sees is scoped to the teams they belong to."""

    code = models.SlugField("code", max_length=40, unique=True)
    naam = models.CharField("naam", max_length=100)
    actief = models.BooleanField("actief", default=True)
    telefoon = models.CharField("telefoonnummer voor hulp", max_length=20, blank=True)
    loket = models.CharField("loket voor hulp", max_length=200, blank=True)
    # Wmo 2.3.2 lid 3: a Wmo team must point at free support; the text stands in the invitation.
    clientondersteuning = models.CharField("tekst over gratis cliëntondersteuning", max_length=300, blank=True)

    class Meta:
        verbose_name = "team"
        verbose_name_plural = "teams"
        ordering = ("naam",)

    def __str__(self) -> str:
        return self.naam


class Rol(models.TextChoices):
    """What an account may do; every role sees only the data of its own teams."""

    MEDEWERKER = "medewerker", "medewerker"
    COORDINATOR = "coordinator", "coördinator"
    BEHEERDER = "beheerder", "beheerder"


class Gebruiker(AbstractUser):
    """An account of someone at the municipality."""

    rol = models.CharField("rol", max_length=20, choices=Rol.choices, default=Rol.MEDEWERKER.value)
    teams = models.ManyToManyField(Team, verbose_name="teams", related_name="gebruikers", blank=True)

    class Meta:
        verbose_name = "gebruiker"
        verbose_name_plural = "gebruikers"

    @property
    def weergavenaam(self) -> str:
        """The name on screen: first and last name, else the login name."""
        return self.get_full_name() or self.username


class Medewerker(models.Model):
    """Someone a client has an appointment with; a planning system often gives only a name.

    ``gebruiker`` is the account, when there is one. Aliases tie the names that planning systems use
    to one medewerker.
    """

    naam = models.CharField("naam", max_length=100)
    email = EncryptedTextField("e-mailadres", blank=True, default="")
    gebruiker = models.OneToOneField(
        Gebruiker,
        verbose_name="account",
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="medewerker",
    )
    teams = models.ManyToManyField(Team, verbose_name="teams", related_name="medewerkers", blank=True)

    class Meta:
        verbose_name = "medewerker"
        verbose_name_plural = "medewerkers"
        ordering = ("naam",)

    def __str__(self) -> str:
        return self.naam


class MedewerkerAlias(models.Model):
    """A name or an external number by which one source knows a medewerker.

    ``sleutel`` is ``naam:<folded name>`` or ``id:<bron>:<externId>``.
    """

    medewerker = models.ForeignKey(Medewerker, on_delete=models.CASCADE, related_name="aliassen")
    sleutel = models.CharField("sleutel", max_length=200, unique=True)

    class Meta:
        verbose_name = "alias van een medewerker"
        verbose_name_plural = "aliassen van medewerkers"

    def __str__(self) -> str:
        return self.sleutel


class Client(ReadAsIs):
    """A citizen with an appointment. Without an external number each appointment has its own row:

    two people may share a name, and one phone may belong to several people, so we never merge by guess.
    """

    bron = models.CharField("bron", max_length=40)
    extern_id = models.CharField("extern nummer", max_length=100, blank=True)
    naam = models.CharField("naam", max_length=150)
    mobiel = EncryptedTextField("mobiel nummer", blank=True, default="")
    mobiel_index = models.CharField(max_length=64, blank=True, default="", db_index=True, editable=False)
    email = EncryptedTextField("e-mailadres", blank=True, default="")
    email_index = models.CharField(max_length=64, blank=True, default="", db_index=True, editable=False)
    taal = models.CharField("taal", max_length=12, default="nl")
    via_sms = models.BooleanField("bereikbaar via sms", default=True)
    via_email = models.BooleanField("bereikbaar via e-mail", default=True)
    laatste_kanaal = models.CharField("laatst gebruikte kanaal", max_length=10, blank=True, default="")

    class Meta:
        verbose_name = "cliënt"
        verbose_name_plural = "cliënten"
        constraints = (
            models.UniqueConstraint(
                fields=("bron", "extern_id"),
                condition=~models.Q(extern_id=""),
                name="client_bron_extern_id",
            ),
        )

    def __str__(self) -> str:
        return self.naam
