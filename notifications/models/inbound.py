"""What people send us: stored first, handed on by a job."""

from django.db import models
from django.db.models import Q

from notifications.fields import EncryptedTextField


class InboundSms(models.Model):
    """An SMS from a phone, once per provider's own id."""

    vendor = models.CharField(max_length=20)
    vendor_id = models.CharField(max_length=100)
    sender = EncryptedTextField(default="", blank=True)
    sender_index = models.CharField(max_length=64, db_index=True, default="", blank=True)
    recipient = models.CharField(max_length=30, default="", blank=True)
    body = EncryptedTextField(default="", blank=True)
    provider_keyword = models.CharField(max_length=10, default="", blank=True)
    received_at = models.DateTimeField()
    handed_on_at = models.DateTimeField(null=True, blank=True)
    # After a receiver failed, the next try.
    try_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = "inbound SMS"
        verbose_name_plural = "inbound SMS"
        constraints = [
            models.UniqueConstraint(fields=["vendor", "vendor_id"], name="inbound_sms_once"),
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(handed_on_at__isnull=True), name="inbound_sms_waiting"),
        ]

    def __str__(self) -> str:
        return f"inbound SMS {self.pk}"


class InboundEmail(models.Model):
    """A reply by e-mail. Only the text is kept: attachments are not what we asked for."""

    vendor = models.CharField(max_length=20)
    vendor_id = models.CharField(max_length=100)
    sender = EncryptedTextField(default="", blank=True)
    sender_index = models.CharField(max_length=64, db_index=True, default="", blank=True)
    # The message that was answered, from the reply address we gave.
    message_uuid = models.UUIDField(null=True, blank=True)
    title = EncryptedTextField(default="", blank=True)
    text = EncryptedTextField(default="", blank=True)
    automatic = models.BooleanField(default=False)
    received_at = models.DateTimeField()
    handed_on_at = models.DateTimeField(null=True, blank=True)
    try_at = models.DateTimeField(null=True, blank=True)
    failures = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = "inbound e-mail"
        verbose_name_plural = "inbound e-mails"
        constraints = [
            models.UniqueConstraint(fields=["vendor", "vendor_id"], name="inbound_email_once"),
        ]
        indexes = [
            models.Index(fields=["id"], condition=Q(handed_on_at__isnull=True), name="inbound_email_waiting"),
        ]

    def __str__(self) -> str:
        return f"inbound e-mail {self.pk}"
