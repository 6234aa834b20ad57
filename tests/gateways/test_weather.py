"""The double's weather: shares of faults that add up, receipts in every order, and a journal that can be counted."""

import http.client
import json
import time
import urllib.error
from base64 import b64encode
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode, urlsplit
from uuid import UUID

import pytest

from tests.double.running import Double
from tests.double.weather import Weather
from tests.gateways.receiver import Receiver, receiver

KEY = b64encode(f"{Double.account_sid}:{Double.auth_token}".encode()).decode()
PATH = f"/2010-04-01/Accounts/{Double.account_sid}/Messages.json"


class Caller:
    """Sends by hand over one kept connection."""

    def __init__(self, double: Double, callback: str) -> None:
        self._host = urlsplit(double.url).netloc
        self._callback = callback
        self._line = http.client.HTTPConnection(self._host, timeout=20)

    def text(self, number: int) -> int:
        """One SMS to a number of its own; the status of the answer, 0 when the connection broke."""
        address = f"{self._callback}/webhooks/twilio/status/{UUID(int=number)}#ct=4000&rc=5&rp=all"
        form = {"To": f"+316{number:08d}", "From": "+3197010200000", "Body": "x", "StatusCallback": address}
        headers = {"Authorization": f"Basic {KEY}", "Content-Type": "application/x-www-form-urlencoded"}
        try:
            self._line.request("POST", PATH, urlencode(form), headers)
            answer = self._line.getresponse()
            answer.read()
            return answer.status
        except (OSError, http.client.HTTPException):
            self._line.close()
            return 0

    def mail(self, number: int) -> int:
        body = {
            "personalizations": [
                {"to": [{"email": f"p{number}@example.nl"}], "custom_args": {"message_uuid": str(UUID(int=number))}}
            ],
            "from": {"email": "a@b.nl"},
            "subject": "x",
            "content": [{"type": "text/plain", "value": "x"}],
        }
        headers = {"Authorization": f"Bearer {Double.sendgrid_key}", "Content-Type": "application/json"}
        self._line.request("POST", "/v3/mail/send", json.dumps(body), headers)
        answer = self._line.getresponse()
        answer.read()
        return answer.status

    def listed(self, number: int) -> int:
        self._line.request("GET", f"{PATH}?To=%2B316{number:08d}", headers={"Authorization": f"Basic {KEY}"})
        return len(json.loads(self._line.getresponse().read())["messages"])

    def close(self) -> None:
        self._line.close()


@pytest.fixture
def ours() -> Iterator[Receiver]:
    with receiver() as made:
        yield made


@pytest.fixture
def caller(double: Double, ours: Receiver) -> Iterator[Caller]:
    made = Caller(double, ours.url)
    yield made
    made.close()


