"""What is committed is ours, and names no machine it was made on."""

import re
import subprocess
from pathlib import Path

from project.env import BASE_DIR

LOCKS = {"package-lock.json", "requirements.txt", "requirements-dev.txt", "requirements-node.txt"}
# Front-end packages come from npm at set-up, fonts too: nothing of it belongs in the tree.
THIRD_PARTY = re.compile(
    r"(^|/)(node_modules|vendor|third_party)/|\.min\.(js|css)$|\.(woff2?|ttf|otf|eot|whl|jar|so)$"
    r"|(^|/)(htmx|signature_pad|jquery|bootstrap|swagger)[\w.-]*\.(js|css)$"
)
# Written in halves, or this file would name them itself.
MACHINE = re.compile(
    "|".join(
        [
            r"(?<![\w.])/(?:work|root|home/\w+)" + "/",
            r"/opt/(?:pypi|wheels)" + r"\b",
            "pypi" + r"\.org",
            "pythonhosted" + r"\.org",
            "npmjs" + r"\.(?:org|com)/",
            "--(?:extra-)?index" + "-url(?! )",
        ]
    )
)
LARGEST = 150_000


def committed() -> list[Path]:
    names = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],
        cwd=BASE_DIR,
        capture_output=True,
        text=True,
        check=True,
    ).stdout
    paths = [BASE_DIR / name for name in names.split("\0") if name]
    return [path for path in paths if path.is_file()]


def test_nothing_of_others_is_committed() -> None:
    found = [str(path.relative_to(BASE_DIR)) for path in committed()]
    assert [name for name in found if THIRD_PARTY.search(name)] == []


def test_nothing_is_large() -> None:
    large = [
        str(path.relative_to(BASE_DIR))
        for path in committed()
        if path.name not in LOCKS and path.stat().st_size > LARGEST
    ]
    assert large == []


def test_no_index_host_and_no_machine_path() -> None:
    found = []
    for path in committed():
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        found += [f"{path.relative_to(BASE_DIR)}: {hit.group()}" for hit in MACHINE.finditer(text)]
    assert found == []


def test_every_locked_package_has_a_hash() -> None:
    for name in ("requirements.txt", "requirements-dev.txt", "requirements-setup.txt", "requirements-node.txt"):
        text = (BASE_DIR / name).read_text(encoding="utf-8")
        packages = re.findall(r"^\S+==.*(?:\n .*)*", text, re.MULTILINE)
        assert packages, name
        assert [package.split()[0] for package in packages if "--hash=sha256:" not in package] == []


def test_runtime_and_development_agree() -> None:
    """Tests run on exactly the versions that are deployed."""

    def versions(name: str) -> dict[str, str]:
        text = (BASE_DIR / name).read_text(encoding="utf-8")
        return dict(re.findall(r"^([\w.-]+)==(\S+)", text, re.MULTILINE))

    development = versions("requirements-dev.txt")
    different = {n: v for n, v in versions("requirements.txt").items() if development.get(n) != v}
    assert different == {}


def test_the_proprietary_tokens_are_not_used() -> None:
    """@utrecht/design-tokens is not under the EUPL: only the component styles are."""
    for name in ("package.json", "package-lock.json"):
        assert "@utrecht/design-tokens" not in (BASE_DIR / name).read_text(encoding="utf-8")
