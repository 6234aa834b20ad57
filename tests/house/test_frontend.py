"""The design system's components become one stylesheet, with their licences."""

import json
from pathlib import Path

import pytest

from project import frontend
from project.env import BASE_DIR


@pytest.fixture(scope="module", autouse=True)
def _installed() -> None:
    if not frontend.NODE_MODULES.is_dir():
        pytest.skip("npm packages are not installed: make install")


def test_one_stylesheet_holds_every_component_and_its_licence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(frontend, "TARGET", tmp_path)
    frontend.build()
    css = (tmp_path / "utrecht.css").read_text(encoding="utf-8")
    packages = frontend.utrecht_packages()
    assert len(packages) > 20
    assert css.count("| EUPL-1.2 */") == len(packages)
    assert ".utrecht-button" in css
    # Anything it loads from elsewhere would be refused by the content security policy.
    assert "@import" not in css
    assert "url(" not in css
    assert (tmp_path / "signature_pad" / "signature_pad.umd.min.js").stat().st_size > 5_000
    assert len(list((tmp_path / "noto").glob("*.woff2"))) == 10
    assert (tmp_path / "noto" / "LICENSE.txt").is_file()


def test_every_package_is_pinned_and_comes_with_an_integrity_hash() -> None:
    wanted = json.loads((BASE_DIR / "package.json").read_text(encoding="utf-8"))
    assert all(version[0].isdigit() for version in wanted["dependencies"].values())
    locked = json.loads((BASE_DIR / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    assert [name for name, entry in locked.items() if name and "integrity" not in entry] == []
    assert [name for name, entry in locked.items() if "resolved" in entry] == []
