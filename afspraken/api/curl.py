"""An operation as a command for a shell, ready to paste."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any
from urllib.parse import quote, urlencode

KEY_NAME = "VOORAF_SLEUTEL"
"""The shell variable that holds the key: a key in a command ends in the shell's history."""


def key_header(scheme: Mapping[str, Any]) -> str:
    """The header that carries the key, by a security scheme of the description."""
    if scheme.get("type") == "apiKey":
        return f"{scheme['name']}: ${KEY_NAME}"
    return f"Authorization: {str(scheme.get('scheme', 'bearer')).capitalize()} ${KEY_NAME}"


def command(
    *,
    method: str,
    address: str,
    path: str,
    values: Iterable[tuple[str, str, str]],
    keys: Iterable[str],
    content_type: str,
    body: str,
) -> str:
    """The command. ``values`` are place, name and value of each parameter; ``keys`` headers that name the key."""
    asked: list[tuple[str, str]] = []
    headers: list[str] = []
    for place, name, value in values:
        if place == "path":
            path = path.replace(f"{{{name}}}", quote(value, safe=""))
        elif place == "query":
            asked.append((name, value))
        else:
            headers.append(f"{name}: {value}" if place == "header" else f"Cookie: {name}={value}")
    url = f"{address}{path}" + (f"?{urlencode(asked)}" if asked else "")
    head = "curl" if method == "get" else f"curl --request {method.upper()}"
    if body:
        headers.append(f"Content-Type: {content_type}")
    parts = [
        f"{head} {quoted(url)}",
        # Between double quotes, for there the shell fills in the key.
        *(f'--header "{header}"' for header in keys),
        *(f"--header {quoted(header)}" for header in headers),
        *([f"--data {quoted(body)}"] if body else []),
    ]
    return " \\\n  ".join(parts)


def quoted(text: str) -> str:
    """A text as one word for a shell."""
    return "'" + text.replace("'", "'\"'\"'") + "'"
