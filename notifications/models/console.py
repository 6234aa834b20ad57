"""What the console gateway "sent": the demo's phone and mailbox read it here."""

import uuid

from django.db import models

from notifications.fields import EncryptedTextField
from notifications.models.message import CHANNELS


class ConsoleItem(models.Model):
    """A message with its body, kept only by the console gateway."""

    message_uuid = models.UUIDField(default=uuid.uuid4, db_index=True)
    channel = models.CharField(max_length=10, choices=CHANNELS)
    address = EncryptedTextField()
    address_index = models.CharField(max_length=64, db_index=True)
    sender = models.CharField(max_length=254)
    subject = EncryptedTextField(default="", blank=True)
    text = EncryptedTextField()
    html = EncryptedTextField(default="", blank=True)
    # Encrypted JSON of file names, types and base64 contents.
    attachments = EncryptedTextField(default="", blank=True)
    sent_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = "console item"
        verbose_name_plural = "console items"

    def __str__(self) -> str:
        return f"console item {self.pk} ({self.channel})"
