"""Which directives there are."""

from __future__ import annotations

import pytest

from hasim.config.directives import DIRECTIVES, MEDIA_DIRECTIVES, known_directives


def test_directives_of_the_last_version_are_unknown_to_the_first() -> None:
    newer = set(known_directives("3.0.6")) - set(known_directives("2.0.8"))
    assert newer == {"failfast", "mcast6", "pacemaker", "syslogmsgfmt", "ucast6"}
    assert set(known_directives("2.0.8")) < set(known_directives("3.0.6"))


def test_an_unknown_dialect_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ValueError, match=r"no dialect '2\.1\.4'; known are 2\.0\.8, 3\.0\.6"):
        known_directives("2.1.4")


def test_exactly_the_documented_directives_take_the_rest_of_the_line() -> None:
    assert {name for name, directive in DIRECTIVES.items() if directive.whole_line} == {
        *("mcast", "ucast", "mcast6", "ucast6", "ping_group"),
        *("stonith", "stonith_host", "apiauth", "respawn", "failfast"),
    }


def test_every_media_directive_is_a_directive() -> None:
    assert set(DIRECTIVES) >= MEDIA_DIRECTIVES
