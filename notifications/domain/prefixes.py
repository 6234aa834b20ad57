"""Where SMS may go besides the settings: the start of a number, judged before a beheerder may add it."""

import re
from collections.abc import Sequence

import phonenumbers
from phonenumbers import PhoneNumber, PhoneNumberType

from notifications.domain.phone import MACHINES, OTHER_NETWORKS, PAID, SATELLITES, shown_prefix

DIGITS_MAX = 8
"""Longer is nearly somebody's number, and those are kept encrypted or not at all."""

# Country code 1 is North America and the Caribbean together: its next three digits say which.
_REST_MIN = {1: 3}
_EXAMPLE = "zoals +32 4"
_NEVER = (
    (SATELLITES, "Dit zijn nummers van satelliettelefoons. Een sms daarheen is erg duur. U kunt ze niet toevoegen."),
    (MACHINES, "Dit zijn nummers voor apparaten. Daar leest niemand een sms. U kunt ze niet toevoegen."),
    (PAID, "Dit zijn betaalde nummers, zoals 0900. U kunt ze niet toevoegen."),
    (OTHER_NETWORKS, "Dit zijn geen nummers van een land. U kunt ze niet toevoegen."),
)
_FILLERS = ("0123456789012", "5555555555555", "2345678901234")


class PrefixProblem(Exception):
    """A start that may not be added; ``message`` is Dutch and says why and what to do."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


def check_prefix(typed: str, *, fixed: Sequence[str], added: Sequence[str]) -> str:
    """The start of a number in E.164 ("+324"); raises :class:`PrefixProblem`.

    ``fixed`` stand in the settings, ``added`` were added before; what is exactly one of ``added`` passes.
    """
    prefix = _cleaned(typed)
    for ranges, message in _NEVER:
        if prefix.startswith(ranges):
            raise PrefixProblem("never", message)
    code = _country_code(prefix)
    rest = prefix[1 + len(str(code)) :]
    allowed = (*fixed, *added)
    if len(rest) < _REST_MIN.get(code, 1):
        raise PrefixProblem("short", _too_short(code, allowed))
    for ranges, _ in _NEVER:
        if any(each.startswith(prefix) for each in ranges):
            message = "Hieronder vallen ook betaalde nummers of nummers voor apparaten. Vul meer cijfers in."
            raise PrefixProblem("wide", message)
    for wider in allowed:
        if prefix.startswith(wider) and not (prefix == wider and wider in added):
            raise PrefixProblem("covered", f"Dit mag al: het valt onder {shown_prefix(wider)}.")
    if not _holds_mobiles(code, rest):
        if rest.startswith("0"):
            raise PrefixProblem("zero", f"Laat de 0 na het landnummer +{code} weg: schrijf +32 4 en niet +32 04.")
        raise PrefixProblem("no_mobiles", f"Mobiele nummers beginnen niet zo.{_mobile_hint(code, allowed)}")
    return prefix


def _cleaned(typed: str) -> str:
    text = re.sub(r"[\s.\-()/\u2010-\u2013\u00a0]", "", typed)
    if not text:
        raise PrefixProblem("empty", f"Vul het begin van een nummer in, {_EXAMPLE}.")
    if re.fullmatch(r"00[0-9]*", text):
        raise PrefixProblem("plus", "Begin met een plus in plaats van 00: schrijf +32 en niet 0032.")
    if not re.fullmatch(r"\+[0-9]+", text):
        message = f"Begin met een plus en het landnummer. Gebruik daarna alleen cijfers, {_EXAMPLE}."
        raise PrefixProblem("plus", message)
    if len(text) > 1 + DIGITS_MAX:
        message = f"Dit is bijna een heel nummer. Vul alleen het begin in: ten hoogste {DIGITS_MAX} cijfers."
        raise PrefixProblem("long", message)
    return text


def _country_code(prefix: str) -> int:
    """The country a start belongs to. No country code is the start of another, so the first that fits is it."""
    codes = phonenumbers.COUNTRY_CODE_TO_REGION_CODE
    digits = prefix[1:]
    for length in (1, 2, 3):
        if int(digits[:length]) in codes and not digits.startswith("0"):
            return int(digits[:length])
    if any(str(code).startswith(digits) for code in codes):
        message = f"Dit is nog geen heel landnummer. Vul het landnummer in en het begin van de nummers, {_EXAMPLE}."
        raise PrefixProblem("short", message)
    message = f"Het landnummer in +{digits} bestaat niet. Controleer het landnummer. Dat van België is +32."
    raise PrefixProblem("no_country", message)


def _too_short(code: int, allowed: Sequence[str]) -> str:
    if code in _REST_MIN:
        return (
            f"Onder +{code} vallen meer dan twintig landen. Vul na +{code} ook het netnummer in: drie cijfers, "
            "zoals +1 868."
        )
    return f"Dit is te kort: hieronder vallen ook vaste en betaalde nummers.{_mobile_hint(code, allowed)}"


def _mobile_hint(code: int, allowed: Sequence[str]) -> str:
    """How mobile numbers of this country may begin, when that is known."""
    if code in _REST_MIN:
        return ""
    for region in phonenumbers.COUNTRY_CODE_TO_REGION_CODE[code]:
        example = phonenumbers.example_number_for_type(region, PhoneNumberType.MOBILE)
        if example is None:
            continue
        start = phonenumbers.national_significant_number(example)[:2]
        for wider in allowed:
            if f"+{code}{start}".startswith(wider):
                return f" Mobiele nummers die beginnen met {shown_prefix(wider)} mogen al."
        return f" Een mobiel nummer in dit land begint bijvoorbeeld met +{code} {start}."
    return ""


def _holds_mobiles(code: int, rest: str) -> bool:
    """Whether any number that begins so can be mobile. Tried out: the patterns can't be asked about a part."""
    lengths: set[int] = set()
    for region in phonenumbers.COUNTRY_CODE_TO_REGION_CODE[code]:
        metadata = phonenumbers.PhoneMetadata.metadata_for_region(region)
        for description in (metadata.mobile, metadata.general_desc) if metadata is not None else ():
            lengths.update(description.possible_length if description is not None else ())
    return any(
        _is_mobile(code, f"{rest}{following:02}{filler}"[:length])
        for length in sorted(each for each in lengths if each > 0)
        for filler in _FILLERS
        for following in range(100)
    )


def _is_mobile(code: int, national: str) -> bool:
    # In some countries a number within the country begins with a 0 that stays: +225 01.
    zeros = len(national) - len(national.lstrip("0"))
    number = PhoneNumber(
        country_code=code,
        national_number=int(national),
        italian_leading_zero=zeros > 0,
        number_of_leading_zeros=zeros or None,
    )
    return phonenumbers.number_type(number) in {PhoneNumberType.MOBILE, PhoneNumberType.FIXED_LINE_OR_MOBILE}
