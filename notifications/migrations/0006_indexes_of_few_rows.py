"""Indexes of few rows: every one that a message stands in is written again at each of its steps."""

from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    dependencies = [("notifications", "0005_fewer_indexes")]

    operations = [
        # What is wiped: what ended, and what was accepted and never heard of again; not what is under way.
        migrations.RemoveIndex(model_name="message", name="message_to_wipe"),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                fields=["ended_at"],
                condition=Q(ended_at__isnull=False, wiped_at__isnull=True),
                name="message_to_wipe",
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                fields=["useful_until"],
                condition=Q(status="accepted", wiped_at__isnull=True),
                name="message_taken",
            ),
        ),
        # The constraint message_once_per_channel begins with the subject.
        migrations.RemoveIndex(model_name="message", name="message_subject"),
    ]
