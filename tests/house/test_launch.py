"""`make run`: its own keys, and a clear word when it cannot start."""

import os
import signal
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path

import pytest
from cryptography.fernet import Fernet

from project import launch
from project.env import BASE_DIR, KEY_MIN_LENGTH, read_env_file


def test_a_taken_port_is_said_before_anything_starts() -> None:
    with socket.socket() as taken:
        taken.bind((launch.HOST, 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = subprocess.run(
            [sys.executable, "-m", "project.launch"],
            cwd=BASE_DIR,
            env={"PATH": os.environ["PATH"], "PORT": str(port)},
            capture_output=True,
            text=True,
            check=False,
        )
    assert done.returncode == 1
    assert done.stderr.startswith(f"Poort {port} is al in gebruik")
    assert done.stdout == ""


def test_the_demo_makes_its_keys_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = tmp_path / "var" / "demo.env"
    monkeypatch.setattr(launch, "DEMO_ENV_FILE", file)
    for name in ("SECRET_KEY", "LINK_KEY", "INDEX_KEY", "FIELD_KEYS", "PUBLIC_URL"):
        monkeypatch.delenv(name)
    first = launch.demo_environment(8123)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert (first["DEMO"], first["DEBUG"], first["PUBLIC_URL"]) == ("1", "1", "http://127.0.0.1:8123")
    assert len({first[name] for name in ("SECRET_KEY", "LINK_KEY", "INDEX_KEY")}) == 3
    assert min(len(first[name]) for name in ("SECRET_KEY", "LINK_KEY", "INDEX_KEY")) >= KEY_MIN_LENGTH
    Fernet(first["FIELD_KEYS"])
    assert launch.demo_environment(8123)["LINK_KEY"] == first["LINK_KEY"]
    assert read_env_file(file)["LINK_KEY"] == first["LINK_KEY"]


def test_only_a_filled_database_of_this_version_lets_the_server_start_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    database = tmp_path / "demo.sqlite3"
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{database}")
    stamp = launch.stamp()
    assert stamp == tmp_path / "demo.sqlite3.prepared"
    stamp.write_text(launch.database_version())
    assert not launch.is_prepared()  # the database itself was thrown away
    database.touch()
    assert launch.is_prepared()
    stamp.write_text("tables of last week")
    assert not launch.is_prepared()
    monkeypatch.setenv("DATABASE_URL", "postgres://user@host/name")
    assert not launch.is_prepared()


def test_children_stop_when_asked_and_also_when_they_will_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(launch, "STOP_SECONDS", 1)
    children = launch.Children()
    deaf = "import signal, sys, pathlib, time; signal.signal(signal.SIGTERM, signal.SIG_IGN)"
    sleep = "pathlib.Path(sys.argv[1]).touch(); time.sleep(600)"
    children.start("deaf", [sys.executable, "-c", f"{deaf}; {sleep}", str(tmp_path / "deaf")], dict(os.environ))
    good = "import sys, pathlib, time"
    children.start("good", [sys.executable, "-c", f"{good}; {sleep}", str(tmp_path / "good")], dict(os.environ))
    for name in ("deaf", "good"):
        while not (tmp_path / name).exists():
            assert children.dead() is None
            time.sleep(0.05)
    running = dict(children.running)
    children.stop()
    # Not how long it took but how they ended: the one was killed, the other had done as it was asked.
    assert {name: child.returncode for name, child in running.items()} == {
        "deaf": -signal.SIGKILL,
        "good": -signal.SIGTERM,
    }
