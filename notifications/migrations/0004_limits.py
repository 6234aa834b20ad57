"""Where SMS may go and how much a team may send, as a beheerder sets it."""

from django.db import migrations, models

CHANNELS = [("sms", "SMS"), ("email", "EMAIL")]


class Migration(migrations.Migration):
    dependencies = [("notifications", "0003_attempt_absences")]

    operations = [
        migrations.CreateModel(
            name="AllowedPrefix",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("prefix", models.CharField(max_length=16, unique=True)),
                ("reason", models.CharField(max_length=200)),
                ("added_by", models.CharField(max_length=150)),
                ("added_at", models.DateTimeField()),
            ],
            options={"verbose_name": "allowed prefix", "verbose_name_plural": "allowed prefixes"},
        ),
        migrations.CreateModel(
            name="Budget",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("scope", models.CharField(blank=True, default="", max_length=50)),
                ("channel", models.CharField(choices=CHANNELS, max_length=10)),
                ("hour", models.PositiveIntegerField(blank=True, null=True)),
                ("day", models.PositiveIntegerField(blank=True, null=True)),
                ("month", models.PositiveIntegerField(blank=True, null=True)),
                ("changed_by", models.CharField(max_length=150)),
                ("changed_at", models.DateTimeField()),
            ],
            options={
                "verbose_name": "budget",
                "verbose_name_plural": "budgets",
                "constraints": [
                    models.UniqueConstraint(fields=("scope", "channel"), name="budget_per_team_and_channel")
                ],
            },
        ),
    ]
