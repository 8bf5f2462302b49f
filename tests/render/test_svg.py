"""Primitives of SVG: whatever a name holds, the picture stays well-formed and in its place."""

from __future__ import annotations

import string
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hasim.render.svg import escape, num, shorten, tag, text_width, wrap

#: Every character, lone surrogates and control characters included.
ANYTHING = st.text(st.characters(exclude_categories=[]))


@given(ANYTHING)
def test_any_text_can_be_read_back_from_an_element(told: str) -> None:
    found = ElementTree.fromstring(tag("a", escape(told), x=told))
    back = found.text or ""
    assert len(back) == len(told)
    for was, now in zip(told, back, strict=True):
        assert now in (was, "\ufffd", "\n" if was == "\r" else was)


def test_markup_in_a_text_is_not_markup() -> None:
    evil = "</text><script>alert('&\"')</script>"
    made = tag("text", escape(evil), class_=evil)
    assert "<script" not in made
    found = ElementTree.fromstring(made)
    assert (found.text, found.get("class"), len(found)) == (evil, evil, 0)


def test_what_xml_cannot_hold_is_replaced_and_nothing_else_is() -> None:
    assert escape("a\x00b\x1b\ud800c\ufffe") == "a\ufffdb\ufffd\ufffdc\ufffd"
    assert escape("Grüße, 日本\t→ 😀") == "Grüße, 日本\t→ 😀"


def test_names_of_attributes_lose_their_underscores() -> None:
    made = tag("text", text_anchor="end", class_="a", x=1, viewBox="0 0")
    assert made == '<text text-anchor="end" class="a" x="1" viewBox="0 0"/>'


@pytest.mark.parametrize(
    ("value", "told"),
    [(0, "0"), (-0.01, "0"), (1, "1"), (1.04, "1"), (-2.26, "-2.3"), (10.0, "10")],
)
def test_a_coordinate_has_one_decimal_at_most(value: float, told: str) -> None:
    assert num(value) == told


@given(ANYTHING, st.floats(20, 400), st.booleans())
def test_a_shortened_text_fits_and_one_that_fits_stays(told: str, room: float, bold: bool) -> None:
    short = shorten(told, room, 11, bold)
    assert text_width(short, 11, bold) <= room
    if text_width(told, 11, bold) <= room:
        assert short == told
    else:
        assert short.endswith("…")
        assert told.startswith(short[:-1])


@given(st.lists(st.text(string.ascii_letters, min_size=1, max_size=12), max_size=20))
def test_wrapped_lines_fit_and_hold_every_word_in_order(told: list[str]) -> None:
    lines = wrap(" ".join(told), 160, 11)
    assert " ".join(lines).split() == told
    assert all(text_width(line, 11) <= 160 for line in lines)


def test_a_word_wider_than_a_line_is_shortened_and_not_left_to_leave_the_picture() -> None:
    assert wrap("x " + "m" * 50, 100, 11)[1].endswith("…")


def test_a_text_is_never_taken_for_narrower_than_a_wide_font_draws_it() -> None:
    assert text_width("node1", 100) == pytest.approx(63 + 61 + 63 + 62 + 64)
    assert text_width("W", 10) > text_width("w", 10) > text_width("i", 10)
    assert text_width("日", 10) > 10
    assert text_width("e\u0301", 10) == text_width("e", 10)
    assert text_width("abc", 10, bold=True) > text_width("abc", 10)
