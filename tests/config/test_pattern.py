"""Regular expressions in look-ups."""

from __future__ import annotations

import re
import time

from hypothesis import given
from hypothesis import strategies as st

from hasim.config.pattern import Pattern


def found(key: str, line: str) -> bool:
    return Pattern.word(key).matches(line + " ")


def test_a_key_is_found_as_a_whole_word_only() -> None:
    assert found("apache", "node1 apache mysql")
    assert found("mysql", "node1 apache mysql")
    assert not found("apach", "node1 apache")
    assert not found("node1", "node1 apache")


def test_a_dot_stands_for_any_character() -> None:
    assert found("10.0.0.1", "node1 10x0.0.1")
    assert not found("10.0.0.1", "node1 10.0.0.11")


def test_a_star_repeats_what_stands_before_it() -> None:
    assert found("ab*c", "n ac")
    assert found("ab*c", "n abbbc")
    assert found("a.*", "n abc def")
    assert not found("ab*c", "n adc")


def test_a_class_stands_for_one_of_its_characters() -> None:
    assert found("eth[0-3]", "n eth2")
    assert not found("eth[0-3]", "n eth4")
    assert found("eth[^0-3]", "n eth4")
    assert not found("eth[^0-3]", "n eth1")
    assert found("a[", "n a[")


def test_a_node_pattern_is_anchored_at_the_start() -> None:
    assert Pattern.node("node.").matches("node1 a ")
    assert not Pattern.node("ode1").matches("node1 a ")
    assert not Pattern.node("a").matches("node1 a ")


@given(
    st.lists(st.sampled_from(["a", "b", ".", "a*", ".*", "[ab]", "[^a]*", " "]), max_size=6),
    st.text("abc ", max_size=12),
)
def test_matching_agrees_with_the_regular_expressions_of_python(
    atoms: list[str], text: str
) -> None:
    key = "".join(atoms)
    assert Pattern.word(key).matches(text) == bool(re.search(f" {key} ", text))
    assert Pattern.node(key).matches(text) == bool(re.match(f"{key} ", text))


@given(st.text(), st.text())
def test_no_pattern_raises(key: str, text: str) -> None:
    Pattern.word(key).matches(text)
    Pattern.node(key).matches(text)


def test_a_pattern_full_of_stars_takes_linear_time() -> None:
    start = time.process_time()
    assert not found(".*" * 30 + "!", "n " + "a" * 3000)
    assert not found("[a" * 100_000, "n " + "[a" * 1000)
    assert time.process_time() - start < 20
