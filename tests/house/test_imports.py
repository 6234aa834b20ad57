"""Imports go down only: the contracts of .importlinter."""

import pytest
from importlinter.cli import EXIT_STATUS_SUCCESS, lint_imports


def test_import_contracts_hold(capsys: pytest.CaptureFixture[str]) -> None:
    outcome = lint_imports(config_filename=".importlinter", no_cache=True)
    assert outcome == EXIT_STATUS_SUCCESS, capsys.readouterr().out
