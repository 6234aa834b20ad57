"""The double itself: what it answers is what the provider describes, and it refuses what it would."""

import json
import urllib.error
import urllib.parse
import urllib.request
from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from tests.double import specs
from tests.double.__main__ import _specs_beside
from tests.double.answers import form
from tests.double.running import Double


def _post(double: Double, form: dict[str, str]) -> tuple[int, Any]:
    url = f"{double.url}/2010-04-01/Accounts/{double.account_sid}/Messages.json"
    auth = b64encode(f"{double.account_sid}:{double.auth_token}".encode()).decode()
    request = urllib.request.Request(
        url, data=urllib.parse.urlencode(form).encode(), headers={"Authorization": f"Basic {auth}"}
    )
    try:
        with urllib.request.urlopen(request, timeout=5) as answer:
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as refused:
        return refused.code, json.loads(refused.read())


FORM = {"To": "+31612345678", "From": "+3197010200000", "Body": "x"}


def test_it_answers_as_described(double: Double) -> None:
    status, message = _post(double, FORM)
    assert status == 201
    assert message["date_sent"] is None
    assert message["status"] == "queued"
    folder: Path | None = _specs_beside()
    if folder is not None:
        schema = specs.message_schema(folder)
        # "nullable" is OpenAPI 3.0; JSON Schema says it with a type list.
        for rule in schema["properties"].values():
            if rule.get("nullable") and "type" in rule:
                rule["type"] = [rule["type"], "null"]
        assert list(Draft202012Validator(schema).iter_errors(message)) == []


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"To": "06"}, 21211),
        ({"Body": "x" * 1601}, 21617),
        ({"Body": ""}, 21604),
        ({"ValidityPeriod": "0"}, 21604),
        ({"ValidityPeriod": "36001"}, 21604),
    ],
)
def test_it_refuses_what_the_provider_refuses(double: Double, changes: dict[str, str], code: int) -> None:
    status, body = _post(double, FORM | changes)
    assert (status, body["code"]) == (400, code)


def test_an_unknown_parameter_is_refused_where_the_description_is_at_hand(double: Double) -> None:
    status, _ = _post(double, FORM | {"Bdoy": "x"})
    assert status == (400 if double.specs else 201)


def test_faults_happen_as_often_as_asked(double: Double) -> None:
    double.fault("twilio", "429", times=2)
    assert [_post(double, FORM)[0] for _ in range(3)] == [429, 429, 201]
    assert len(double.journal(what="fault")) == 2


_WRITTEN = st.one_of(
    st.text(alphabet="ab=&+%;4c\u00e9 ", max_size=40),
    st.dictionaries(st.text(max_size=4), st.text(max_size=8), max_size=4).map(urllib.parse.urlencode),
)


@given(written=_WRITTEN)
@example(written="To=%2B31&&Body=a+b%20c&Body=&x&=y&p=%4&q=%zz&r=%ff")
def test_a_form_is_read_as_everybody_reads_it(written: str) -> None:
    assert form(written.encode()) == urllib.parse.parse_qs(written, keep_blank_values=True)
