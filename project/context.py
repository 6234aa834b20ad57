"""What every page knows about the municipality it speaks for."""

from django.conf import settings
from django.http import HttpRequest


def municipality(_request: HttpRequest) -> dict[str, object]:
    """Template variables ``gemeente_naam``, ``gemeente_telefoon``, ``sms_nummer`` and ``demo``."""
    return {
        "gemeente_naam": settings.GEMEENTE_NAAM,
        "gemeente_telefoon": settings.GEMEENTE_TELEFOON,
        "sms_nummer": settings.SMS_NUMBER_SHOWN,
        "demo": settings.DEMO,
    }
