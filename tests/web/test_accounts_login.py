"""Logging in: limited, in Dutch, with a session of its own, and over at once when an account is closed."""

from __future__ import annotations

import re

import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from afspraken.flow import beheer
from afspraken.models import Gebruiker, Rol
from notifications import api as post
from notifications import jobs
from tests.builders import NU, TESTER, maak_gebruiker

pytestmark = pytest.mark.django_db

WACHTWOORD = "een lang wachtwoord"
LOGIN = "/accounts/login/"
BLOCKED = "Er is te vaak een verkeerd wachtwoord ingevuld."


def log_in(client: Client, password: str = WACHTWOORD, username: str = "medewerker1", **extra: str) -> int:
    return client.post(LOGIN, {"login": username, "password": password}, **extra).status_code  # type: ignore[arg-type]


def test_the_right_password_opens_the_day_list_with_a_new_session_id() -> None:
    maak_gebruiker()
    client = Client()
    client.session.save()
    session = client.session
    session["iets"] = "van voor het inloggen"
    session.save()
    before = session.session_key
    client.cookies["sessionid"] = str(before)
    response = client.post(LOGIN, {"login": "medewerker1", "password": WACHTWOORD})
    assert response.status_code == 302
    assert response.headers["Location"] == "/werk/"
    assert client.session.session_key != before
    assert not Session.objects.filter(session_key=before).exists()


def test_a_wrong_password_says_so_in_dutch_and_not_which_of_the_two() -> None:
    maak_gebruiker()
    client = Client(headers={"accept-language": "en"})
    for username in ("medewerker1", "bestaat-niet"):
        page = client.post(LOGIN, {"login": username, "password": "een verkeerd wachtwoord"}).content.decode()
        assert "De gebruikersnaam of het wachtwoord klopt niet." in page
        assert "<title>Fout: Inloggen" in page
        assert 'lang="nl"' in page
    empty = client.post(LOGIN, {}).content.decode()
    assert "Vul uw gebruikersnaam in." in empty
    assert "placeholder" not in empty


def test_guessing_is_stopped_per_account_and_the_right_password_waits_too() -> None:
    maak_gebruiker()
    maak_gebruiker("medewerker2")
    client = Client()
    for _ in range(5):
        client.post(LOGIN, {"login": "medewerker1", "password": "een verkeerd wachtwoord"})
    page = client.post(LOGIN, {"login": "medewerker1", "password": WACHTWOORD}).content.decode()
    assert BLOCKED in page
    assert "_auth_user_id" not in client.session
    # A colleague at the same desk is not locked out by it.
    assert log_in(Client(), username="medewerker2") == 302


def test_a_forged_address_is_no_way_around_the_limit() -> None:
    maak_gebruiker()
    for number in range(5):
        log_in(Client(), "een verkeerd wachtwoord", HTTP_X_FORWARDED_FOR=f"203.0.113.{number}")
    client = Client()
    response = client.post(LOGIN, {"login": "medewerker1", "password": WACHTWOORD}, HTTP_X_FORWARDED_FOR="203.0.113.99")
    assert BLOCKED in response.content.decode()


def test_the_limit_unlocks_by_itself(time_machine: object) -> None:
    time_machine.move_to(NU, tick=False)  # type: ignore[attr-defined]
    maak_gebruiker()
    client = Client()
    for _ in range(6):
        client.post(LOGIN, {"login": "medewerker1", "password": "een verkeerd wachtwoord"})
    time_machine.shift(11 * 60)  # type: ignore[attr-defined]
    assert log_in(client) == 302


def test_many_logins_from_one_address_get_a_page_that_says_wait() -> None:
    client = Client()
    for number in range(31):
        response = client.post(LOGIN, {"login": f"naam{number}", "password": "een verkeerd wachtwoord"})
    assert response.status_code == 429
    assert "Even wachten" in response.content.decode()


def test_logging_out_takes_a_post_and_ends_the_session_on_the_server() -> None:
    maak_gebruiker()
    client = Client()
    log_in(client)
    key = client.session.session_key
    assert client.get("/accounts/logout/").status_code == 200
    assert Session.objects.filter(session_key=key).exists()
    client.post("/accounts/logout/")
    assert not Session.objects.filter(session_key=key).exists()


def test_closing_an_account_ends_its_sessions_and_only_its() -> None:
    account = maak_gebruiker()
    other = maak_gebruiker("medewerker2")
    baas = maak_gebruiker("beheerder", rol=Rol.BEHEERDER)
    mine, theirs = Client(), Client()
    log_in(mine)
    log_in(theirs, username="medewerker2")
    assert mine.get("/beheer/").status_code == 403
    beheer.sluit_account(account_id=account.pk, door_id=baas.pk, actor=TESTER, now=NU)
    assert mine.get("/beheer/").status_code == 302
    assert theirs.get("/beheer/").status_code == 403
    assert [s.get_decoded()["_auth_user_id"] for s in Session.objects.all()] == [str(other.pk)]
    # Opening it again does not bring an old session back.
    beheer.open_account(account_id=account.pk, actor=TESTER, now=NU)
    assert mine.get("/beheer/").status_code == 302


