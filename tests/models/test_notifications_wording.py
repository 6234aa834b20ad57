"""Texts in versions: drafted, checked, published, never changed; and which one a message gets."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from notifications import api as post
from notifications.models import TemplateVersion
from notifications.wording import kinds
from notifications.wording.checking import longest_count

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 12, 2, 13, 0, tzinfo=UTC)
SMS, EMAIL = post.Channel.SMS, post.Channel.EMAIL


def _kind(**changes: Any) -> post.Kind:
    made: dict[str, Any] = {
        "name": "uit",
        "label": "uitnodiging",
        "placeholders": (
            post.Placeholder(name="dag", label="dag", sample="maandag 1 mei", longest="donderdag 24 september"),
            post.Placeholder(name="link", label="link", sample="http://testserver/v/abc"),
            post.Placeholder(name="ja", label="JA", sample="JA"),
        ),
        "channels": (SMS, EMAIL),
        "required": {SMS: frozenset({"dag"}), EMAIL: frozenset({"dag", "link"})},
        "defaults": {
            (SMS, "nl"): post.Wording(subject="", body="Gesprek op ((dag))"),
            (EMAIL, "nl"): post.Wording(subject="Op ((dag))", body="Gesprek op ((dag)): ((link))"),
            (EMAIL, "en"): post.Wording(subject="On ((dag))", body="Meeting on ((dag)): ((link))"),
        },
        "answerable": True,
    }
    return post.Kind(**(made | changes))


@pytest.fixture(autouse=True)
def _kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kinds, "_kinds", {"uit": _kind()})


def _save(body: str = "Gesprek ((dag))", **changes: Any) -> int:
    made: dict[str, Any] = {
        "kind": "uit",
        "channel": SMS,
        "language": "nl",
        "scope": "",
        "subject": "",
        "body": body,
        "author": "anja",
        "now": NOW,
    }
    return post.templates.save_draft(**(made | changes))


def _publish(version_id: int, minutes: int = 1) -> None:
    post.templates.publish(version_id=version_id, author="bert", now=NOW + timedelta(minutes=minutes))


def _codes(body: str, channel: post.Channel = SMS, subject: str = "") -> list[str]:
    found = post.templates.check(kind="uit", channel=channel, language="nl", subject=subject, body=body)
    return [problem.code for problem in found.problems]


def _current(language: str = "nl", scope: str = "", channel: post.Channel = SMS) -> post.TemplateText:
    return post.templates.current("uit", channel, language, scope)


def test_a_draft_is_not_used_until_it_is_published() -> None:
    version_id = _save()
    assert _current().is_default
    _publish(version_id)
    assert (_current().version_id, _current().number, _current().body) == (version_id, 1, "Gesprek ((dag))")


def test_there_is_one_draft_and_saving_again_changes_it() -> None:
    first = _save()
    assert _save("Anders ((dag))", author="cor") == first
    draft = post.templates.draft("uit", SMS, "nl", "")
    assert draft is not None
    assert (draft.body, draft.author, draft.number) == ("Anders ((dag))", "cor", 1)


def test_what_is_published_never_changes() -> None:
    first = _save()
    _publish(first)
    second = _save("Nieuw ((dag))")
    assert second != first
    assert TemplateVersion.objects.get(pk=first).body == "Gesprek ((dag))"
    with pytest.raises(post.NotADraft):
        _publish(first)
    assert post.templates.discard_draft(version_id=first) is False
    _publish(second, 2)
    assert [each.number for each in post.templates.history("uit", SMS, "nl", "")] == [2, 1]
    assert _current().body == "Nieuw ((dag))"


def test_an_older_version_comes_back_as_a_draft() -> None:
    first = _save("Oud ((dag))")
    _publish(first)
    _publish(_save("Nieuw ((dag))"), 2)
    restored = post.templates.restore(version_id=first, author="dirk", now=NOW)
    assert _current().body == "Nieuw ((dag))"
    _publish(restored, 3)
    assert (_current().body, _current().number) == ("Oud ((dag))", 3)
    history = post.templates.history("uit", SMS, "nl", "")
    assert next((each.author, each.published_by) for each in history) == ("dirk", "bert")


def test_a_draft_can_be_thrown_away() -> None:
    assert post.templates.discard_draft(version_id=_save()) is True
    assert post.templates.draft("uit", SMS, "nl", "") is None


@pytest.mark.parametrize(
    ("language", "scope", "expected"),
    [
        ("nl", "wmo", "team nl"),
        ("nl", "wi", "alle nl"),
        ("nl", "", "alle nl"),
        ("en", "wmo", "Meeting on ((dag)): ((link))"),
        # No text in this language at all: Dutch, and of the team first.
        ("ti", "wmo", "team nl"),
        ("ti", "wi", "alle nl"),
    ],
)
def test_which_text_a_message_gets(language: str, scope: str, expected: str) -> None:
    for place, body in (("wmo", "team nl"), ("", "alle nl")):
        full = body + " ((dag)) ((link))"
        _publish(_save(full, channel=EMAIL, subject="Op ((dag))", scope=place))
    assert _current(language, scope, EMAIL).body.startswith(expected)


@pytest.mark.parametrize(
    ("body", "codes"),
    [
        ("Gesprek ((dag))", []),
        ("Gesprek", ["missing_placeholder"]),
        ("((dag)) ((naam))", ["unknown_placeholder"]),
        ("((dag)) ((Dag))", ["unknown_placeholder"]),
        ("", ["missing_placeholder", "empty"]),
        ("((dag)) uw aanvraag", ["forbidden_word"]),
        ("((dag)) wij verzoeken u, verzoek", ["forbidden_word", "forbidden_word"]),
        ("((dag)) goedgekeurd", ["forbidden_word"]),
        ("((dag)) geweigerd", ["forbidden_word"]),
        ("((dag)) Toestemming", ["forbidden_word"]),
        ("((dag)) " + "x" * 300, ["too_many_segments"]),
        ("((dag)) " + "ë" * 130, ["too_many_segments"]),
    ],
)
def test_what_may_not_be_published(body: str, codes: list[str]) -> None:
    assert _codes(body) == codes
    version_id = _save(body)
    if codes:
        with pytest.raises(post.TemplateRefused) as caught:
            _publish(version_id)
        assert [problem.code for problem in caught.value.problems] == codes
        assert all(problem.message.endswith(".") for problem in caught.value.problems)
        assert _current().is_default
    else:
        _publish(version_id)


def test_an_unknown_field_is_refused_by_name_with_the_allowed_ones() -> None:
    found = post.templates.check(kind="uit", channel=SMS, language="nl", subject="", body="((dag)) ((bsn))")
    (problem,) = found.problems
    assert "((bsn))" in problem.message
    assert "((dag)), ((link)), ((ja))" in problem.message


@pytest.mark.parametrize(
    ("subject", "codes"),
    [
        ("Op ((dag))", []),
        ("", ["empty"]),
        ("Een\ntwee", ["line_break"]),
        ("x" * 201, ["too_long"]),
        ("((bsn))", ["unknown_placeholder"]),
    ],
)
def test_an_email_needs_a_subject_of_one_line(subject: str, codes: list[str]) -> None:
    assert _codes("((dag)) ((link))", EMAIL, subject) == codes


def test_an_sms_has_no_subject() -> None:
    assert _codes("((dag))", SMS, "Onderwerp") == ["not_for_sms"]


def test_the_count_is_of_the_longest_realistic_values() -> None:
    count = longest_count(_kind(), "((dag))")
    assert count.units == len("donderdag 24 september")


def test_the_costly_character_is_a_warning_with_advice() -> None:
    found = post.templates.check(kind="uit", channel=SMS, language="nl", subject="", body="Beste cliënt ((dag))")
    (warning,) = found.warnings
    assert found.problems == ()
    assert "'ë'" in warning.message
    assert "'e'" in warning.message
    assert found.segments is not None
    assert found.segments.encoding == "UCS-2"


@pytest.mark.parametrize("body", ["((dag)) Antwoord ((ja)).", "((dag)) Antwoord JA of NEE.", "((dag)) Sms REGELS."])
def test_a_sender_that_cannot_receive_does_not_ask(settings: Any, body: str) -> None:
    assert _codes(body) == []
    settings.TWILIO_ACCOUNT_SID = settings.TWILIO_AUTH_TOKEN = "x"
    settings.TWILIO_FROM = "Gemeente"
    assert _codes(body) == ["one_way_sender"]
    settings.TWILIO_FROM = "+3197010200000"
    assert _codes(body) == []


def test_asking_in_a_kind_that_is_not_for_answers_is_a_warning(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kinds, "_kinds", {"uit": _kind(answerable=False)})
    found = post.templates.check(kind="uit", channel=SMS, language="nl", subject="", body="((dag)) JA")
    assert [warning.code for warning in found.warnings] == ["not_answerable"]


def test_a_preview_shows_samples_and_leaves_mistakes_visible() -> None:
    seen = post.templates.preview(kind="uit", channel=EMAIL, language="nl", subject="Op ((dag))", body="((link)) ((x))")
    assert seen.subject == "Op maandag 1 mei"
    assert seen.text == "http://testserver/v/abc ((x))"
    assert '<a href="http://testserver/v/abc">' in seen.html
    assert seen.segments is None
    short = post.templates.preview(kind="uit", channel=SMS, language="nl", subject="", body="((dag))")
    assert short.segments is not None
    assert short.html == ""


@pytest.mark.parametrize("hostile", ["{{ settings.SECRET_KEY }}", "{% include 'x' %}", "{x.__class__}", "%(x)s"])
def test_a_text_is_not_a_program(hostile: str) -> None:
    seen = post.templates.preview(kind="uit", channel=SMS, language="nl", subject="", body=hostile + " ((dag))")
    assert seen.text == f"{hostile} maandag 1 mei"


def test_the_overview_lists_what_ships_and_what_was_written() -> None:
    _publish(_save())
    _save("team ((dag))", scope="wmo")
    _save("ander team ((dag))", scope="wi")
    rows = {(row.channel, row.language, row.scope): row for row in post.templates.overview(["wmo"])}
    assert set(rows) == {(SMS, "nl", ""), (EMAIL, "nl", ""), (EMAIL, "en", ""), (SMS, "nl", "wmo")}
    published = rows[SMS, "nl", ""].published
    assert published is not None
    assert published.number == 1
    assert rows[SMS, "nl", "wmo"].draft is not None
    assert rows[EMAIL, "nl", ""].published is None


def test_an_unknown_kind_is_a_defect() -> None:
    with pytest.raises(post.UnknownKind):
        _save(kind="bestaat niet")
