"""What was sent in each hour, per team and channel: what the budgets are held against."""

from django.db import models

from notifications.domain.lifecycle import Channel


class Spent(models.Model):
    """Units (segments of SMS, or mails) handed to the provider in one hour; ``hour`` is its start."""

    scope = models.CharField(max_length=50, default="", blank=True)
    channel = models.CharField(max_length=10, choices=[(channel.value, channel.name) for channel in Channel])
    hour = models.DateTimeField()
    units = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = "spent"
        verbose_name_plural = "spent"
        constraints = [models.UniqueConstraint(fields=["scope", "channel", "hour"], name="spent_per_hour")]

    def __str__(self) -> str:
        return f"{self.scope} {self.channel} {self.hour:%Y-%m-%d %H}h: {self.units}"