def test_a_closed_account_does_not_get_in() -> None:
    account = maak_gebruiker()
    Gebruiker.objects.filter(pk=account.pk).update(is_active=False)
    client = Client()
    response = client.post(LOGIN, {"login": "medewerker1", "password": WACHTWOORD}, follow=True)
    assert "_auth_user_id" not in client.session
    assert 'lang="nl"' in response.content.decode()


def test_nobody_signs_up_and_nobody_adds_an_address() -> None:
    client = Client()
    page = client.get("/accounts/signup/").content.decode()
    assert "Een account krijgt u van de beheerder" in page
    client.post("/accounts/signup/", {"username": "x", "password1": WACHTWOORD, "password2": WACHTWOORD})
    assert not Gebruiker.objects.exists()
    maak_gebruiker()
    log_in(client)
    for path in ("email", "confirm-email", "login/code", "phone/change"):
        assert client.get(f"/accounts/{path}/").status_code == 404


def reset_link(client: Client, email: str) -> str:
    """Ask for the link and read it where a person would: in the mail, sent through the outbox."""
    client.post("/accounts/password/reset/", {"email": email})
    jobs.drain()
    mails = [m for m in post.console_messages(limit=10) if m.channel is post.Channel.EMAIL]
    assert len(mails) == 1
    assert mails[0].address == email
    assert "Uw gebruikersnaam is: medewerker1" in mails[0].text
    found = re.search(r"https?://\S+/accounts/password/reset/key/\S+", mails[0].text)
    assert found
    return found[0]


def test_a_forgotten_password_goes_through_the_outbox_and_its_link_works_once(settings: object) -> None:
    maak_gebruiker(email="m.visser@gemeente.example")
    client = Client()
    link = reset_link(client, "m.visser@gemeente.example")
    assert link.startswith(f"{settings.PUBLIC_URL}/")  # type: ignore[attr-defined]
    path = link.removeprefix(settings.PUBLIC_URL)  # type: ignore[attr-defined]
    page = client.get(path, follow=True)
    form_path = page.redirect_chain[-1][0]
    assert "Wachtwoord kiezen" in page.content.decode()
    nieuw = "vier woorden op een rij"
    short = client.post(form_path, {"password1": "kort", "password2": "kort"}).content.decode()
    assert "<title>Fout: Wachtwoord kiezen" in short
    differ = client.post(form_path, {"password1": nieuw, "password2": nieuw + "x"}).content.decode()
    assert "De twee wachtwoorden zijn niet hetzelfde." in differ
    assert client.post(form_path, {"password1": nieuw, "password2": nieuw}).status_code == 302
    assert log_in(Client(), nieuw) == 302
    assert "Deze link werkt niet meer" in Client().get(path, follow=True).content.decode()


def test_a_forged_host_does_not_choose_where_the_link_leads() -> None:
    maak_gebruiker(email="m.visser@gemeente.example")
    response = Client().post(
        "/accounts/password/reset/", {"email": "m.visser@gemeente.example"}, HTTP_HOST="evil.example"
    )
    assert response.status_code == 400
    jobs.drain()
    assert post.console_messages(limit=10) == []


def test_an_unknown_address_gets_the_same_page_and_no_mail() -> None:
    maak_gebruiker(email="m.visser@gemeente.example")
    known = Client().post("/accounts/password/reset/", {"email": "m.visser@gemeente.example"}, follow=True)
    unknown = Client().post("/accounts/password/reset/", {"email": "niemand@gemeente.example"}, follow=True)
    strip = re.compile(r'name="csrfmiddlewaretoken" value="\w+"')
    assert strip.sub("", known.content.decode()) == strip.sub("", unknown.content.decode())
    jobs.drain()
    assert [m.address for m in post.console_messages(limit=10)] == ["m.visser@gemeente.example"]


def test_a_new_password_ends_the_other_sessions() -> None:
    maak_gebruiker()
    here, elsewhere = Client(), Client()
    log_in(here)
    log_in(elsewhere)
    nieuw = "vier woorden op een rij"
    form = {"oldpassword": WACHTWOORD, "password1": nieuw, "password2": nieuw}
    wrong = here.post("/accounts/password/change/", form | {"oldpassword": "een verkeerd wachtwoord"})
    assert "Dit is niet uw wachtwoord van nu." in wrong.content.decode()
    assert here.post("/accounts/password/change/", form).status_code == 302
    assert here.get("/beheer/").status_code == 403
    assert elsewhere.get("/beheer/").status_code == 302


def test_a_login_without_its_token_is_refused() -> None:
    maak_gebruiker()
    client = Client(enforce_csrf_checks=True)
    assert log_in(client) == 403
    assert "_auth_user_id" not in client.session


@pytest.mark.parametrize(
    ("rol", "teams", "leads_to"),
    [
        (Rol.BEHEERDER, (), "/beheer/"),
        (Rol.BEHEERDER, ("wmo",), "/werk/"),
        (Rol.COORDINATOR, ("wmo",), "/werk/"),
    ],
)
def test_where_a_login_leads(rol: Rol, teams: tuple[str, ...], leads_to: str) -> None:
    maak_gebruiker("iemand", rol=rol, teams=teams)
    response = Client().post(LOGIN, {"login": "iemand", "password": WACHTWOORD})
    assert response.headers["Location"] == leads_to
    away = Client().post(LOGIN, {"login": "iemand", "password": WACHTWOORD, "next": "https://evil.example/"})
    assert away.headers["Location"] == leads_to