def _until(reached: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not reached():
        assert time.monotonic() < deadline, "this did not happen within half a minute"
        time.sleep(0.01)


def test_shares_of_faults_add_up_and_the_accepted_are_counted(double: Double, caller: Caller) -> None:
    faults = {"429": 0.1, "5xx-before": 0.1, "5xx-after": 0.1, "reset-before": 0.1, "reset-after": 0.1}
    double.weather(seed=7, faults=faults)
    answers = Counter(caller.text(number) for number in range(600))

    counts = double.counts()["twilio"]
    for kind in faults:
        assert 30 <= counts[f"fault:{kind}"] <= 90, kind
    assert answers[0] == counts["fault:reset-before"] + counts["fault:reset-after"]
    assert answers[502] == counts["fault:5xx-after"]
    taken = double.accepted("twilio", by="uuid")
    assert (
        len(taken)
        == counts["accepted"]
        == 600 - sum(counts[f"fault:{k}"] for k in ("429", "5xx-before", "reset-before"))
    )
    assert set(double.accepted("twilio").values()) == {1}


def test_one_seed_treats_the_same_message_alike_whatever_the_order() -> None:
    def drawn(numbers: list[int], seed: int) -> dict[int, Any]:
        weather = Weather(seed=seed, faults={"429": 0.5}, receipts={"late": 0.5, "never": 0.5}, undelivered=0.5)
        return {
            number: (
                weather.fault("twilio", "POST", str(number)),
                weather.receipt(str(number)),
                weather.ends_badly(str(number)),
            )
            for number in numbers
        }

    numbers = list(range(200))
    assert drawn(numbers, 1) == drawn(numbers[::-1], 1)
    assert drawn(numbers, 1) != drawn(numbers, 2)


def test_a_message_that_is_offered_again_meets_other_weather() -> None:
    weather = Weather(seed=1, faults={"429": 0.5})
    met = {weather.fault("twilio", "POST", "one") is None for _ in range(50)}
    assert met == {True, False}


@pytest.mark.parametrize(
    ("how", "expected"),
    [
        ("normal", ["sent", "delivered"]),
        ("early", ["sent", "delivered"]),
        ("late", ["sent", "delivered"]),
        ("doubled", ["sent", "delivered", "sent", "delivered"]),
        ("reversed", ["delivered", "sent"]),
    ],
)
def test_receipts_come_as_ordered(
    double: Double, caller: Caller, ours: Receiver, how: str, expected: list[str]
) -> None:
    double.weather(receipts={how: 1.0}, late_seconds=0.5)
    assert caller.text(1) == 201
    seen_at_once = len(ours.statuses)
    _until(lambda: len(ours.statuses) == len(expected))

    assert ours.statuses == expected
    if how == "early":
        assert seen_at_once == 2
    if how == "late":
        accepted, *reports = [datetime.fromisoformat(line["at"]) for line in double.journal()]
        assert min(reports) - accepted >= timedelta(seconds=0.5)
    assert ours.unsigned == 0
    _until(lambda: double.letters_to_come() == 0)


def test_silence_and_a_bad_end(double: Double, caller: Caller, ours: Receiver) -> None:
    double.weather(receipts={"never": 1.0})
    caller.text(1)
    double.weather(receipts={"normal": 1.0}, undelivered=1.0)
    caller.text(2)
    _until(lambda: len(ours.statuses) == 2)
    assert ours.statuses == ["sent", "undelivered"]


def test_a_receipt_that_nobody_took_comes_again(double: Double, caller: Caller, ours: Receiver) -> None:
    ours.refuse = 3
    double.weather(receipts={"early": 1.0}, retry_seconds=0.01)
    caller.text(1)
    _until(lambda: double.letters_to_come() == 0)
    assert sorted(ours.statuses) == ["delivered", "sent"]
    counts = double.counts()["twilio"]
    assert counts["receipt:sent"] + counts["receipt:delivered"] == 5, "two that were taken, three that were not"


def test_events_about_mail(double: Double, caller: Caller, ours: Receiver) -> None:
    double.weather(receipts={"reversed": 1.0}, events_url=f"{ours.url}/events")
    assert caller.mail(3) == 202
    _until(lambda: len(ours.events) == 2)
    assert [each["event"] for each in ours.events] == ["delivered", "processed"]
    assert {each["message_uuid"] for each in ours.events} == {str(UUID(int=3))}


def test_a_new_message_may_be_missing_from_the_list_for_a_while(double: Double, caller: Caller) -> None:
    double.weather(lag_seconds=3600.0)
    for number in range(20):
        caller.text(number)
    assert sum(caller.listed(number) for number in range(20)) < 10
    double.weather(lag_seconds=0.2)
    for number in range(20, 40):
        caller.text(number)
    _until(lambda: sum(caller.listed(number) for number in range(20, 40)) == 20)


def test_a_search_has_weather_of_its_own(double: Double, caller: Caller) -> None:
    double.weather(search={"429": 1.0})
    assert caller.text(1) == 201
    with pytest.raises(KeyError):
        caller.listed(1)


def test_keys_can_be_taken_back_and_given_again(double: Double, caller: Caller) -> None:
    double.revoke("twilio")
    assert (caller.text(1), caller.mail(1)) == (401, 202)
    double.revoke("twilio", on=False)
    assert caller.text(1) == 201


@pytest.mark.parametrize(
    "shares",
    [
        {"faults": {"429": 0.9, "5xx-after": 0.2}},
        {"faults": {"no-such-kind": 0.1}},
        {"receipts": {"sometimes": 0.1}},
        {"search": {"5xx-after": 0.1}},
        {"rain": 1},
    ],
)
def test_weather_that_cannot_be_is_refused(double: Double, shares: dict[str, Any]) -> None:
    with pytest.raises(urllib.error.HTTPError, match="400"):
        double.weather(**shares)


def test_a_provider_may_take_its_time_without_holding_up_others(double: Double, caller: Caller) -> None:
    double.latency(ms=300)
    started = time.monotonic()
    assert caller.text(1) == 201
    took = time.monotonic() - started
    double.latency()
    assert took >= 0.3
    assert [each["to"] for each in double.journal(what="accepted", page=1)] == ["+31600000001"]


def test_the_journal_can_be_read_in_parts(double: Double, caller: Caller) -> None:
    for number in range(25):
        caller.text(number)
    double.fault("twilio", "429")
    caller.text(99)
    assert double.journal(page=10) == double.journal(page=1000)
    assert [line["n"] for line in double.journal(what="fault", page=1)] == [25]
    assert len(double.journal(what="accepted", page=7)) == 25
