"""Times and booleans of ha.cf."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hasim.config.times import parse_bool, parse_time, time_remedy
from hasim.units import MICROS_MAX, MS


@pytest.mark.parametrize(
    ("text", "ms"),
    [
        ("2", 2000),
        ("0.5", 500),
        (".5", 500),
        ("1.2.3", 1200),
        ("500 ms", 500),
        ("500ms", 500),
        ("10msfoo", 10),
        ("501us", 1),
        ("500us", 1),
        ("499us", 0),
        ("499.9us", 0),
        ("1.5ms", 2),
        ("1.4ms", 1),
        ("2.", 2000),
        ("0.0005", 1),
        ("0.00049999", 0),
        (" 3 ", 3000),
        ("007", 7000),
        (".", 0),
    ],
)
def test_a_time_is_seconds_unless_it_says_ms_or_us(text: str, ms: int) -> None:
    assert parse_time(text) == ms * MS


@pytest.mark.parametrize(
    "text",
    ["2s", "2sec", "2 s", "1m", "1h", "5S", "", "ms", "-1", "+1", "1e3", "0x10", "2,5", "٣", "2\0"],
)
def test_every_other_unit_is_an_error(text: str) -> None:
    assert parse_time(text) is None


def test_a_time_beyond_ten_thousand_years_is_an_error() -> None:
    assert parse_time(str(MICROS_MAX // 1_000_000)) == MICROS_MAX
    assert parse_time(str(MICROS_MAX // 1_000_000 + 1)) is None
    assert parse_time("9" * 100_000) is None
    assert parse_time("0" * 100_000 + "1") == 1000 * MS


@given(st.integers(0, 10**12))
def test_milliseconds_read_back_as_they_are(ms: int) -> None:
    assert parse_time(f"{ms}ms") == ms * MS
    assert parse_time(f"{ms // 1000}.{ms % 1000:03}") == ms * MS


@pytest.mark.parametrize("text", ["true", "ON", "Yes", "y", "1"])
def test_true_words_are_true_in_any_case(text: str) -> None:
    assert parse_bool(text) is True


@pytest.mark.parametrize("text", ["false", "OFF", "No", "n", "0"])
def test_false_words_are_false_in_any_case(text: str) -> None:
    assert parse_bool(text) is False


@pytest.mark.parametrize("text", ["", "2", "maybe", "truee", "on ", "ja"])
def test_every_other_word_is_no_boolean(text: str) -> None:
    assert parse_bool(text) is None


@pytest.mark.parametrize(
    ("text", "remedy"),
    [
        ("2s", "write 2 instead of 2s: ha.cf takes no unit but ms and us"),
        ("1.5m", "write 90 (seconds): ha.cf takes no unit but ms and us"),
        ("2h", "write 7200 (seconds): ha.cf takes no unit but ms and us"),
        ("500MS", "write 500ms: units are lower case"),
        ("3 fortnights", "ha.cf takes no unit but ms and us; without a unit it is seconds"),
        ("soon", "a time is a number of seconds, or of ms or us with that unit and no blank"),
    ],
)
def test_a_refused_time_comes_with_what_to_write_instead(text: str, remedy: str) -> None:
    assert time_remedy(text).startswith(remedy)


@given(st.text() | st.from_regex(r"[0-9.]{1,40} ?[a-zA-Z]{0,4}"))
def test_no_text_makes_the_time_parser_or_its_advice_raise(text: str) -> None:
    time = parse_time(text)
    assert time is None or (time % MS == 0 and 0 <= time <= MICROS_MAX)
    assert time_remedy(text)
