"""The content security policy allows nothing inline, and a page cannot tell that it lost its style."""

import re
from pathlib import Path

from project.env import BASE_DIR

TEMPLATES = sorted((BASE_DIR / "templates").rglob("*.html"))
# Mail programs know no stylesheet and no policy; a PDF is made on the server.
ELSEWHERE = {"mail", "pdf"}
INLINE = re.compile(
    r"<[a-z][^>]*\s(?P<attribute>style|on[a-z]+)\s*=|<style[\s>]|<script(?![^>]*\ssrc=)[^>]*>|href=[\"']javascript:",
    re.IGNORECASE,
)
# A script that is data only: the browser does not run it.
DATA_SCRIPT = re.compile(r"<script[^>]*type=[\"']application/json[\"']", re.IGNORECASE)
POSTING_FORM = re.compile(r"<form[^>]*method=[\"']post[\"'].*?</form>", re.IGNORECASE | re.DOTALL)


def pages() -> list[Path]:
    return [path for path in TEMPLATES if not ELSEWHERE & set(path.relative_to(BASE_DIR / "templates").parts)]


def test_there_are_pages() -> None:
    assert len(pages()) > 10


def test_no_inline_style_and_no_inline_script() -> None:
    found = [
        f"{path.relative_to(BASE_DIR)}: {hit.group()[:60]}"
        for path in pages()
        for hit in INLINE.finditer(path.read_text(encoding="utf-8"))
        if not DATA_SCRIPT.match(hit.group())
    ]
    assert found == []


def test_nothing_is_loaded_from_elsewhere() -> None:
    outside = re.compile(r"<(?:script|link|img|iframe)[^>]*\s(?:src|href)=[\"'](?:https?:)?//", re.IGNORECASE)
    assert [str(path.relative_to(BASE_DIR)) for path in pages() if outside.search(path.read_text("utf-8"))] == []


def test_every_form_that_posts_has_its_token() -> None:
    without = [
        f"{path.relative_to(BASE_DIR)}"
        for path in pages()
        for form in POSTING_FORM.findall(path.read_text("utf-8"))
        if "csrf_token" not in form
    ]
    assert without == []
