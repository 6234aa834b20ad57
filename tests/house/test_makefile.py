"""`make help` tells of every command, and the build server runs nothing of its own."""

import re

from project.env import BASE_DIR

MAKEFILE = (BASE_DIR / "Makefile").read_text(encoding="utf-8")


def test_every_target_explains_itself() -> None:
    targets = set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))
    explained = set(re.findall(r"^([a-z-]+):.*## \w", MAKEFILE, re.MULTILINE))
    assert targets == explained
    assert {"install", "run", "test", "check", "bench", "lock", "clean"} <= targets
    assert targets == set(MAKEFILE.split(".PHONY:")[1].split("\n")[0].split())


def test_the_build_server_runs_what_a_developer_runs() -> None:
    script = (BASE_DIR / ".ci" / "run").read_text(encoding="utf-8")
    commands = [line for line in script.splitlines() if line and not line.startswith("#")]
    assert commands == ["set -eu", 'cd "$(dirname "$0")/.."', "export CI=true", "make check", "make test"]
