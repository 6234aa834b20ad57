"""A claim changes a message in its place, as "about to send" does; and pages have the room for it.

PostgreSQL changes a row in its place when no column changes that an index asks for, be it only as a condition. A claim
changes the state, so indexes ask by what a claim leaves alone: whether a message was accepted, and whether it ended.
"""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps
from django.db.models import Q

OPEN = Q(accepted_at__isnull=True, ended_at__isnull=True)
TAKEN = Q(accepted_at__isnull=False, ended_at__isnull=True)

# In percent, and before this. Of a row that is half of what is free, the next step always finds room: what is older than
# the last step is cleared away by whoever comes by.
FULL = {"notifications_message": (50, 70), "notifications_attempt": (45, 70)}


def leave_room(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for table, (percent, _) in FULL.items():
        _fill(editor, table, percent)


def fill_up(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    for table, (_, percent) in FULL.items():
        _fill(editor, table, percent)


def _fill(editor: BaseDatabaseSchemaEditor, table: str, percent: int) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute(f"ALTER TABLE {table} SET (fillfactor = {percent})")


class Migration(migrations.Migration):
    dependencies = [("notifications", "0008_attempts_in_place")]

    operations = [
        migrations.RemoveIndex(model_name="message", name="message_leased"),
        migrations.RemoveIndex(model_name="message", name="message_due"),
        migrations.RemoveIndex(model_name="message", name="message_unknown"),
        migrations.RemoveIndex(model_name="message", name="message_silent"),
        migrations.RemoveIndex(model_name="message", name="message_taken"),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(fields=["-urgent", "due_at", "id"], condition=OPEN, name="message_due"),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(fields=["check_at"], condition=OPEN & Q(check_at__isnull=False), name="message_unknown"),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(fields=["check_at"], condition=TAKEN & Q(check_at__isnull=False), name="message_silent"),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                fields=["useful_until"], condition=TAKEN & Q(wiped_at__isnull=True), name="message_taken"
            ),
        ),
        migrations.RunPython(leave_room, fill_up),
    ]
