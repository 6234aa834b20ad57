"""Telling is a courtesy, never a request: no text of ours says otherwise.

Recording is the client's right. Held to it are all templates and the texts in code that end on a screen or
in a message. Not held: the rules sheet itself, which is shown to the letter.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from project.env import BASE_DIR

FORBIDDEN = re.compile(
    r"\b(aanvra\w*|aangevraagd\w*|verzoek\w*|verzocht\w*|goedkeur\w*|goedgekeur\w*|weiger\w*|geweiger\w*"
    r"|toestemming\w*)\b",
    re.IGNORECASE,
)
CODE = ("afspraken/web", "afspraken/flow/berichten", "afspraken/berichtenbak", "afspraken/pdf", "notifications/wording")
# Rule 3: the one real consent, and it is the medewerker's. Their own pages and the form may say so,
# and so may a sentence that names whose consent it is.
RULE_3_PLACES = ("medewerker", "coordinator", "pdf")
# Refuses these words in what a coordinator writes, so it has to name them.
NAMES_THE_WORDS = {"notifications/wording/checking.py"}


def template_text(source: str) -> str:
    """What a reader gets of a template: no comments, no template code, no tags but their spoken attributes."""
    source = re.sub(r"{#.*?#}|{% comment %}.*?{% endcomment %}|<!--.*?-->", " ", source, flags=re.DOTALL)
    source = re.sub(r"{{.*?}}|{%.*?%}", " ", source, flags=re.DOTALL)
    spoken = re.findall(r"\b(?:aria-label|title|placeholder|alt|content|data-label)=[\"']([^\"']*)", source)
    return re.sub(r"<[^>]*>", " ", source) + "\n" + "\n".join(spoken)


def code_texts(path: Path) -> Iterator[str]:
    """Every string with a space in it that is not a docstring: a text, not a name."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docstrings = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if not isinstance(node, ast.Constant) or id(node) in docstrings:
            continue
        if isinstance(node.value, str) and " " in node.value:
            yield node.value


def faults(path: Path, text: str) -> list[str]:
    place = path.relative_to(BASE_DIR)
    found = []
    for hit in FORBIDDEN.finditer(text):
        sentence = text[max(text.rfind(mark, 0, hit.start()) for mark in ".!?\n") + 1 :]
        sentence = re.split(r"(?<=[.!?])\s|\n\n", sentence, maxsplit=1)[0]
        consent = hit.group().lower().startswith("toestemming")
        if consent and (set(RULE_3_PLACES) & set(place.parts) or "medewerker" in sentence.lower()):
            continue
        found.append(f"{place}: {' '.join(sentence.split())[:100]}")
    return found


def test_templates() -> None:
    paths = [path for ending in ("html", "txt") for path in sorted((BASE_DIR / "templates").rglob(f"*.{ending}"))]
    assert paths
    assert [fault for path in paths for fault in faults(path, template_text(path.read_text("utf-8")))] == []


def test_texts_in_code() -> None:
    paths = [path for folder in CODE for path in sorted((BASE_DIR / folder).rglob("*.py"))]
    assert paths
    found = [
        fault
        for path in paths
        if str(path.relative_to(BASE_DIR)) not in NAMES_THE_WORDS
        for text in code_texts(path)
        for fault in faults(path, text)
    ]
    assert found == []


@pytest.mark.parametrize(
    ("place", "text", "caught"),
    [
        ("templates/client/antwoord.html", "<p>Uw aanvraag is ontvangen.</p>", True),
        ("templates/client/antwoord.html", "<p>Wij verzoeken u te antwoorden.</p>", True),
        ("templates/client/antwoord.html", "<p>U hebt toestemming.</p>", True),
        ("templates/client/antwoord.html", "<p>Delen? Dan is toestemming van de medewerker nodig.</p>", False),
        ("templates/medewerker/formulier.html", "<legend>Toestemming voor delen</legend>", False),
        ("templates/medewerker/formulier.html", "<p>De opname is goedgekeurd.</p>", True),
        ("templates/client/antwoord.html", "{# geen aanvraag #}{% if verzoek %}{{ aanvraag }}{% endif %}", False),
        ("templates/client/antwoord.html", '<button aria-label="Verzoek sturen">Klaar</button>', True),
    ],
)
def test_the_test_itself(place: str, text: str, caught: bool) -> None:
    assert bool(faults(BASE_DIR / place, template_text(text))) is caught
