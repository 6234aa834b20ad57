"""The outbox: one row per message, and one per attempt to send it.

The row is the truth; the task queue is only a doorbell. Rows are written by ``outbox`` alone.
"""

import uuid

from django.db import models
from django.db.models import Q

from notifications.domain.lifecycle import Channel, Status
from notifications.domain.reasons import Reason
from notifications.fields import EncryptedTextField
from notifications.rows import ReadAsIs

CHANNELS = [(channel.value, channel.name) for channel in Channel]
STATUSES = [(status.value, status.name) for status in Status]
# Queued, being sent, or unknown; and with the provider, without a receipt that ends it. The indexes below are about
# these and not about the state: a column that an index asks for can't be changed in place, and a claim changes the
# state of every message.
OPEN = Q(accepted_at__isnull=True, ended_at__isnull=True)
TAKEN = Q(accepted_at__isnull=False, ended_at__isnull=True)


class Message(ReadAsIs):
    """Something to tell one person over one channel, about one subject.

    ``generation`` counts versions of the subject: a moved appointment has a newer one, and the
    context provider answers "superseded" for the older.
    """

    uuid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    subject = models.CharField(max_length=100)
    kind = models.CharField(max_length=40)
    generation = models.PositiveIntegerField(default=0)
    channel = models.CharField(max_length=10, choices=CHANNELS)
    language = models.CharField(max_length=20, default="nl")
    scope = models.CharField(max_length=50, default="", blank=True)
    address = EncryptedTextField(default="", blank=True)
    address_index = models.CharField(max_length=64, default="", blank=True)
    # Encrypted JSON: the other addresses, in order, tried when this one fails.
    fallback = EncryptedTextField(default="", blank=True)
    # Only for ready-made mail of the login system; wiped when the provider has it.
    ready_made = models.BooleanField(default=False)
    title = EncryptedTextField(default="", blank=True)
    text = EncryptedTextField(default="", blank=True)

    due_at = models.DateTimeField()
    useful_until = models.DateTimeField()
    exempt_from_quiet_hours = models.BooleanField(default=False)
    urgent = models.BooleanField(default=False)

    status = models.CharField(max_length=12, choices=STATUSES, default=Status.QUEUED.value)
    reason = models.CharField(max_length=30, default=Reason.NONE.value, blank=True)
    lease_owner = models.CharField(max_length=80, default="", blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    # True from "about to send" until the outcome is written; what the lease sweep looks at.
    in_flight = models.BooleanField(default=False)
    attempts_made = models.PositiveSmallIntegerField(default=0)
    failures = models.PositiveSmallIntegerField(default=0)
    attempted_at = models.DateTimeField(null=True, blank=True)
    # When an unknown outcome is looked up next, or when silence after "accepted" becomes a worry.
    check_at = models.DateTimeField(null=True, blank=True)
    vendor = models.CharField(max_length=20, default="", blank=True)
    vendor_id = models.CharField(max_length=100, default="", blank=True)
    # There is news that the storeys above have not been told yet.
    untold = models.BooleanField(default=False)

    created_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    wiped_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "message"
        verbose_name_plural = "messages"
        constraints = [
            # The idempotency key; the mail of the login system is never de-duplicated.
            models.UniqueConstraint(
                fields=["subject", "kind", "generation", "channel"],
                condition=Q(ready_made=False),
                name="message_once_per_channel",
            ),
        ]
        indexes = [
            # In the order of the claim, so that a backlog of any size is read from the front.
            models.Index(
                fields=["-urgent", "due_at", "id"],
                condition=OPEN,
                name="message_due",
            ),
            models.Index(
                fields=["check_at"],
                condition=OPEN & Q(check_at__isnull=False),
                name="message_unknown",
            ),
            models.Index(
                fields=["check_at"],
                condition=TAKEN & Q(check_at__isnull=False),
                name="message_silent",
            ),
            models.Index(fields=["id"], condition=Q(untold=True), name="message_untold"),
            # Every index that a row stands in is written anew each time it moves on: only those that a question needs,
            # and of few rows. Those about a subject are found by the constraint above, which begins with it.
            # Nothing is tried when it is of no use any more, so this finds attempts by their moment as well. With that
            # moment in it, "about to send" would not be a change in place.
            models.Index(fields=["address_index", "useful_until"], name="message_per_address"),
            models.Index(fields=["created_at"], name="message_created"),
            models.Index(
                fields=["ended_at"],
                condition=Q(ended_at__isnull=False, wiped_at__isnull=True),
                name="message_to_wipe",
            ),
            # Without a receipt a message that was accepted never ends; it is wiped by when it was of use.
            models.Index(
                fields=["useful_until"],
                condition=TAKEN & Q(wiped_at__isnull=True),
                name="message_taken",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} {self.kind} {self.uuid} ({self.status})"


class Attempt(models.Model):
    """One call to a provider: written before it ("about to send"), completed after it.

    An attempt without an outcome whose worker is gone is exactly an unknown outcome.
    """

    # Found by the constraint below, which begins with it.
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="attempts", db_index=False)
    number = models.PositiveSmallIntegerField()
    vendor = models.CharField(max_length=20)
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True, blank=True)
    # Empty: about to send. Else a domain.retry.Verdict.
    outcome = models.CharField(max_length=12, default="", blank=True)
    reason = models.CharField(max_length=30, default="", blank=True)
    vendor_code = models.CharField(max_length=40, default="", blank=True)
    vendor_id = models.CharField(max_length=100, default="", blank=True)
    # Keyed digest of the body as sent: enough to recognise it at the provider, not to read it.
    body_digest = models.CharField(max_length=64, default="", blank=True)
    # How often in a row the provider was asked about a lost call and did not have it.
    absences = models.PositiveSmallIntegerField(default=0, db_default=0)
    # Number of the published template; 0 is the wording that ships.
    template_number = models.PositiveIntegerField(default=0)
    segments = models.PositiveSmallIntegerField(default=0)

    class Meta:
        verbose_name = "attempt"
        verbose_name_plural = "attempts"
        constraints = [
            models.UniqueConstraint(fields=["message", "number"], name="attempt_number"),
        ]
        # No index on what is only known afterwards: writing it down is then a change in place.

    def __str__(self) -> str:
        return f"attempt {self.number} of message {self.message_id}: {self.outcome or 'open'}"
