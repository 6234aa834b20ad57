"""Phone numbers and e-mail addresses: one canonical form, and a refusal that says how to mend it."""

import re
from collections.abc import Collection

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberType

# Dutch mobile numbers; a municipality may allow more prefixes in its settings.
DUTCH_MOBILE = ("+316",)

_MAIL = re.compile(
    r"[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?"
    r"(?:\.[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?)+",
    re.IGNORECASE,
)


class AddressProblem(Exception):
    """An address we cannot or will not use; ``message`` is Dutch and says what to do."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def normalise_mobile(text: str, *, allowed: Collection[str] = DUTCH_MOBILE) -> str:
    """The number in E.164 ("+31612345678"); raises :class:`AddressProblem`.

    ``allowed`` holds prefixes in E.164 form. A prefix that is not Dutch only has to be a possible
    mobile number; Dutch numbers that are paid, fixed or for machines are refused by name.
    """
    number = _parse(text)
    canonical = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    if canonical.startswith("+3197"):
        raise AddressProblem("machine", "Dit is een nummer voor apparaten. Geef een mobiel nummer dat begint met 06.")
    kind = phonenumbers.number_type(number)
    if kind in {PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST}:
        raise AddressProblem("paid", "Dit is een betaald nummer. Geef een mobiel nummer dat begint met 06.")
    if number.country_code == 31 and kind == PhoneNumberType.FIXED_LINE:
        raise AddressProblem("landline", "Dit is een vast nummer. Geef een mobiel nummer dat begint met 06.")
    if not canonical.startswith(tuple(allowed)):
        raise AddressProblem(
            "not_allowed",
            "Wij sturen alleen sms naar Nederlandse mobiele nummers. Geef een nummer met 06.",
        )
    if not phonenumbers.is_valid_number(number):
        raise AddressProblem("impossible", _WRONG_NUMBER)
    if kind not in {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}:
        raise AddressProblem("not_mobile", "Dit is geen mobiel nummer. Geef een mobiel nummer dat begint met 06.")
    return canonical


_WRONG_NUMBER = "Dit telefoonnummer klopt niet. Controleer het: 06 en dan nog 8 cijfers."


def _parse(text: str) -> phonenumbers.PhoneNumber:
    cleaned = text.strip()
    if not cleaned:
        raise AddressProblem("empty", "Vul een telefoonnummer in.")
    if len(cleaned) > 30 or re.search(r"[^\d\s+().\-/\u2010-\u2013\u00a0]", cleaned):
        raise AddressProblem("letters", "Gebruik in een telefoonnummer alleen cijfers.")
    if re.fullmatch(r"6\d{8}", re.sub(r"\D", "", cleaned)) and not cleaned.startswith("+"):
        # A spreadsheet eats the leading zero.
        cleaned = "0" + cleaned
    try:
        number = phonenumbers.parse(cleaned, "NL")
    except NumberParseException:
        raise AddressProblem("impossible", _WRONG_NUMBER) from None
    if not phonenumbers.is_possible_number(number):
        raise AddressProblem("impossible", _WRONG_NUMBER)
    return number


def normalise_email(text: str) -> str:
    """The address without spaces around it and with a lower-case domain; raises AddressProblem."""
    cleaned = text.strip()
    if not cleaned:
        raise AddressProblem("empty", "Vul een e-mailadres in.")
    if len(cleaned) > 254 or not _MAIL.fullmatch(cleaned) or ".." in cleaned:
        raise AddressProblem("invalid", "Dit e-mailadres klopt niet. Een voorbeeld: naam@voorbeeld.nl.")
    local, _, domain = cleaned.rpartition("@")
    if local.startswith(".") or local.endswith("."):
        raise AddressProblem("invalid", "Dit e-mailadres klopt niet. Een voorbeeld: naam@voorbeeld.nl.")
    return f"{local}@{domain.lower()}"


def mask(address: str) -> str:
    """An address that a colleague recognises and a stranger cannot use; empty stays empty."""
    if "@" in address:
        local, _, domain = address.rpartition("@")
        return f"{local[:1]}…@{domain}"
    if address.startswith("+31"):
        national = "0" + address[3:]
        return f"{national[:2]}••••••{national[-2:]}"
    if address.startswith("+"):
        return f"{address[:3]}••••••{address[-2:]}"
    # A short or alphanumeric sender is no person.
    return address if len(address) < 6 else f"{address[:2]}••••••{address[-2:]}"


def national(address: str) -> str:
    """An E.164 number as Dutch people write it: "06 12345678"; other countries keep the plus."""
    try:
        number = phonenumbers.parse(address, None)
    except NumberParseException:
        return address
    if number.country_code == 31:
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.NATIONAL)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
