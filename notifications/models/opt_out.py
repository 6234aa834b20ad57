"""Who does not want messages any more."""

from django.db import models

from notifications.models.message import CHANNELS


class OptOut(models.Model):
    """One address that opted out of one channel; the address itself is not kept, only its index."""

    channel = models.CharField(max_length=10, choices=CHANNELS)
    address_index = models.CharField(max_length=64)
    source = models.CharField(max_length=40)
    created_at = models.DateTimeField()

    class Meta:
        verbose_name = "opt-out"
        verbose_name_plural = "opt-outs"
        constraints = [
            models.UniqueConstraint(fields=["channel", "address_index"], name="opt_out_once"),
        ]

    def __str__(self) -> str:
        return f"opt-out {self.pk} of {self.channel}"
