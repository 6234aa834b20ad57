"""Wiring of the post room."""

from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """The post room: sends messages and takes in answers, and knows no appointment."""

    name = "notifications"
    verbose_name = "notifications"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        """Register the checks, and give the console gateway a place to keep its messages."""
        from notifications import checks  # noqa: F401, PLC0415
        from notifications.gateways import console  # noqa: PLC0415
        from notifications.outbox.console import keep  # noqa: PLC0415

        console.keep_with(keep)
