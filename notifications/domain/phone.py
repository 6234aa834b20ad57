"""Phone numbers and e-mail addresses: one canonical form, and a refusal that says how to mend it."""

import re
from collections.abc import Collection

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberType

# Dutch mobile numbers; a municipality may allow more prefixes in its settings.
DUTCH_MOBILE = ("+316",)

# No SMS ever goes here, whatever the settings or a beheerder allow: dear, or nobody reads it.
SATELLITES = ("+870", "+881", "+882", "+883")
MACHINES = ("+3197",)
PAID = ("+31900", "+31906", "+31909", "+808", "+979")
OTHER_NETWORKS = ("+800", "+878", "+888")
NEVER = (*SATELLITES, *MACHINES, *PAID, *OTHER_NETWORKS)

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
    if canonical.startswith(MACHINES):
        raise AddressProblem("machine", "Dit is een nummer voor apparaten. Geef een mobiel nummer dat begint met 06.")
    kind = phonenumbers.number_type(number)
    if kind in {PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST}:
        raise AddressProblem("paid", "Dit is een betaald nummer. Geef een mobiel nummer dat begint met 06.")
    if number.country_code == 31 and kind == PhoneNumberType.FIXED_LINE:
        raise AddressProblem("landline", "Dit is een vast nummer. Geef een mobiel nummer dat begint met 06.")
    if canonical.startswith(SATELLITES):
        raise AddressProblem("not_allowed", _SATELLITE)
    if not may_text(canonical, allowed=tuple(allowed)):
        raise AddressProblem("not_allowed", _only(allowed))
    if not phonenumbers.is_valid_number(number):
        raise AddressProblem("impossible", _WRONG_NUMBER)
    if kind not in {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}:
        raise AddressProblem("not_mobile", "Dit is geen mobiel nummer. Geef een mobiel nummer dat begint met 06.")
    return canonical


def may_text(canonical: str, *, allowed: tuple[str, ...]) -> bool:
    """Whether SMS may go to a number in E.164; cheap, for it is asked about every message."""
    return canonical.startswith(allowed) and not canonical.startswith(NEVER)


def shown_prefix(prefix: str) -> str:
    """The start of numbers as people read it: the country code apart ("+32 4"), and 06 for Dutch mobile numbers."""
    if prefix == "+316":
        return "06 (+31 6)"
    digits = prefix.removeprefix("+")
    for length in (1, 2, 3):
        if digits[:length].isdigit() and int(digits[:length]) in phonenumbers.COUNTRY_CODE_TO_REGION_CODE:
            return f"+{digits[:length]} {digits[length:]}".strip()
    return prefix


def _only(allowed: Collection[str]) -> str:
    if set(allowed) <= set(DUTCH_MOBILE):
        return "Wij sturen alleen sms naar Nederlandse mobiele nummers. Geef een nummer met 06."
    if len(allowed) > _NAMED_MAX:
        return "Wij sturen geen sms naar dit soort nummer. Geef een Nederlands mobiel nummer: dat begint met 06."
    starts = ["06" if each in DUTCH_MOBILE else shown_prefix(each) for each in allowed]
    named = f"{', '.join(starts[:-1])} of {starts[-1]}" if len(starts) > 1 else starts[0]
    return f"Wij sturen alleen sms naar nummers die beginnen met {named}. Geef zo'n nummer."


# A longer list than this helps nobody who reads it.
_NAMED_MAX = 6
_SATELLITE = "Dit is het nummer van een satelliettelefoon. Geef een mobiel nummer dat begint met 06."
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
