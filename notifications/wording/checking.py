"""Whether a text may be published: refused with a reason, or allowed with a warning."""

import re
from dataclasses import dataclass

from notifications.domain import placeholders
from notifications.domain.lifecycle import Channel
from notifications.domain.segments import SegmentCount, count_segments, to_plain
from notifications.gateways.registry import sender_can_receive
from notifications.wording.kinds import Kind

SMS_CHARACTERS_MAX = 1600
EMAIL_CHARACTERS_MAX = 20_000

# Telling us is a courtesy and never a request: these words say the opposite.
_FORBIDDEN = re.compile(
    r"\b(aanvra\w*|aanvrag\w*|aangevra\w*|verzoe\w*|goedkeur\w*|goedgekeur\w*|goed te keuren"
    r"|weiger\w*|geweiger\w*|toestemming\w*)\b",
    re.IGNORECASE,
)
# Words that only work as an answer by SMS; capitals, so that ordinary sentences are left alone.
_ANSWER_WORDS = re.compile(r"\b(JA|NEE|WEET NIET|REGELS|STOP|HULP|YES|NO|RULES|HELP)\b")
_ANSWER_FIELDS = frozenset({"ja", "nee", "weet_niet"})


@dataclass(frozen=True, kw_only=True)
class Problem:
    """Something wrong in ``field`` ("subject" or "body"); ``message`` is Dutch."""

    field: str
    code: str
    message: str


@dataclass(frozen=True, kw_only=True)
class TemplateCheck:
    """Problems forbid publishing, warnings do not. ``segments`` counts the longest values."""

    problems: tuple[Problem, ...]
    segments: SegmentCount | None
    warnings: tuple[Problem, ...] = ()


def check_text(*, kind: Kind, channel: Channel, subject: str, body: str) -> TemplateCheck:
    """Everything that is wrong with a text, all at once."""
    problems = [
        *_placeholder_problems(kind, channel, subject, body),
        *_word_problems(subject, body),
        *_form_problems(kind, channel, subject, body),
    ]
    warnings: list[Problem] = []
    count = None
    if channel is Channel.SMS:
        count = longest_count(kind, body)
        problems += _length_problems(kind, body, count)
        warnings += _cost_warnings(count)
        problems += _one_way_problems(body)
        warnings += _answer_warnings(kind, body)
    return TemplateCheck(problems=tuple(problems), segments=count, warnings=tuple(warnings))


def longest_count(kind: Kind, body: str) -> SegmentCount:
    """The SMS parts of ``body`` at the longest realistic values; unknown fields count as typed."""
    values = {name: f"(({name}))" for name in placeholders.names_in(body)} | dict(kind.longest)
    return count_segments(to_plain(placeholders.fill(body, values)))


def _placeholder_problems(kind: Kind, channel: Channel, subject: str, body: str) -> list[Problem]:
    allowed = [each.name for each in kind.placeholders]
    listed = ", ".join(f"(({name}))" for name in allowed)
    problems = []
    for field, text in (("subject", subject), ("body", body)):
        problems += [
            Problem(
                field=field,
                code="unknown_placeholder",
                message=f"Het veld (({name})) bestaat niet. U kunt kiezen uit: {listed}.",
            )
            for name in placeholders.names_in(text)
            if name not in allowed
        ]
    used = set(placeholders.names_in(body))
    problems += [
        Problem(
            field="body",
            code="missing_placeholder",
            message=f"Het veld (({name})) ontbreekt. Dit veld is verplicht.",
        )
        for name in sorted(kind.required.get(channel, frozenset()) - used)
    ]
    return problems


def _word_problems(subject: str, body: str) -> list[Problem]:
    problems = []
    for field, text in (("subject", subject), ("body", body)):
        words = _FORBIDDEN.findall(placeholders.without_placeholders(text))
        problems += [
            Problem(
                field=field,
                code="forbidden_word",
                message=(
                    f"Gebruik het woord '{word}' niet. De cliënt laat alleen weten of hij opneemt; "
                    "daar is geen antwoord van ons voor nodig."
                ),
            )
            for word in dict.fromkeys(word.lower() for word in words)
        ]
    return problems


def _form_problems(kind: Kind, channel: Channel, subject: str, body: str) -> list[Problem]:
    problems = []
    if channel not in kind.channels:
        message = "Dit bericht gaat niet langs deze weg."
        problems.append(Problem(field="body", code="channel", message=message))
    if not body.strip():
        problems.append(Problem(field="body", code="empty", message="Vul een tekst in."))
    if channel is Channel.EMAIL:
        if not subject.strip():
            message = "Vul een onderwerp in."
            problems.append(Problem(field="subject", code="empty", message=message))
        if len(subject.strip().splitlines()) > 1:
            message = "Zet het onderwerp op één regel."
            problems.append(Problem(field="subject", code="line_break", message=message))
        if len(subject) > placeholders.SUBJECT_MAX:
            message = f"Gebruik in het onderwerp ten hoogste {placeholders.SUBJECT_MAX} tekens."
            problems.append(Problem(field="subject", code="too_long", message=message))
        if len(body) > EMAIL_CHARACTERS_MAX:
            message = "De tekst is te lang voor een e-mail."
            problems.append(Problem(field="body", code="too_long", message=message))
    elif subject.strip():
        message = "Een sms heeft geen onderwerp. Maak dit vak leeg."
        problems.append(Problem(field="subject", code="not_for_sms", message=message))
    return problems


def _length_problems(kind: Kind, body: str, count: SegmentCount) -> list[Problem]:
    if count.segments > kind.max_segments or len(body) > SMS_CHARACTERS_MAX:
        many = f"{kind.max_segments} sms'jes"
        message = f"Deze tekst kost met lange namen {count.segments} sms'jes. Maak de tekst korter: ten hoogste {many}."
        return [Problem(field="body", code="too_many_segments", message=message)]
    return []


def _cost_warnings(count: SegmentCount) -> list[Problem]:
    warnings = []
    for costly in count.costly:
        advice = f" Schrijf liever '{costly.suggestion}'." if costly.suggestion else " Laat het liever weg."
        message = (
            f"Het teken '{costly.char}' ({costly.name}) maakt de sms duurder: "
            f"er passen dan 70 in plaats van 160 tekens in.{advice}"
        )
        warnings.append(Problem(field="body", code="costly_character", message=message))
    return warnings


def _asks_for_answer(body: str) -> bool:
    if _ANSWER_FIELDS & set(placeholders.names_in(body)):
        return True
    return bool(_ANSWER_WORDS.search(placeholders.without_placeholders(body)))


def _one_way_problems(body: str) -> list[Problem]:
    if sender_can_receive() or not _asks_for_answer(body):
        return []
    message = "Onze afzender is een naam en kan geen sms ontvangen. Vraag in deze tekst niet om een antwoord per sms."
    return [Problem(field="body", code="one_way_sender", message=message)]


def _answer_warnings(kind: Kind, body: str) -> list[Problem]:
    if kind.answerable or not _asks_for_answer(body):
        return []
    message = "Dit bericht vraagt om een antwoord, maar het is er niet voor bedoeld."
    return [Problem(field="body", code="not_answerable", message=message)]
