"""Start-up of the roof: registers the checks of the installation."""

from django.apps import AppConfig


class ProjectConfig(AppConfig):
    name = "project"
    verbose_name = "Vooraf"

    def ready(self) -> None:
        # Registering is the import's side effect; before the settings are read it cannot happen.
        from project import checks  # noqa: F401, PLC0415
