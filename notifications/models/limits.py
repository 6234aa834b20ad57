"""What a beheerder set about sending: where SMS may go, and how much each team may send."""

from django.db import models

from notifications.domain.lifecycle import Channel


class AllowedPrefix(models.Model):
    """The start of numbers, in E.164, that SMS may go to besides those of the settings."""

    prefix = models.CharField(max_length=16, unique=True)
    reason = models.CharField(max_length=200)
    added_by = models.CharField(max_length=150)
    added_at = models.DateTimeField()

    class Meta:
        verbose_name = "allowed prefix"
        verbose_name_plural = "allowed prefixes"

    def __str__(self) -> str:
        return self.prefix


class Budget(models.Model):
    """Units a team may send in an hour, a day and a month; ``scope`` "" is for every team.

    0 is no limit. Null is not filled in: what counts for every team then counts, or else the settings.
    """

    scope = models.CharField(max_length=50, default="", blank=True)
    channel = models.CharField(max_length=10, choices=[(channel.value, channel.name) for channel in Channel])
    hour = models.PositiveIntegerField(null=True, blank=True)
    day = models.PositiveIntegerField(null=True, blank=True)
    month = models.PositiveIntegerField(null=True, blank=True)
    changed_by = models.CharField(max_length=150)
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = "budget"
        verbose_name_plural = "budgets"
        constraints = [models.UniqueConstraint(fields=["scope", "channel"], name="budget_per_team_and_channel")]

    def __str__(self) -> str:
        return f"{self.scope} {self.channel}: {self.hour} {self.day} {self.month}"
