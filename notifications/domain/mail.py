"""One plain text, and the HTML mail made from it.

Understood are paragraphs, lines that begin with "- " or "1. ", and links to our own address.
Everything else is escaped text. The result is sanitised once more, holds no image, no script, no
style from outside and nothing that tells us whether it was opened.
"""

import html
import re
from collections.abc import Sequence

import nh3

_URL = re.compile(r"https?://[^\s<>\"']+")
_NUMBERED = re.compile(r"(\d{1,3})\. +(.*)", re.DOTALL)
_BULLET = re.compile(r"[-•*] +(.*)", re.DOTALL)
# Punctuation that ends the sentence and not the address.
_TRAILING = ".,;:!?)]}'\""

_RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur", "ps", "ckb", "prs", "yi"})
_TAGS = {"p", "br", "ul", "ol", "li", "a"}
_ATTRIBUTES = {"a": {"href"}, "ol": {"start"}}

_PAGE = """<!DOCTYPE html>
<html lang="{lang}" dir="{direction}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
body {{ margin: 0; padding: 24px 16px; background: #ffffff; color: #1b1b1b;
  font: 16px/1.5 Arial, Helvetica, sans-serif; }}
main {{ max-width: 600px; margin: 0 auto; }}
a {{ color: #0b5394; word-break: break-all; }}
li {{ margin: 0 0 8px; }}
</style>
</head>
<body>
<main>
{body}
</main>
</body>
</html>
"""


def render_html(text: str, *, title: str, language: str, own_urls: Sequence[str]) -> str:
    """The HTML document for ``text``. Only addresses that begin with one of ``own_urls`` are links.

    A name or remark typed by somebody else therefore never becomes a link in our mail.
    """
    body = "\n".join(_block(block, own_urls) for block in re.split(r"\n{2,}", text) if block.strip())
    safe = nh3.clean(
        body,
        tags=_TAGS,
        attributes=_ATTRIBUTES,
        url_schemes={"https", "http", "mailto", "tel"},
        link_rel=None,
    )
    base = language.split("-", maxsplit=1)[0].lower()
    return _PAGE.format(
        lang=html.escape(language, quote=True),
        direction="rtl" if base in _RIGHT_TO_LEFT else "ltr",
        title=html.escape(title),
        body=safe,
    )


def _block(block: str, own_urls: Sequence[str]) -> str:
    """One paragraph or list; a line that starts no new item belongs to the one before it."""
    parts: list[str] = []
    items: list[str] = []
    kind, start = "p", "1"

    def close() -> None:
        if items:
            parts.append(_wrap(kind, items, start))

    for line in block.strip().split("\n"):
        numbered, bullet = _NUMBERED.fullmatch(line), _BULLET.fullmatch(line)
        line_kind = "ol" if numbered else "ul" if bullet else kind
        content = (numbered[2] if numbered else bullet[1] if bullet else line).strip()
        escaped = _inline(content, own_urls)
        if line_kind != kind:
            close()
            kind, items, start = line_kind, [], numbered[1] if numbered else "1"
        if items and not numbered and not bullet and kind != "p":
            items[-1] += "<br>" + escaped
        else:
            items.append(escaped)
    close()
    return "\n".join(parts)


def _wrap(kind: str, items: Sequence[str], start: str) -> str:
    if kind == "p":
        return f"<p>{'<br>'.join(items)}</p>"
    opening = f'<ol start="{int(start)}">' if kind == "ol" and start != "1" else f"<{kind}>"
    return opening + "".join(f"<li>{item}</li>" for item in items) + f"</{kind}>"


def _inline(text: str, own_urls: Sequence[str]) -> str:
    """Escaped text with our own addresses as links that read exactly as where they lead."""
    out, position = [], 0
    for match in _URL.finditer(text):
        url = match.group().rstrip(_TRAILING)
        if not _is_own(url, own_urls):
            continue
        shown = html.escape(url, quote=True)
        out.append(html.escape(text[position : match.start()]))
        out.append(f'<a href="{shown}">{shown}</a>')
        position = match.start() + len(url)
    out.append(html.escape(text[position:]))
    return "".join(out)


def _is_own(url: str, own_urls: Sequence[str]) -> bool:
    """Whether ``url`` is one of ours; "https://own.example.evil.example" is not."""
    for own in own_urls:
        base = own.rstrip("/")
        if base and (url == base or url.startswith((base + "/", base + "?", base + "#"))):
            return True
    return False
