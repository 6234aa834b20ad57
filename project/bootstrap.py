"""Sets the machine up: `python3 -m project.bootstrap runtime|dev`, what `make install` and others call.

Runs on the system's Python with nothing installed, so it imports the standard library only. Each step
leaves a stamp that holds the hash of what it was made from; a step whose stamp still fits costs nothing,
which is how a second `make run` serves within seconds.
"""

import hashlib
import os
import secrets
import shutil
import subprocess
import sys
import time
from base64 import urlsafe_b64encode
from collections.abc import Iterable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
VAR = ROOT / "var"
PYTHON = VENV / "bin" / "python"
NODE_ENV = VAR / "node-env"
CERTIFICATES = Path("/etc/ssl/certs/ca-certificates.crt")
LOCKS = {
    "runtime": ROOT / "requirements.txt",
    "dev": ROOT / "requirements-dev.txt",
    "setup": ROOT / "requirements-setup.txt",
    "node": ROOT / "requirements-node.txt",
}
APT = {
    # WeasyPrint finds these at run time; without them only making a PDF fails.
    "runtime": ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0"),
    "dev": ("chromium", "qpdf", "poppler-utils"),
}


def main(stage: str) -> int:
    if stage not in {"runtime", "dev"}:
        print("usage: python3 -m project.bootstrap runtime|dev", file=sys.stderr)
        return 2
    if sys.version_info < (3, 11):  # noqa: UP036 (this one file also runs on an older system Python)
        print(f"Vooraf needs Python 3.11 or newer; this is {sys.version.split()[0]}.", file=sys.stderr)
        return 1
    VAR.mkdir(exist_ok=True)
    install_system_packages(APT["runtime"] + (APT["dev"] if stage == "dev" else ()))
    make_venv()
    install_packages(stage)
    install_frontend(with_dev=stage == "dev")
    collect_static()
    return 0


def say(message: str) -> None:
    print(f"== {message}", flush=True)


def run(*command: str | Path, env: dict[str, str] | None = None) -> None:
    subprocess.run([str(part) for part in command], cwd=ROOT, check=True, env=env)


def digest(paths: Iterable[Path]) -> str:
    """Hash of files: of their names and of what is in them."""
    total = hashlib.sha256()
    for path in sorted(paths):
        total.update(f"{path.relative_to(ROOT)}\0".encode())
        total.update(path.read_bytes())
    return total.hexdigest()


def is_done(stamp: Path, value: str) -> bool:
    return stamp.is_file() and stamp.read_text(encoding="utf-8") == value


