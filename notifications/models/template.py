"""What messages say: numbered versions, of which the newest published one is used."""

from django.db import models
from django.db.models import Q

from notifications.models.message import CHANNELS

DRAFT = "draft"
PUBLISHED = "published"


class TemplateVersion(models.Model):
    """One version of one text. Published rows never change; ``wording`` is the only writer."""

    kind = models.CharField(max_length=40)
    channel = models.CharField(max_length=10, choices=CHANNELS)
    language = models.CharField(max_length=20)
    scope = models.CharField(max_length=50, default="", blank=True)
    number = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=[(DRAFT, "draft"), (PUBLISHED, "published")], default=DRAFT)
    subject = models.TextField(default="", blank=True)
    body = models.TextField()
    author = models.CharField(max_length=150)
    saved_at = models.DateTimeField()
    published_by = models.CharField(max_length=150, default="", blank=True)
    published_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = "template version"
        verbose_name_plural = "template versions"
        constraints = [
            models.UniqueConstraint(fields=["kind", "channel", "language", "scope", "number"], name="template_number"),
            models.UniqueConstraint(
                fields=["kind", "channel", "language", "scope"],
                condition=Q(state=DRAFT),
                name="template_one_draft",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.channel} {self.language} {self.scope} v{self.number}"
