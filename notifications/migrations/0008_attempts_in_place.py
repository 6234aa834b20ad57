"""How a call ended is written in the place where it was announced.

Whose an id of the provider is, is asked only about messages to one number, and those are found by their number.
"""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

# In percent; the rest of a page is for how the calls on it end.
FULL = 70


def leave_room(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute(f"ALTER TABLE notifications_attempt SET (fillfactor = {FULL})")


def fill_up(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute("ALTER TABLE notifications_attempt RESET (fillfactor)")


class Migration(migrations.Migration):
    dependencies = [("notifications", "0007_room_for_the_next_step")]

    operations = [
        migrations.RemoveIndex(model_name="attempt", name="attempt_vendor_id"),
        migrations.RunPython(leave_room, fill_up),
    ]
