"""The settings as mypy's Django plugin loads them: with test keys, so that no environment is needed."""

from tests.environment import prepare

prepare()

from project.settings import *  # noqa: E402, F403
