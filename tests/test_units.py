"""Durations: text at the edge, whole microseconds inside."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hasim.units import DAY, HOUR, MICROS_MAX, MINUTE, MS, SECOND, duration_text, micros


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1500ms", 1_500 * MS),
        ("2m30s", 150 * SECOND),
        ("2m 30s", 150 * SECOND),
        ("1min", MINUTE),
        ("30", 30 * SECOND),
        (30, 30 * SECOND),
        (2.5, 2_500 * MS),
        (".5", 500 * MS),
        ("1.s", SECOND),
        ("250us", 250),
        ("1h", HOUR),
        ("1d", DAY),
        ("1y", 365 * DAY),
        (" 7s ", 7 * SECOND),
        ("0", 0),
        ("10000y", MICROS_MAX),
    ],
)
def test_a_duration_is_read(text: str | float, expected: int) -> None:
    assert micros(text) == expected


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("", "empty"),
        ("  ", "empty"),
        ("soon", "is not a duration"),
        ("5 weeks", "is not a duration"),
        ("1M", "is not a duration"),
        ("-1s", "is not a duration"),
        ("2m30", "has no unit"),
        ("30 2m", "has no unit"),
        ("0.5us", "finer than a microsecond"),
        ("10001y", "longer than ten thousand years"),
        ("9" * 31, "is not a duration"),
        (float("inf"), "is not a duration"),
        (float("nan"), "is not a duration"),
        (True, "is not a duration"),
        ("١s", "is not a duration"),
    ],
)
def test_what_is_no_duration_is_refused_with_a_sentence(text: str | float, what: str) -> None:
    with pytest.raises(ValueError, match=what):
        micros(text)


def test_a_long_text_is_quoted_in_part() -> None:
    with pytest.raises(ValueError) as caught:
        micros("x" * 1000)
    assert len(str(caught.value)) < 120


@given(st.integers(0, MICROS_MAX))
def test_every_duration_comes_back_from_its_text(us: int) -> None:
    assert micros(duration_text(us)) == us


@given(st.integers(1, MICROS_MAX))
def test_a_negative_duration_is_the_positive_one_with_a_sign(us: int) -> None:
    assert duration_text(-us) == "-" + duration_text(us)


@pytest.mark.parametrize(
    ("us", "text"),
    [(0, "0s"), (90 * SECOND, "1m30s"), (1_500 * MS, "1s500ms"), (7, "7us"), (25 * HOUR, "1d1h")],
)
def test_the_text_of_a_duration_is_short(us: int, text: str) -> None:
    assert duration_text(us) == text


@given(st.text(max_size=30))
def test_no_text_makes_it_fail_otherwise(text: str) -> None:
    with suppress(ValueError):
        assert micros(text) >= 0
