"""Without indexes that no question needs: each of them was written again at every step of a message.

A field's own index has a second one beside it on PostgreSQL, for LIKE; and an attempt is found by the
constraint on its message and number.
"""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notifications", "0004_limits")]

    operations = [
        # The new ones first, so that there is never a moment without.
        migrations.AddIndex(
            model_name="attempt",
            index=models.Index(fields=["vendor_id"], name="attempt_vendor_id"),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(fields=["subject"], name="message_subject"),
        ),
        migrations.AlterField(
            model_name="attempt",
            name="message",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.CASCADE,
                related_name="attempts",
                to="notifications.message",
            ),
        ),
        migrations.AlterField(
            model_name="attempt",
            name="vendor_id",
            field=models.CharField(blank=True, default="", max_length=100),
        ),
        migrations.AlterField(
            model_name="message",
            name="subject",
            field=models.CharField(max_length=100),
        ),
    ]
