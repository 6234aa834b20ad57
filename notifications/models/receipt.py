"""What providers report about messages they took."""

from django.db import models
from django.db.models import Q


class Receipt(models.Model):
    """One signed report, once per event id; kept until our own record of the call can take it."""

    vendor = models.CharField(max_length=20)
    event_id = models.CharField(max_length=150)
    message_uuid = models.UUIDField(db_index=True)
    vendor_id = models.CharField(max_length=100, default="", blank=True)
    # A domain.lifecycle.Event, in our vocabulary.
    event = models.CharField(max_length=12)
    reason = models.CharField(max_length=30, default="", blank=True)
    vendor_code = models.CharField(max_length=40, default="", blank=True)
    occurred_at = models.DateTimeField(null=True, blank=True)
    received_at = models.DateTimeField()
    applied_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "receipt"
        verbose_name_plural = "receipts"
        constraints = [
            models.UniqueConstraint(fields=["vendor", "event_id"], name="receipt_once"),
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(applied_at__isnull=True), name="receipt_waiting"),
        ]

    def __str__(self) -> str:
        return f"receipt {self.pk} ({self.event})"
