"""Pins of a scenario: names and values."""

from __future__ import annotations

from hasim.scenario import Scenario, parse_scenario, pin_values


def test_a_table_of_pins_is_joined_to_full_names() -> None:
    text = '[pin]\n"a/io" = { "read eth1" = "1s", "write eth1" = "2ms" }\n"a/up" = "30us"\n'
    assert pin_values(parse_scenario(text)) == (
        {"a/io/read eth1": 1_000_000, "a/io/write eth1": 2_000, "a/up": 30},
        [],
    )


def test_digits_of_acknowledgements_are_single_digits() -> None:
    assert pin_values(Scenario(pin={"a/boot1/ack b": "7"}))[0] == {"a/boot1/ack b": 7}
    for wrong in ("7s", "12", "-3", "٣", ""):
        (problem,) = pin_values(Scenario(pin={"a/boot1/ack b": wrong}))[1]
        assert f"{wrong!r} is no digit" in problem.text


def test_each_pin_without_a_value_is_a_problem_with_its_line() -> None:
    scenario = parse_scenario('[pin]\na = "x"\nb = "1s"\nc = { d = "y" }\n', "s.toml")
    values, problems = pin_values(scenario)
    assert values == {"b": 1_000_000}
    assert [(p.file, p.line) for p in problems] == [("s.toml", 2), ("s.toml", 4)]
