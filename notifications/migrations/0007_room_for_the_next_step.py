"""A message that is about to be sent stays on its page, and in no index it has to be written anew.

PostgreSQL can change a row in its place when no column of an index changes and its page has room. "About to send"
changed one: the moment of the last attempt. Attempts of a day are found as well by until when a message is of use,
which never changes and always lies behind them.
"""

from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

# In percent; the rest of a page is for the next steps of the messages on it.
FULL = 70


def leave_room(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute(f"ALTER TABLE notifications_message SET (fillfactor = {FULL})")


def fill_up(_apps: StateApps, editor: BaseDatabaseSchemaEditor) -> None:
    if editor.connection.vendor == "postgresql":
        editor.execute("ALTER TABLE notifications_message RESET (fillfactor)")


class Migration(migrations.Migration):
    dependencies = [("notifications", "0006_indexes_of_few_rows")]

    operations = [
        migrations.RemoveIndex(model_name="message", name="message_per_address"),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(fields=["address_index", "useful_until"], name="message_per_address"),
        ),
        migrations.RunPython(leave_room, fill_up),
    ]
