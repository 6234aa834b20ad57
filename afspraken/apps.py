"""Wiring: the post room learns which messages exist and who fills them in; its news comes back as signals."""

from __future__ import annotations

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class AfsprakenConfig(AppConfig):
    name = "afspraken"
    verbose_name = "afspraken"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        # Models and settings are only there now.
        from afspraken import jobs  # noqa: PLC0415
        from afspraken.flow import berichten  # noqa: PLC0415
        from afspraken.flow.berichten import kinds  # noqa: PLC0415
        from notifications import api as post  # noqa: PLC0415

        post.register_kinds(kinds.build())
        post.register_context_provider(berichten.context, many=berichten.contexts)
        post.sms_received.connect(jobs.on_sms_received, dispatch_uid="afspraken.sms_received")
        post.email_received.connect(jobs.on_email_received, dispatch_uid="afspraken.email_received")
        post.delivery_changed.connect(jobs.on_delivery_changed, dispatch_uid="afspraken.delivery_changed")
        post_migrate.connect(jobs.ship_spelregels, sender=self, dispatch_uid="afspraken.ship_spelregels")
