"""The colours of tokens.css meet WCAG AA: text 4.5 to 1, edges and marks 3 to 1."""

import re

import pytest

from project.env import BASE_DIR

CSS = BASE_DIR / "project" / "static" / "vooraf" / "css"
COLOURS = dict(
    re.findall(r"--vooraf-color-([\w-]+): (#[0-9a-f]{6});", (CSS / "tokens.css").read_text(encoding="utf-8"))
)
MEANINGS = ("info", "ok", "warning", "error", "record", "neutral")
BACKGROUNDS = ("page", "surface")

TEXT = [
    *((ink, paper) for ink in ("text", "text-soft", "link", "link-hover", "link-visited") for paper in BACKGROUNDS),
    ("on-brand", "brand"),
    ("on-action", "action"),
    ("on-action", "action-strong"),
    ("on-action", "error"),
    ("action", "page"),
    ("action-strong", "surface-strong"),
    ("text", "surface-strong"),
    ("text-soft", "surface-strong"),
    ("text", "focus-inverse"),
    ("text-soft", "info-surface"),
    ("text", "info-surface"),
    *((meaning, f"{meaning}-surface") for meaning in MEANINGS),
    *((meaning, "page") for meaning in MEANINGS),
]
MARKS = [
    ("control-line", "page"),
    ("control-line", "surface"),
    ("focus", "focus-inverse"),
    ("focus", "page"),
    ("focus-inverse", "brand"),
    ("brand", "page"),
    ("action", "surface"),
    *((f"{meaning}-line", "page") for meaning in MEANINGS),
    *((f"{meaning}-line", f"{meaning}-surface") for meaning in MEANINGS),
]


def luminance(colour: str) -> float:
    """Relative luminance, WCAG 2.2."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    light, dark = sorted((luminance(COLOURS[one]), luminance(COLOURS[other])), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_the_formula() -> None:
    COLOURS.update({"black": "#000000", "white": "#ffffff"})
    assert round(contrast("black", "white"), 2) == 21


@pytest.mark.parametrize(("ink", "paper"), TEXT)
def test_text_can_be_read(ink: str, paper: str) -> None:
    assert contrast(ink, paper) >= 4.5


@pytest.mark.parametrize(("mark", "paper"), MARKS)
def test_edges_and_marks_can_be_seen(mark: str, paper: str) -> None:
    assert contrast(mark, paper) >= 3


def test_only_the_tokens_name_a_colour() -> None:
    """A municipality changes one file; a colour elsewhere would stay behind."""
    for path in CSS.glob("*.css"):
        if path.name != "tokens.css":
            rules = re.sub(r"/\*.*?\*/", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
            assert re.findall(r"#[0-9a-fA-F]{3,8}\b|\b(?:rgb|hsl)a?\(", rules) == [], path.name


def test_every_token_that_is_used_exists() -> None:
    sheets = {path.name: path.read_text(encoding="utf-8") for path in CSS.glob("*.css")}
    defined = set(re.findall(r"(--[\w-]+):", "".join(sheets.values())))
    used = set(re.findall(r"var\((--vooraf-[\w-]+)", "".join(sheets.values())))
    assert used - defined == set()
