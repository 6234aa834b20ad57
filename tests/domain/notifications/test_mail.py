"""One text, two forms; nothing in it can act, look elsewhere or follow anybody."""

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.domain.mail import render_html

OWN = ["https://vooraf.gemeente.test"]


def body(text: str, **changes: str) -> str:
    made = {"title": "Uw gesprek", "language": "nl"} | changes
    page = render_html(text, title=made["title"], language=made["language"], own_urls=OWN)
    return page.split("<main>\n")[1].split("\n</main>")[0]


@pytest.mark.parametrize(
    ("text", "made"),
    [
        ("Een", "<p>Een</p>"),
        ("Een\ntwee", "<p>Een<br>twee</p>"),
        ("Een\n\ntwee", "<p>Een</p>\n<p>twee</p>"),
        ("1. Een\n2. Twee", "<ol><li>Een</li><li>Twee</li></ol>"),
        ("- Een\n- Twee", "<ul><li>Een</li><li>Twee</li></ul>"),
        ("2. Twee\n\n3. Drie", '<ol start="2"><li>Twee</li></ol>\n<ol start="3"><li>Drie</li></ol>'),
        ("Dit:\n- Een\n- Twee", "<p>Dit:</p>\n<ul><li>Een</li><li>Twee</li></ul>"),
        ("1. Een\nloopt door\n2. Twee", "<ol><li>Een<br>loopt door</li><li>Twee</li></ol>"),
        ("2026. is geen lijst", "<p>2026. is geen lijst</p>"),
        ("10.00 uur", "<p>10.00 uur</p>"),
        ("a < b & c > d", "<p>a &lt; b &amp; c &gt; d</p>"),
        ("", ""),
    ],
)
def test_the_few_forms_there_are(text: str, made: str) -> None:
    assert body(text) == made


def test_our_own_address_is_a_link_that_reads_as_where_it_leads() -> None:
    url = "https://vooraf.gemeente.test/v/abc?x=1&y=2"
    escaped = url.replace("&", "&amp;")
    assert body(f"Zie {url}.") == f'<p>Zie <a href="{escaped}">{escaped}</a>.</p>'


@pytest.mark.parametrize(
    "url",
    [
        "https://evil.example/",
        "https://vooraf.gemeente.test.evil.example/x",
        "https://vooraf.gemeente.test@evil.example/",
        "https://vooraf.gemeente.testx/",
        "http://vooraf.gemeente.test/v/abc",
        "javascript:alert(1)",
        "data:text/html,x",
        "//evil.example",
        "[https://vooraf.gemeente.test](https://evil.example)",
    ],
)
def test_nobody_elses_address_is_a_link(url: str) -> None:
    assert "evil" not in "".join(re.findall(r'href="([^"]*)"', body(f"Naam: {url}")))
    assert "javascript" not in "".join(re.findall(r'href="([^"]*)"', body(url)))


def test_the_document_names_its_language_and_direction() -> None:
    page = render_html("x", title="<b>", language="ar", own_urls=OWN)
    assert '<html lang="ar" dir="rtl">' in page
    assert "<title>&lt;b&gt;</title>" in page
    assert '<html lang="nl" dir="ltr">' in render_html("x", title="", language="nl", own_urls=OWN)


class _Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: set[str] = set()
        self.attributes: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.add(tag)
        self.attributes |= {name for name, _ in attrs}


HOSTILE = st.sampled_from(
    ["<script>", "</main>", "<img src=x onerror=a>", "](javascript:x)", "1. ", "- ", "\n\n", '"', "'", "&", "</title>"]
)


@given(st.lists(st.one_of(HOSTILE, st.text(max_size=20)), max_size=12).map("".join))
def test_nothing_typed_becomes_markup(text: str) -> None:
    tags = _Tags()
    tags.feed(body(text))
    assert tags.found <= {"p", "br", "ul", "ol", "li", "a"}
    assert tags.attributes <= {"href", "start"}


def test_nothing_outside_is_fetched() -> None:
    page = render_html("https://vooraf.gemeente.test/v/x", title="t", language="nl", own_urls=OWN)
    assert not re.search(r"<(img|script|link|iframe|object)|url\(|@import|http-equiv", page)
