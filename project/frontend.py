"""Collects the front-end packages that npm installed: `python -m project.frontend`.

The design system's components are one stylesheet each; a page would need thirty requests. Here the ones
we use become one file, var/frontend/utrecht.css, with their licence notices. The fonts and the signature
pad are copied beside it. Nothing is compiled, so no Node is needed to run, and nothing is committed.
"""

import json
import shutil
import sys
from pathlib import Path

from project.env import BASE_DIR

NODE_MODULES = BASE_DIR / "node_modules"
TARGET = BASE_DIR / "var" / "frontend"
FONT_WEIGHTS = (400, 700)
# latin-ext has the letters of Polish, Turkish and Romanian names.
# The last three only for names in a PDF; pages fall back on the letters of the device.
FONT_SUBSETS = ("latin", "latin-ext", "vietnamese", "cyrillic", "greek")


def utrecht_packages(root: Path = BASE_DIR) -> list[str]:
    """Names of the component packages, in the order of package.json (alphabetical: stable output)."""
    wanted = json.loads((root / "package.json").read_text(encoding="utf-8"))["dependencies"]
    return [name for name in wanted if name.startswith("@utrecht/")]


def component_css(package: str) -> str:
    """One component's stylesheet under a notice of its name, version and licence."""
    folder = NODE_MODULES / package
    about = json.loads((folder / "package.json").read_text(encoding="utf-8"))
    css = (folder / "dist" / "index.css").read_text(encoding="utf-8").strip()
    notice = f"/*! {package} {about['version']} | {about.get('license', 'see package')} */"
    # Only the first line of a stylesheet may name its encoding.
    css = css.removeprefix('@charset "UTF-8";').strip()
    return f"{notice}\n{css}\n"


def copy_fonts() -> list[Path]:
    """Copy the font files that layout.css and the PDF name, and their licence."""
    source = NODE_MODULES / "@fontsource" / "noto-sans"
    target = TARGET / "noto"
    target.mkdir(parents=True, exist_ok=True)
    names = [f"noto-sans-{subset}-{weight}-normal.woff2" for subset in FONT_SUBSETS for weight in FONT_WEIGHTS]
    copied = [Path(shutil.copyfile(source / "files" / name, target / name)) for name in names]
    shutil.copyfile(source / "LICENSE", target / "LICENSE.txt")
    return copied


def copy_signature_pad() -> None:
    """Copy the drawing library: as a classic script and as a module, with their maps."""
    source = NODE_MODULES / "signature_pad"
    target = TARGET / "signature_pad"
    target.mkdir(parents=True, exist_ok=True)
    for name in ("signature_pad.umd.min.js", "signature_pad.min.js"):
        shutil.copyfile(source / "dist" / name, target / name)
        shutil.copyfile(source / "dist" / f"{name}.map", target / f"{name}.map")
    shutil.copyfile(source / "LICENSE", target / "LICENSE.txt")


def build() -> None:
    """Write var/frontend; raise FileNotFoundError when `npm ci` has not run."""
    TARGET.mkdir(parents=True, exist_ok=True)
    parts = [component_css(package) for package in utrecht_packages()]
    (TARGET / "utrecht.css").write_text("\n".join(parts), encoding="utf-8")
    copy_fonts()
    copy_signature_pad()


if __name__ == "__main__":
    try:
        build()
    except FileNotFoundError as error:
        sys.exit(f"Front-end packages are missing ({error.filename}); run: make install")
