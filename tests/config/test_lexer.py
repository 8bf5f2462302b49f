"""Lines, words and hostile bytes."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from hasim.config.lexer import (
    MAX_COMPLAINTS,
    MAX_SHOWN,
    Complaints,
    ascii_lower,
    decode,
    encoding_hint,
    list_words,
    numbered_lines,
    parse_int,
    shown,
    words,
)


def test_blanks_are_space_tab_cr_and_ff_but_nothing_of_unicode() -> None:
    assert words(" a\tb\rc\fd\u00a0e\vf ") == ["a", "b", "c", "d\u00a0e\vf"]


def test_values_are_separated_by_blanks_or_commas() -> None:
    assert list_words("a, b,,c\td") == ["a", "b", "c", "d"]
    assert list_words(" ,, ") == []


def test_only_a_line_feed_ends_a_line_and_a_nul_cuts_it() -> None:
    assert list(numbered_lines("a\rb\u2028c\nd\0e\n")) == [(1, "a\rb\u2028c"), (2, "d"), (3, "")]


def test_utf8_is_read_as_such_and_other_bytes_as_latin_1() -> None:
    assert decode("ä".encode()) == "ä"
    assert decode("ä".encode("latin-1")) == "ä"
    assert decode("as it is") == "as it is"


def test_only_ascii_letters_are_lower_cased() -> None:
    assert ascii_lower("NODE-Äİ") == "node-Äİ"


def test_a_number_is_plain_digits_within_its_range() -> None:
    assert parse_int("255", 0, 255) == 255
    for text in ("256", "-1", "+1", "1.0", " 1", "", "٣", "9" * 5000):
        assert parse_int(text, 0, 255) is None


def test_a_message_shows_long_values_cut_and_unprintable_ones_escaped() -> None:
    assert shown("x" * 1000) == "x" * (MAX_SHOWN - 3) + "..."
    assert shown("a\x1b[31m\u202e") == "a\\x1b[31m\\u202e"
    assert shown("\ud800") == "\\ud800"


@given(st.text(st.characters()))
def test_whatever_is_shown_is_printable_and_short(text: str) -> None:
    assert shown(text).isprintable()
    assert len(shown(text)) <= 10 * MAX_SHOWN


def test_a_flood_of_complaints_is_counted_and_stays_fatal() -> None:
    found = Complaints("f")
    for line in range(MAX_COMPLAINTS):
        found.note(line, "WARN", "mild")
    assert found.full
    assert not found.fatal
    found.error(7, "hidden")
    problems = found.close()
    assert found.fatal
    assert len(problems) == MAX_COMPLAINTS + 1
    assert problems[-1].text == "1 more complaint about this file not shown"
    assert problems[-1].fatal


def test_a_file_that_is_no_plain_text_is_told_so() -> None:
    assert "byte order mark" in encoding_hint(decode("x".encode("utf-8-sig")))
    assert "plain text" in encoding_hint(decode("x".encode("utf-16")))
    assert encoding_hint("plain\n") == ""
