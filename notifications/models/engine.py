"""Small facts that all workers share: paused or not, bell rung or not, last heartbeat."""

from django.db import models


class EngineFlag(models.Model):
    """A named fact. ``until`` is when it lapses by itself; None means it stays until changed."""

    name = models.CharField(max_length=40, unique=True)
    value = models.CharField(max_length=200, default="", blank=True)
    until = models.DateTimeField(null=True, blank=True)
    changed_at = models.DateTimeField()

    class Meta:
        verbose_name = "engine flag"
        verbose_name_plural = "engine flags"

    def __str__(self) -> str:
        return f"{self.name}={self.value}"
