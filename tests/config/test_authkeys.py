"""The authkeys file."""

from __future__ import annotations

import pickle
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hasim.config import (
    AuthKey,
    AuthKeys,
    authkeys_missing,
    guess_authkeys,
    parse_authkeys,
    render_authkeys,
)
from tests.config.strategies import authkeys_texts, mutated

FINAL = "Authentication configuration error."


def complaints(text: str, mode: int | None = 0o600) -> list[str]:
    keys, problems = parse_authkeys(text, mode=mode)
    assert keys is None
    assert problems[-1].text == FINAL
    assert all(p.fatal for p in problems)
    return [p.text for p in problems[:-1]]


def test_the_signing_number_and_every_key_are_read() -> None:
    keys, problems = parse_authkeys(
        "# keys\nauth 2\n\n 2 sha1 secret more\n1 crc\n15 md5 x#y\n", mode=0o600
    )
    assert problems == ()
    assert keys is not None
    assert keys.auth == 2
    assert keys.methods == {1: ("crc", None), 2: ("sha1", "secret"), 15: ("md5", "x#y")}
    assert keys.signing == AuthKey(2, "sha1", "secret")


def test_the_auth_line_must_come_before_its_key() -> None:
    keys, problems = parse_authkeys("1 crc\nauth 1\n", "keys", mode=None)
    assert keys is None
    assert problems[0].text == "Auth Key [1] not found in keyfile [keys]"
    assert problems[0].line == 2
    assert problems[0].remedy == "move 'auth 1' before the line of key 1"


def test_a_signing_number_without_key_is_refused() -> None:
    assert complaints("auth 3\n1 crc\n") == ["Auth Key [3] not found in keyfile [authkeys]"]
    assert complaints("auth 16\n1 crc\n") == ["Auth Key [16] not found in keyfile [authkeys]"]


def test_a_file_without_auth_line_is_refused() -> None:
    assert complaints("1 crc\n") == ["Missing auth directive in keyfile [authkeys]"]
    assert complaints("") == ["Missing auth directive in keyfile [authkeys]"]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o644, 0o777])
def test_a_file_that_others_may_read_is_refused(mode: int) -> None:
    assert complaints("auth 1\n1 crc\n", mode) == [
        "Bad permissions on keyfile [authkeys], 600 recommended."
    ]


@pytest.mark.parametrize("mode", [0o600, 0o400, 0o700, 0o633, 0o733, None])
def test_only_the_two_read_bits_are_looked_at(mode: int | None) -> None:
    keys, problems = parse_authkeys("auth 1\n1 crc\n", mode=mode)
    assert keys is not None
    assert problems == ()


@pytest.mark.parametrize(
    ("line", "text"),
    [
        ("2 rot13 x", "Invalid authtype [rot13]"),
        ("2 SHA1 x", "Invalid authtype [SHA1]"),
        ("2 sha1", "Auth method [sha1] requires a key"),
        ("2 md5", "Auth method [md5] requires a key"),
        ("2 crc x", "Auth method [crc] doesn't use a key"),
        ("16 crc", "Invalid authnum [16] in authkeys"),
        ("-1 crc", "Invalid authnum [-1] in authkeys"),
        ("sha1 x", "Auth line [sha1 x] is invalid."),
        ("2", "Auth line [2] is invalid."),
        ("abc", "Invalid auth line [abc] in authkeys"),
        ("auth", "Invalid auth line [auth] in authkeys"),
        ("auth x", "Invalid auth line [auth x] in authkeys"),
    ],
)
def test_a_bad_line_is_refused_in_the_daemons_words(line: str, text: str) -> None:
    keys, problems = parse_authkeys(f"auth 1\n1 crc\n{line}\n", mode=0o600)
    assert keys is None
    assert [(p.text, p.line) for p in problems] == [(text, 3), (FINAL, None)]
    assert problems[0].remedy


def test_a_key_for_crc_is_complained_about_at_info_level_and_still_fatal() -> None:
    _, problems = parse_authkeys("auth 1\n1 crc x\n", mode=None)
    assert (problems[0].level, problems[0].fatal) == ("info", True)


