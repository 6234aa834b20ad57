"""A planning system: a key, and the messages it sends, over HTTP."""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
import time_machine
from django.test import Client

from afspraken.api import examples
from afspraken.flow.beheer.sleutels import SCOPES, maak_api_sleutel
from tests.builders import NU, TESTER, maak_team

# The one that the description shows.
AFSPRAAK: dict[str, Any] = copy.deepcopy(examples.AFSPRAAK)
PAD = "/api/v1/afspraken/jcc/A-1"


@dataclass
class Planning:
    """A planning system with a key."""

    sleutel: str
    http: Client = field(default_factory=lambda: Client(raise_request_exception=False))

    def _headers(self, headers: dict[str, str]) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.sleutel}"} | headers

    def put(self, data: Any, pad: str = PAD, **headers: str) -> Any:
        body = data if isinstance(data, str | bytes) else json.dumps(data)
        answer: Any = self.http.put(
            pad, data=body, content_type=headers.pop("content_type", "application/json"), headers=self._headers(headers)
        )
        return answer

    def get(self, pad: str = PAD, **headers: str) -> Any:
        answer: Any = self.http.get(pad, headers=self._headers(headers))
        return answer

    def annuleer(self, data: Any = None, pad: str = f"{PAD}/annulering") -> Any:
        body = b"" if data is None else json.dumps(data)
        answer: Any = self.http.post(pad, data=body, content_type="application/json", headers=self._headers({}))
        return answer


def lees(answer: Any) -> Any:
    """The JSON of an answer."""
    return json.loads(answer.content)


def fouten(answer: Any) -> dict[str, str]:
    """Field to code of a refusal."""
    return {fout["veld"]: fout["code"] for fout in lees(answer).get("fouten", [])}


def bericht(**changes: Any) -> dict[str, Any]:
    """The sample appointment, changed; a dotted name as ``client__naam``; None leaves the field out."""
    made = copy.deepcopy(AFSPRAAK)
    for name, value in changes.items():
        *parents, last = name.split("__")
        target = made
        for parent in parents:
            target = target[parent]
        if value is None:
            target.pop(last)
        else:
            target[last] = value
    return made


@pytest.fixture(autouse=True)
def _op_een_woensdag() -> Iterator[None]:
    with time_machine.travel(NU, tick=False):
        yield


def maak_planning(*, teams: tuple[str, ...] = (), scopes: tuple[str, ...] = tuple(SCOPES), **values: Any) -> Planning:
    """A planning system; without ``teams`` its key works for all."""
    _, sleutel = maak_api_sleutel(
        naam="planning", teams=[maak_team(code) for code in teams], scopes=scopes, actor=TESTER, now=NU, **values
    )
    return Planning(sleutel=sleutel)


@pytest.fixture
def planning(db: None) -> Planning:
    """A planning system for all teams, and the two teams there are."""
    maak_team("wmo")
    maak_team("werk-en-inkomen")
    return maak_planning()
