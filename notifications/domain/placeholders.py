"""Filling ``((field))`` in a text: one pass, by name, and nothing else.

No template language is involved, so a text of a coordinator can reach nothing but the values it is
given, and a value is never looked at again: a client who is called "((link))" stays that.
"""

import re
from collections.abc import Mapping
from functools import lru_cache

# What a person may mean as a placeholder, also when it is spelled wrong: then it is refused by name.
_CANDIDATE = re.compile(r"\(\(\s*([^()\n]{0,60}?)\s*\)\)")

_LINE_ENDS = re.compile("\r\n?|[\u2028\u2029\u0085]")
# C0 and C1 controls but line feed and tab; bidirectional overrides, which can disguise a text.
_CONTROLS = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_SPACE = re.compile(r"\s+")
_WIDE_SPACE = re.compile(r"[ \t]{2,}")
_EMPTY_LINES = re.compile(r"\n{3,}")

SUBJECT_MAX = 200


class MissingValue(Exception):
    """A text asks for a value that was not given."""

    def __init__(self, name: str) -> None:
        super().__init__(f"no value for (({name}))")
        self.name = name


class NoValue(Exception):
    """Whoever knows a value could not say it just now. What went wrong may hold the value, so only its kind is told."""

    def __init__(self, name: str, problem: Exception) -> None:
        super().__init__(f"no value for (({name})): {type(problem).__name__}")


def names_in(text: str) -> tuple[str, ...]:
    """The placeholder names in ``text``, each once, in order; misspelled ones too."""
    return tuple(dict.fromkeys(match.group(1) for match in _CANDIDATE.finditer(text)))


def fill(text: str, values: Mapping[str, str]) -> str:
    """``text`` with every placeholder replaced; raises :class:`MissingValue` and :class:`NoValue`.

    Values may be worked out here and now, and may hold several paragraphs; control characters in them are dropped.
    """
    parts = list(_parts(text))
    # Words and names take turns; words come first.
    for place in range(1, len(parts), 2):
        name = parts[place]
        try:
            value = values[name]
        except Exception as problem:  # a fault of who knows it must not lose a message
            if name not in values:
                raise MissingValue(name) from None
            raise NoValue(name, problem) from problem
        parts[place] = clean(value)
    return _tidy("".join(parts))


@lru_cache(maxsize=256)
def _parts(text: str) -> tuple[str, ...]:
    """A text taken apart: a thousand messages are made of one, and no person is in it yet."""
    return tuple(_CANDIDATE.split(clean(text)))


def fill_line(text: str, values: Mapping[str, str]) -> str:
    """The same for an e-mail subject: one line, because a line break there starts a new header."""
    return _SPACE.sub(" ", fill(text, values)).strip()[:SUBJECT_MAX]


def clean(value: str) -> str:
    """A value as plain text: line ends made equal, control characters dropped."""
    if value.isprintable():
        # As most values are: neither a line end nor a control character in them.
        return value
    return _CONTROLS.sub("", _LINE_ENDS.sub("\n", value))


def without_placeholders(text: str) -> str:
    """The text a coordinator wrote, for checks that must not look at placeholder names."""
    return _CANDIDATE.sub(" ", text)


def _tidy(text: str) -> str:
    """Empty values leave no holes: no spaces at line ends, at most one empty line."""
    if "  " not in text and text.isprintable():
        # One line, as an SMS nearly always is.
        return text.strip()
    lines = [line.strip() for line in _WIDE_SPACE.sub(" ", text).split("\n")]
    return _EMPTY_LINES.sub("\n\n", "\n".join(lines)).strip()
