"""Errors say where, what was found and what to do."""

from __future__ import annotations

import pickle

from hasim.errors import ConfigError, HasimError, NotBuiltError, Problem, nearest


def test_a_problem_reads_like_a_compiler_message() -> None:
    problem = Problem("ha.cf", 3, "ERROR", "Illegal directive [x]", "remove the line")
    assert str(problem) == "ha.cf:3: ERROR: Illegal directive [x]\n    remove the line"


def test_a_problem_of_a_whole_file_has_no_line() -> None:
    assert str(Problem("ha.cf", None, "WARN", "no nodes")) == "ha.cf: WARN: no nodes"


def test_an_error_carries_every_problem_in_order() -> None:
    found = [Problem("a", 1, "ERROR", "one"), Problem("b", 2, "ERROR", "two")]
    error = ConfigError(found)
    assert error.problems == tuple(found)
    assert str(error) == "a:1: ERROR: one\nb:2: ERROR: two"


def test_an_error_survives_being_made_again_from_its_arguments() -> None:
    error = ConfigError([Problem("a", 1, "ERROR", "one")])
    again = type(error)(*error.args)
    assert again.problems == error.problems
    assert pickle.loads(pickle.dumps(error)).problems == error.problems


def test_all_errors_of_users_have_one_base() -> None:
    assert issubclass(ConfigError, HasimError)
    assert issubclass(NotBuiltError, HasimError)


def test_the_nearest_word_is_proposed() -> None:
    assert nearest("keepalvie", ["deadtime", "keepalive"]) == "; did you mean 'keepalive'?"


def test_a_far_word_is_not_proposed() -> None:
    assert nearest("xyzzy", ["deadtime", "keepalive"]) == ""


def test_the_proposal_does_not_hang_on_the_order_of_the_known_words() -> None:
    known = ["node1", "node2", "node3"]
    assert nearest("node", known) == nearest("node", list(reversed(known)))
