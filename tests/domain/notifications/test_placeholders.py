"""Filling in fields: one pass, by name, and a value is never looked at again."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notifications.domain.placeholders import (
    MissingValue,
    clean,
    fill,
    fill_line,
    names_in,
    without_placeholders,
)


def test_fields_are_filled_in() -> None:
    assert fill("Dag ((naam)), zie (( link )).", {"naam": "Ali", "link": "x"}) == "Dag Ali, zie x."


@pytest.mark.parametrize(
    "hostile",
    [
        "((link))",
        "((naam))",
        "{{ settings.SECRET_KEY }}",
        "{% include 'x' %}",
        "{x.__class__}",
        "%(x)s",
        "${x}",
        "\\1 \\g<0>",
        "(( link",
    ],
)
def test_a_value_stays_what_it_is(hostile: str) -> None:
    values = {"naam": hostile, "link": "GEHEIM"}
    assert fill("Dag ((naam))!", values) == f"Dag {hostile}!"
    assert fill_line("Dag ((naam))!", values) == f"Dag {hostile}!"


@pytest.mark.parametrize("template", ["{{ x }}", "{% now %}", "{x}", "%(x)s", "(x)", "( (x) )", "))(("])
def test_other_template_languages_are_text(template: str) -> None:
    assert fill(template, {"x": "y"}) == template


def test_a_missing_value_is_named() -> None:
    with pytest.raises(MissingValue) as caught:
        fill("((naam)) ((link))", {"naam": "x"})
    assert caught.value.name == "link"


def test_misspelled_fields_are_found_so_that_they_can_be_refused() -> None:
    assert names_in("((naam)) ((Naam)) ((na am)) (()) ((naam))") == ("naam", "Naam", "na am", "")


def test_a_value_may_hold_several_paragraphs() -> None:
    rules = "1. Een.\n\n2. Twee."
    assert fill("Regels:\n\n((regels))\n\nGroet", {"regels": rules}) == f"Regels:\n\n{rules}\n\nGroet"


def test_an_empty_value_leaves_no_hole() -> None:
    assert fill("a ((x)) b\n\n((x))\n\nc\n((x))", {"x": ""}) == "a b\n\nc"


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", "\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x00"])
def test_a_subject_is_one_line(end: str) -> None:
    made = fill_line("Voor ((naam))", {"naam": f"Ali{end}Bcc: x@evil.example"})
    assert len(made.splitlines()) == 1
    assert "\r" not in made
    assert "\n" not in made


@given(st.text(max_size=300))
def test_no_value_breaks_a_subject(value: str) -> None:
    made = fill_line("Voor ((naam))", {"naam": value})
    assert len(made.splitlines()) == 1
    assert len(made) <= 200


@given(st.text(max_size=200))
def test_cleaning_takes_controls_and_nothing_else(value: str) -> None:
    kept = clean(value)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\u2028\u2029]", kept)
    assert clean(kept) == kept
    letters = [char for char in value if char.isalnum()]
    assert [char for char in kept if char.isalnum()] == letters


def test_checks_do_not_look_at_field_names() -> None:
    assert "toestemming" not in without_placeholders("((toestemming)) tekst")


@given(st.text(st.sampled_from("ab. \n\t\u00a0")))
def test_spaces_are_tidied_the_same_way_whatever_the_text(text: str) -> None:
    while (narrower := re.sub(r"  |\t | \t|\t\t", " ", text)) != text:
        text = narrower
    wanted = "\n".join(line.strip() for line in text.split("\n"))
    while "\n\n\n" in wanted:
        wanted = wanted.replace("\n\n\n", "\n\n")
    assert fill(text, {}) == fill("((x))", {"x": text}) == wanted.strip()
