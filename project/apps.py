"""Start-up of the roof: the checks of the installation, and what each connection to the database gets."""

from django.apps import AppConfig


class ProjectConfig(AppConfig):
    name = "project"
    verbose_name = "Vooraf"

    def ready(self) -> None:
        from django.db.backends.signals import connection_created  # noqa: PLC0415

        # Registering is the import's side effect; before the settings are read it cannot happen.
        from project import checks  # noqa: F401, PLC0415
        from project.database import read_moments_in_c  # noqa: PLC0415

        connection_created.connect(read_moments_in_c, dispatch_uid="project.read_moments_in_c")
