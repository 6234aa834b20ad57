"""Drawn signatures: what is taken, what is refused, and what is thrown away."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from afspraken.domain import lijnen

KRUISJE = [[[10, 10], [60, 60]], [[60, 10], [10, 60]]]


def refusal(value: object) -> str:
    with pytest.raises(lijnen.LijnenFout) as caught:
        lijnen.parse(value)
    assert caught.value.melding
    return caught.value.code


def test_a_cross_counts() -> None:
    assert lijnen.parse(json.dumps(KRUISJE)) == (((10, 10), (60, 60)), ((60, 10), (10, 60)))


def test_a_single_tap_counts() -> None:
    assert lijnen.parse("[[[5, 5]]]") == (((5, 5),),)


def test_time_and_pressure_are_thrown_away() -> None:
    drawn = [
        {
            "penColor": "black",
            "points": [{"x": 1.4, "y": 2.6, "time": 1700000000000, "pressure": 0.5}, [3, 4, 1700000000001, 0.7]],
        }
    ]
    assert lijnen.parse(json.dumps(drawn)) == (((1, 3), (3, 4)),)


@pytest.mark.parametrize("empty", ["", "  ", "[]", "[[]]", "[[], []]", [], ()])
def test_an_empty_box_is_refused_kindly(empty: object) -> None:
    assert refusal(empty) == "leeg"


@pytest.mark.parametrize(
    "bad",
    [
        "geen json",
        "{}",
        "1",
        "null",
        '"tekst"',
        "[1]",
        "[[1]]",
        "[[[1]]]",
        '[[["1", 2]]]',
        "[[[1, true]]]",
        "[[[NaN, 1]]]",
        "[[[Infinity, 1]]]",
        "[[[1e400, 1]]]",
        "[[[-40, 1]]]",
        "[[[1, 400]]]",
        '[{"points": 3}]',
        '[[{"x": 1}]]',
        "[" * 100_000,
        None,
        b"[]",
    ],
)
def test_what_cannot_be_read_is_refused(bad: object) -> None:
    assert refusal(bad) == "onleesbaar"


@pytest.mark.parametrize(
    "big",
    [
        json.dumps([[[1, 1]]] * 61),
        json.dumps([[[1, 1]] * 6_001]),
        json.dumps([[[1, 1]] * 3_001] * 2),
        " " * 200_000 + "[[[1, 1]]]",
    ],
)
def test_what_is_too_big_is_refused(big: str) -> None:
    assert refusal(big) == "te_groot"


def test_the_limits_themselves_are_allowed() -> None:
    assert len(lijnen.parse([[[1, 1]]] * 60)) == 60
    assert len(lijnen.parse([[[1, 1]] * 6_000])[0]) == 6_000


JSONISH = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(["x", "y", "points"]), inner),
    max_leaves=12,
)


@given(JSONISH)
def test_nothing_but_numbers_inside_the_box_comes_through(value: Any) -> None:
    for given_as in (value, json.dumps(value)):
        try:
            streken = lijnen.parse(given_as)
        except lijnen.LijnenFout:
            continue
        for x, y in (punt for streek in streken for punt in streek):
            assert type(x) is int
            assert type(y) is int
            assert 0 <= x <= lijnen.BREEDTE
            assert 0 <= y <= lijnen.HOOGTE


@given(st.lists(st.lists(st.tuples(st.integers(0, 560), st.integers(0, 160)), max_size=5), max_size=5))
def test_a_path_holds_only_moves_lines_and_whole_numbers(streken: list[list[tuple[int, int]]]) -> None:
    assert re.fullmatch(r"(M\d+ \d+(L\d+ \d+)+)*", lijnen.svg_path(streken))
