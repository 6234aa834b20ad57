"""Words that a provider acts on by itself, before the text reaches us.

Twilio blocks a sender for a number that answers with one of its opt-out words, and unblocks it at an
opt-in word; only a text that is exactly that one word counts. We follow, so that our own list never
promises a message that the provider will refuse (error 21610).
Source: the provider's description of default opt-out handling for long codes.
"""

from enum import StrEnum


class Keyword(StrEnum):
    """What the provider did with the word."""

    NONE = ""
    STOP = "stop"
    START = "start"
    HELP = "help"


_WORDS: dict[str, dict[Keyword, frozenset[str]]] = {
    "twilio": {
        Keyword.STOP: frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT"}),
        Keyword.START: frozenset({"START", "YES", "UNSTOP"}),
        Keyword.HELP: frozenset({"HELP", "INFO"}),
    },
}


def provider_keyword(vendor: str, body: str) -> Keyword:
    """What ``vendor`` itself does when it receives exactly this text; NONE for ordinary texts."""
    word = body.strip().upper()
    for keyword, words in _WORDS.get(vendor, {}).items():
        if word in words:
            return keyword
    return Keyword.NONE
