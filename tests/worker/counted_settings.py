"""The service's settings, with every statement written down in the file that COUNT_FILE names."""

from project.settings import *  # noqa: F403
from project.settings import INSTALLED_APPS

INSTALLED_APPS = [*INSTALLED_APPS, "tests.worker.counting.CountingConfig"]
