"""Every rule: a cluster in which it finds something, at the right line, and a near miss."""

from __future__ import annotations

import re

import pytest

from hasim.lint import CHAPTERS, RULES, SEVERITIES
from tests.lint import cases_cluster, cases_daemon, cases_files
from tests.lint.good import Case, edited, lint, place_of

CASES = (*cases_daemon.CASES, *cases_files.CASES, *cases_cluster.CASES)


def test_nothing_is_said_about_a_good_cluster() -> None:
    done = lint()
    assert [str(f) for f in done.findings] == []
    assert done.notes == ()


def test_every_rule_has_a_case_and_a_near_miss() -> None:
    assert sorted(case.rule for case in CASES) == sorted(RULES)


@pytest.mark.parametrize("case", CASES, ids=[case.rule for case in CASES])
def test_a_rule_finds_its_case_at_the_line_where_it_stands(case: Case) -> None:
    files = edited(case.hit)
    found = [f for f in lint(case.hit).findings if f.rule == case.rule]
    places = [(place_of(f, files), f.node) for f in found if case.text in f.text]
    assert (case.at, case.node) in places, [(place_of(f, files), str(f), f.node) for f in found]
    assert {f.severity for f in found} == {RULES[case.rule].severity}
    assert all(f.remedy for f in found)


@pytest.mark.parametrize("case", CASES, ids=[case.rule for case in CASES])
def test_a_rule_does_not_find_the_near_miss(case: Case) -> None:
    assert [str(f) for f in lint(case.near).findings if f.rule == case.rule] == []


@pytest.mark.parametrize("name", RULES)
def test_a_rule_has_a_stable_name_and_says_why_and_whence(name: str) -> None:
    rule = RULES[name]
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name)
    assert rule.id == name
    assert rule.severity in SEVERITIES
    for text in (rule.title, rule.why, rule.source, rule.remedy):
        assert text == text.strip() != ""
        assert not text.endswith("..")
    assert not rule.title.endswith(".")
    assert rule.why.endswith(".")
    assert not rule.source.endswith(".")


def test_no_two_rules_share_a_name() -> None:
    names = [rule.id for rules in CHAPTERS.values() for rule in rules]
    assert sorted(set(names)) == sorted(names)
