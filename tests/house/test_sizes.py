"""A file that does not fit in a head is two files. No exceptions list."""

import ast
from collections.abc import Iterator
from pathlib import Path

from project.env import BASE_DIR

FOLDERS = ("afspraken", "notifications", "project", "tests", "deploy")
FILE_CEILING = 400
FUNCTION_CEILING = 60


def sources() -> Iterator[Path]:
    yield BASE_DIR / "manage.py"
    for folder in FOLDERS:
        for path in sorted((BASE_DIR / folder).rglob("*.py")):
            if "migrations" not in path.parts:
                yield path


def test_files_are_at_most_400_lines() -> None:
    long = {
        str(path.relative_to(BASE_DIR)): lines
        for path in sources()
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > FILE_CEILING
    }
    assert long == {}


def test_functions_are_at_most_60_lines() -> None:
    long = {
        f"{path.relative_to(BASE_DIR)}:{node.lineno} {node.name}": lines
        for path in sources()
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (lines := (node.end_lineno or node.lineno) - node.lineno + 1) > FUNCTION_CEILING
    }
    assert long == {}
