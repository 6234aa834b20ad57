"""The appointment itself, and the tombstone of one that was cancelled before it arrived."""

from __future__ import annotations

import uuid

from django.db import models

from afspraken.domain.lifecycle import Status
from afspraken.models.personen import Client, Medewerker, Team
from notifications.rows import ReadAsIs


class Vorm(models.TextChoices):
    """How the conversation is held."""

    BALIE = "balie", "aan de balie"
    HUISBEZOEK = "huisbezoek", "huisbezoek"
    TELEFOON = "telefoon", "telefoon"
    BEELDBELLEN = "beeldbellen", "beeldbellen"


class Afspraak(ReadAsIs):
    """One appointment between a client and a medewerker. Only ``afspraken.flow`` writes it."""

    bron = models.CharField("bron", max_length=40)
    extern_id = models.CharField("extern nummer", max_length=100)
    externe_versie = models.BigIntegerField("externe versie", null=True, blank=True)
    # Rises with every move, reassignment, cancellation and re-planning: messages are keyed on it.
    generatie = models.PositiveIntegerField("generatie", default=1)

    team = models.ForeignKey(Team, on_delete=models.PROTECT, related_name="afspraken")
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="afspraken")
    medewerker = models.ForeignKey(
        Medewerker, on_delete=models.SET_NULL, null=True, blank=True, related_name="afspraken"
    )

    onderwerp = models.CharField("onderwerp", max_length=200)
    vorm = models.CharField("vorm", max_length=20, choices=Vorm.choices, default=Vorm.BALIE.value)
    start_op = models.DateTimeField("begin")
    eind_op = models.DateTimeField("einde")
    locatie_naam = models.CharField("locatie", max_length=150, blank=True)
    locatie_adres = models.CharField("adres", max_length=200, blank=True)
    locatie_ruimte = models.CharField("ruimte", max_length=50, blank=True)
    inloop = models.BooleanField("inloop (zonder afspraak gekomen)", default=False)

    status = models.CharField(
        "status",
        max_length=20,
        choices=[(s.value, s.value) for s in Status],
        default=Status.GEPLAND.value,
    )
    # The link token is derived from this uuid and LINK_KEY; only the hash of the token is kept.
    sleutel = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    link_hash = models.CharField(max_length=64, unique=True, editable=False)
    # Two or more characters by which a reply by SMS names this appointment; never an identification.
    korte_code = models.CharField("korte code", max_length=4, editable=False, db_index=True)

    uitgenodigd_op = models.DateTimeField("uitgenodigd op", null=True, blank=True)
    herinnerd_op = models.DateTimeField("herinnerd op", null=True, blank=True)
    geannuleerd_op = models.DateTimeField("geannuleerd op", null=True, blank=True)
    verplaatst_op = models.DateTimeField("verplaatst op", null=True, blank=True)
    vorige_start_op = models.DateTimeField("vorige begintijd", null=True, blank=True)
    aangemaakt_op = models.DateTimeField("aangemaakt op")
    gewijzigd_op = models.DateTimeField("gewijzigd op")

    class Meta:
        verbose_name = "afspraak"
        verbose_name_plural = "afspraken"
        ordering = ("start_op", "pk")
        constraints = (
            models.UniqueConstraint(fields=("bron", "extern_id"), name="afspraak_bron_extern_id"),
            models.CheckConstraint(
                condition=models.Q(eind_op__gt=models.F("start_op")), name="afspraak_einde_na_begin"
            ),
            models.CheckConstraint(
                condition=models.Q(status__in=[s.value for s in Status]),
                name="afspraak_status_bekend",
            ),
        )
        indexes = (
            models.Index(fields=("team", "start_op"), name="afspraak_team_start"),
            models.Index(fields=("medewerker", "start_op"), name="afspraak_medewerker_start"),
            models.Index(fields=("status", "start_op"), name="afspraak_status_start"),
        )

    def __str__(self) -> str:
        return f"afspraak {self.pk}"

    @property
    def staat(self) -> Status:
        """The status as the enum the rules speak."""
        return Status(self.status)

    @property
    def onderwerp_sleutel(self) -> str:
        """The subject under which messages about this appointment stand in the outbox."""
        return f"afspraak/{self.pk}"


class VroegeAnnulering(models.Model):
    """A cancellation that arrived before its appointment: the tombstone waits for it."""

    bron = models.CharField("bron", max_length=40)
    extern_id = models.CharField("extern nummer", max_length=100)
    externe_versie = models.BigIntegerField("externe versie", null=True, blank=True)
    ontvangen_op = models.DateTimeField("ontvangen op")

    class Meta:
        verbose_name = "vroege annulering"
        verbose_name_plural = "vroege annuleringen"
        constraints = (models.UniqueConstraint(fields=("bron", "extern_id"), name="vroege_annulering_bron_extern_id"),)

    def __str__(self) -> str:
        return f"{self.bron}/{self.extern_id}"
