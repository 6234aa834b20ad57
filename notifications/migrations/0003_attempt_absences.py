"""How often in a row the provider did not have a lost call."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("notifications", "0002_spent")]

    operations = [
        migrations.AddField(
            model_name="attempt",
            name="absences",
            field=models.PositiveSmallIntegerField(db_default=0, default=0),
        ),
    ]
