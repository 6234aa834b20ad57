"""Holding requests to the providers' own descriptions, where those are at hand; else to a few rules."""

import json
import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator

_CREATE = "/2010-04-01/Accounts/{AccountSid}/Messages.json"
_FORM = "application/x-www-form-urlencoded"
_NUMBER = re.compile(r"\+[1-9]\d{6,14}")


@lru_cache(maxsize=4)
def _load(folder: Path, name: str) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((folder / name).read_text(encoding="utf-8"))
    return loaded


def wrong_form(form: Mapping[str, list[str]], specs: Path | None) -> str:
    """What is wrong with a request to create a message; "" when nothing is."""
    flat = {name: values[0] for name, values in form.items()}
    period = flat.get("ValidityPeriod", "36000")
    rules = (
        ("To" in flat, "A 'To' phone number is required."),
        ({"From", "MessagingServiceSid"} & flat.keys(), "A 'From' phone number is required."),
        (_NUMBER.fullmatch(flat.get("To", "")), "Invalid 'To' Phone Number"),
        (flat.get("Body"), "Message body is required."),
        (len(flat.get("Body", "")) <= 1600, "The body exceeds the 1600 character limit."),
        (
            period.isdigit() and 1 <= int(period) <= 36_000,
            "ValidityPeriod must lie between 1 and 36000.",
        ),
    )
    for holds, complaint in rules:
        if not holds:
            return complaint
    return _against_description(flat, specs) if specs else ""


def _against_description(flat: Mapping[str, str], specs: Path) -> str:
    properties, required = _parameters(specs)
    for name, value in flat.items():
        if name not in properties:
            return f"{name} is no parameter of this request."
        is_number, pattern = properties[name]
        if is_number and not value.lstrip("-").isdigit():
            return f"{name} must be a whole number."
        if pattern is not None and not pattern.search(value):
            return f"{name} does not look as it should."
    missing = [name for name in required if name not in flat]
    return f"{missing[0]} is required." if missing else ""


@lru_cache(maxsize=4)
def _parameters(specs: Path) -> tuple[dict[str, tuple[bool, re.Pattern[str] | None]], list[str]]:
    """Per parameter whether it is a whole number and how it looks; and which must be there."""
    description = _load(specs, "twilio_messages_openapi.json")
    schema = description["paths"][_CREATE]["post"]["requestBody"]["content"][_FORM]["schema"]
    properties = {
        name: (rule.get("type") == "integer", re.compile(rule["pattern"]) if "pattern" in rule else None)
        for name, rule in schema["properties"].items()
    }
    return properties, schema.get("required", [])


def message_schema(specs: Path) -> dict[str, Any]:
    """The schema of a Twilio message resource, for holding the double itself to it."""
    description = _load(specs, "twilio_messages_openapi.json")
    schemas = description["components"]["schemas"]
    return {**schemas["api.v2010.account.message"], "components": {"schemas": schemas}}


def wrong_mail(body: Any, specs: Path | None) -> list[dict[str, str]]:
    """What is wrong with a mail, as SendGrid's error list; empty when nothing is."""
    if not isinstance(body, dict):
        return [{"message": "Bad Request", "field": ""}]
    errors = [
        {"message": f"The {name} is required.", "field": name}
        for name in ("personalizations", "from", "subject", "content")
        if not body.get(name)
    ]
    kinds = [part.get("type") for part in body.get("content") or []]
    if kinds and kinds[0] != "text/plain":
        errors.append({"message": "text/plain must come first.", "field": "content.0.type"})
    for index, person in enumerate(body.get("personalizations") or []):
        for to in person.get("to") or [{}]:
            if "@" not in str(to.get("email", "")):
                where = f"personalizations.{index}.to.0.email"
                errors.append({"message": "Does not contain a valid address.", "field": where})
    if not errors and specs:
        errors += [
            {"message": problem.message, "field": ".".join(map(str, problem.path))}
            for problem in _mail_validator(specs).iter_errors(body)
        ]
    return errors


@lru_cache(maxsize=4)
def _mail_validator(specs: Path) -> Draft202012Validator:
    description = _load(specs, "sendgrid_mail_v3_openapi.json")
    request = description["components"]["requestBodies"]["PostMailSend"]
    schema = request["content"]["application/json"]["schema"]
    return Draft202012Validator({**schema, "components": description["components"]})