def install_system_packages(names: tuple[str, ...]) -> None:
    """Install what is missing with apt, when root; else say what to ask the administrator for."""
    dpkg = shutil.which("dpkg-query")
    if dpkg is None:
        return
    asked = subprocess.run(
        [dpkg, "-W", "-f", "${Package} ${db:Status-Status}\n", *names],
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    present = {line.split()[0] for line in asked.stdout.splitlines() if line.endswith(" installed")}
    missing = [name for name in names if name not in present]
    if not missing:
        return
    apt_install(missing)


def apt_install(names: list[str]) -> None:
    command = ["apt-get", "install", "-y", "--no-install-recommends", *names]
    if os.geteuid() != 0:
        say(f"Missing system packages; ask for: {' '.join(command)}")
        return
    say(f"System packages: {' '.join(names)}")
    env = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    run("apt-get", "update", "-q", env=env)
    run(*command, env=env)


def make_venv() -> None:
    if PYTHON.exists():
        return
    try:
        import ensurepip  # noqa: F401, PLC0415 (Debian ships it apart, in python3-venv)
    except ImportError:
        apt_install(["python3-venv"])
    say("Virtual environment")
    run(sys.executable, "-m", "venv", VENV)


def install_packages(stage: str) -> None:
    """Bring the environment to exactly the locked packages.

    An environment that once had the development packages keeps them: `make run` after `make test`
    must not take them away.
    """
    stamp = {name: VENV / f".installed-{name}" for name in ("runtime", "dev")}
    wanted = "dev" if stage == "dev" or stamp["dev"].exists() else "runtime"
    value = digest([LOCKS[wanted], LOCKS["setup"]])
    if is_done(stamp[wanted], value):
        return
    say(f"Python packages ({wanted})")
    pip_install(PYTHON, LOCKS["setup"])
    # The certificates of the system: many a municipal network re-signs what comes in.
    uv = VENV / "bin" / "uv"
    try:
        run(uv, "pip", "sync", "--quiet", "--system-certs", "--python", PYTHON, "--require-hashes", LOCKS[wanted])
    except subprocess.CalledProcessError:
        # uv does not read pip's own configuration, which may name an internal mirror.
        say("uv did not succeed; again with pip")
        pip_install(PYTHON, LOCKS[wanted])
    stamp[wanted].write_text(value, encoding="utf-8")


def pip_install(python: Path, lock: Path) -> None:
    run(
        python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check",
        "--require-hashes", "--no-deps", "-r", lock,
    )  # fmt: skip


def node_environment() -> dict[str, str]:
    """The environment in which `npm` can be found; installs Node.js as a wheel where it is absent."""
    env = dict(os.environ)
    if CERTIFICATES.is_file():
        env.setdefault("NODE_EXTRA_CA_CERTS", str(CERTIFICATES))
    if shutil.which("npm"):
        return env
    if not (NODE_ENV / "bin" / "npm").exists():
        say("Node.js (as a wheel: this machine has no npm)")
        run(PYTHON, "-m", "venv", NODE_ENV)
        pip_install(NODE_ENV / "bin" / "python", LOCKS["node"])
    return env | {"PATH": f"{NODE_ENV / 'bin'}{os.pathsep}{os.environ.get('PATH', '')}"}


def install_frontend(*, with_dev: bool) -> None:
    """Install the npm packages and put the parts that pages use in var/frontend."""
    modules = ROOT / "node_modules"
    kind = "dev" if with_dev or (modules / ".installed-dev").exists() else "runtime"
    sources = [ROOT / "package-lock.json", ROOT / ".npmrc", ROOT / "project" / "frontend.py"]
    value = digest(sources)
    stamp = modules / f".installed-{kind}"
    if is_done(stamp, value) and (VAR / "frontend" / "utrecht.css").exists():
        return
    say(f"Front-end packages ({kind})")
    env = node_environment()
    run("npm", "ci", "--no-progress", *([] if kind == "dev" else ["--omit=dev"]), env=env)
    run(PYTHON, "-m", "project.frontend")
    stamp.write_text(value, encoding="utf-8")


def collect_static() -> None:
    """Collect, hash and compress the static files when one of their sources changed."""
    sources = [
        path
        for folder in ("project/static", "afspraken/static", "notifications/static", "var/frontend")
        for path in (ROOT / folder).rglob("*")
        if path.is_file()
    ]
    value = digest([*sources, LOCKS["runtime"]])
    stamp = VAR / "static" / ".collected"
    if is_done(stamp, value):
        return
    say("Static files")
    # From nothing: files that are gone would otherwise stay, and be served.
    shutil.rmtree(VAR / "static", ignore_errors=True)
    # Collecting needs settings, and settings need keys; these live as long as the command.
    throwaway = {
        "PUBLIC_URL": "http://localhost",
        "FIELD_KEYS": urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        **{name: secrets.token_urlsafe(48) for name in ("SECRET_KEY", "LINK_KEY", "INDEX_KEY")},
    }
    kept = {name: value for name, value in os.environ.items() if not name.endswith("_FILE")}
    env = kept | {"DEBUG": "0", "DEMO": "0", "DATABASE_URL": "sqlite://:memory:"} | throwaway
    # A second viewer of the API documentation, a megabyte that no page of ours names.
    quiet = ("--no-input", "--verbosity", "0", "--skip-checks", "--ignore", "redoc*")
    run(PYTHON, "manage.py", "collectstatic", *quiet, env=env)
    stamp.write_text(value, encoding="utf-8")


if __name__ == "__main__":
    started = time.monotonic()
    try:
        code = main(sys.argv[1] if len(sys.argv) > 1 else "")
    except subprocess.CalledProcessError as error:
        say(f"Failed (exit {error.returncode}): {' '.join(map(str, error.cmd))}")
        code = 1
    took = time.monotonic() - started
    if code == 0 and took > 1:
        say(f"Set up in {took:.0f} s")
    sys.exit(code)