def test_every_complaint_comes_at_once() -> None:
    assert complaints("auth 1\n1 foo\n2 sha1\n", 0o644) == [
        "Bad permissions on keyfile [authkeys], 600 recommended.",
        "Invalid authtype [foo]",
        "Auth method [sha1] requires a key",
        "Auth Key [1] not found in keyfile [authkeys]",
    ]


def test_a_second_auth_line_takes_over_and_needs_its_key_after_it() -> None:
    keys, _ = parse_authkeys("auth 1\n1 crc\nauth 2\n2 md5 x\n", mode=None)
    assert keys is not None
    assert keys.auth == 2
    assert complaints("auth 1\n2 md5 x\n1 crc\nauth 2\n") == [
        "Auth Key [2] not found in keyfile [authkeys]"
    ]
    assert parse_authkeys("auth 1\n1 crc\nauth 1\n", mode=None)[0] is not None


def test_a_number_given_twice_has_its_last_key() -> None:
    keys, _ = parse_authkeys("auth 1\n1 md5 a\n1 sha1 b\n", mode=None)
    assert keys is not None
    assert keys.methods == {1: ("sha1", "b")}


def test_a_receiver_accepts_every_key_of_its_own_file_and_no_other() -> None:
    keys = AuthKeys(1, (AuthKey(1, "sha1", "new", 2), AuthKey(2, "sha1", "old", 3)))
    assert keys.accepts(AuthKey(2, "sha1", "old"))
    assert not keys.accepts(AuthKey(2, "sha1", "new"))
    assert not keys.accepts(AuthKey(3, "sha1", "old"))
    assert not keys.accepts(AuthKey(1, "md5", "new"))


def test_keys_can_travel_to_another_process() -> None:
    keys = AuthKeys(1, (AuthKey(1, "crc", None),))
    assert pickle.loads(pickle.dumps(keys)) == keys
    assert hash(keys) == hash(AuthKeys(1, (AuthKey(1, "crc", None, 9),)))


def test_a_missing_file_is_reported_in_the_daemons_words() -> None:
    assert [p.text for p in authkeys_missing("/etc/ha.d/authkeys")] == [
        "Cannot open keyfile [/etc/ha.d/authkeys].  Stop.",
        FINAL,
    ]


@given(authkeys_texts())
def test_a_rendered_file_reads_back_as_the_same_keys(text: str) -> None:
    keys, problems = parse_authkeys(text, mode=0o600)
    assert keys is not None, problems
    assert parse_authkeys(render_authkeys(keys), mode=0o600)[0] == keys


@given(st.binary() | st.text() | mutated(authkeys_texts()), st.none() | st.integers(0, 0o7777))
def test_no_input_makes_the_parser_raise(data: str | bytes, mode: int | None) -> None:
    keys, problems = parse_authkeys(data, mode=mode)
    assert (keys is None) == bool(problems)
    if keys is not None:
        assert parse_authkeys(render_authkeys(keys), mode=mode)[0] == keys


def test_megabytes_of_junk_are_read_in_linear_time() -> None:
    start = time.process_time()
    for sample in (b"x y\n" * 300_000, b"a" * 2_000_000, b"1 sha1 " + b"k" * 2_000_000):
        _, problems = parse_authkeys(sample, mode=0o600)
        assert len(problems) < 150
    assert parse_authkeys("auth " + "1" * 100_000, mode=None)[0] is None
    assert time.process_time() - start < 20


def test_keys_are_guessed_whatever_else_is_wrong_with_the_file() -> None:
    keys = guess_authkeys("1 crc\nauth 1\n2 sha512 x\n")
    assert keys is not None
    assert (keys.signing.method, keys.signing.line) == ("crc", 1)
    assert parse_authkeys("1 crc\nauth 1\n2 sha512 x\n", mode=0o600)[0] is None
    assert guess_authkeys("auth 2\n1 crc\n") is None
    assert guess_authkeys("1 crc\n") is None


@given(authkeys_texts())
def test_the_keys_of_a_good_file_need_no_guess(text: str) -> None:
    assert guess_authkeys(text) == parse_authkeys(text, mode=0o600)[0]
