"""Trying links is slowed down, and a link that works never suffers from it. No token ends up in a log."""

from __future__ import annotations

import io
import logging
import logging.config
import secrets
from collections.abc import Iterator

import pytest
import time_machine as clock
from django.conf import settings
from django.test import Client, RequestFactory

from afspraken.web.client import begrenzer
from tests.builders import NU, maak_afspraak
from tests.web.client_steps import Phone

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _clock(time_machine: clock.TimeMachineFixture) -> None:
    """One window for a whole test."""
    time_machine.move_to(NU, tick=False)


def try_links(number: int, address: str) -> list[int]:
    browser = Client(REMOTE_ADDR=address)
    return [browser.get(f"/v/{secrets.token_urlsafe(24)}").status_code for _ in range(number)]


def test_a_hundred_tries_are_slowed_down_and_others_notice_nothing() -> None:
    statuses = try_links(100, "198.51.100.7")
    assert statuses[0] == 404
    assert statuses[-1] == 429
    blocked = Client().get("/v/probeer", REMOTE_ADDR="198.51.100.7")
    assert int(blocked["Retry-After"]) > 0
    assert "no-store" in blocked["Cache-Control"]
    assert "Wacht 10 minuten" in blocked.content.decode()
    phone = Phone(maak_afspraak())
    assert Client().get(phone.url(), REMOTE_ADDR="203.0.113.9").status_code == 200
    # A library or a phone provider puts many people behind one address.
    assert Client().get(phone.url(), REMOTE_ADDR="198.51.100.7").status_code == 200
    assert try_links(1, "203.0.113.9") == [404]


def test_many_addresses_together_are_slowed_down_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(begrenzer, "VOOR_ALLEN", 50)
    statuses = [try_links(1, f"198.51.{n // 250}.{n % 250 + 1}")[0] for n in range(60)]
    assert statuses == [404] * 50 + [429] * 10
    assert Client().get(Phone(maak_afspraak()).url(), REMOTE_ADDR="203.0.113.9").status_code == 200


def test_an_invented_forwarded_address_does_not_help() -> None:
    browser = Client()
    for n in range(100):
        status = browser.get(f"/v/{n}", REMOTE_ADDR="198.51.100.7", HTTP_X_FORWARDED_FOR=f"10.0.0.{n}").status_code
    assert status == 429


@pytest.mark.parametrize(
    ("proxies", "forwarded", "expected"),
    [
        (0, "203.0.113.9", "10.0.0.1"),
        (1, "203.0.113.9", "203.0.113.9"),
        (1, "6.6.6.6, 203.0.113.9", "203.0.113.9"),
        (2, "6.6.6.6, 203.0.113.9, 10.0.0.2", "203.0.113.9"),
        (2, "203.0.113.9", "10.0.0.1"),
        (1, "", "10.0.0.1"),
    ],
)
def test_only_our_own_proxies_say_where_a_visitor_comes_from(
    monkeypatch: pytest.MonkeyPatch, proxies: int, forwarded: str, expected: str
) -> None:
    monkeypatch.setattr(settings, "ALLAUTH_TRUSTED_PROXY_COUNT", proxies)
    request = RequestFactory().get("/v/x", REMOTE_ADDR="10.0.0.1", headers={"X-Forwarded-For": forwarded})
    assert begrenzer.client_address(request) == expected


def test_one_visitor_does_not_get_a_fresh_count_with_every_ipv6_address() -> None:
    statuses = [try_links(1, f"2001:db8:1:2::{n:x}")[0] for n in range(1, 60)]
    assert statuses[-1] == 429
    assert try_links(1, "2001:db8:1:3::1") == [404]


def test_the_count_starts_afresh_in_the_next_window(time_machine: clock.TimeMachineFixture) -> None:
    assert try_links(40, "198.51.100.7")[-1] == 429
    wait = int(Client(REMOTE_ADDR="198.51.100.7").get("/v/x")["Retry-After"])
    assert 0 < wait <= begrenzer.VENSTER_SECONDEN
    time_machine.shift(wait - 1)
    assert try_links(1, "198.51.100.7") == [429]
    time_machine.shift(1)
    assert try_links(1, "198.51.100.7") == [404]


@pytest.fixture
def log_lines() -> Iterator[io.StringIO]:
    """Everything that is logged, at the lowest level, through the formatter of production."""
    stream = io.StringIO()
    handler = logging.StreamHandler(stream)
    config = logging.config.DictConfigurator(settings.LOGGING)
    handler.setFormatter(config.configure_formatter(dict(settings.LOGGING["formatters"]["default"])))
    root, level = logging.getLogger(), logging.getLogger().level
    root.addHandler(handler)
    root.setLevel(logging.DEBUG)
    yield stream
    root.removeHandler(handler)
    root.setLevel(level)


def test_no_token_is_logged(log_lines: io.StringIO) -> None:
    phone = Phone(maak_afspraak())
    phone.send(phone.answer("ja", ("geluid",), "naluisteren"))
    guess = secrets.token_urlsafe(24)
    for path in (f"/v/{guess}", f"/v/{guess}/opnemen", f"{phone.url()}/geheim"):
        assert phone.browser.get(path).status_code == 404
    assert phone.browser.post(phone.url("opnemen"), {"antwoord": "nee"}).status_code == 403
    assert phone.browser.delete(phone.url()).status_code in {403, 405}
    text = log_lines.getvalue()
    assert "/v/[token]" in text
    assert guess not in text
    assert phone.token not in text
