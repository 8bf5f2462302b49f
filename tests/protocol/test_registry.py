"""Who is signed on: refusal, leaving, the audit (semantics 6.7, 13, 15.2)."""

from __future__ import annotations

import pytest

from hasim.protocol import Happened, Message, StartClient
from hasim.protocol.outputs import RefuseClient
from tests.protocol.harness import HA_CF, Fed

BOTH = pytest.mark.parametrize("version", ["2.0.8", "3.0.6"])
DOPD = "/usr/lib/heartbeat/dopd"
HA_CF_DOPD = HA_CF + f"respawn hacluster {DOPD}\n"
CCM = "/usr/lib/heartbeat/ccm"


def fed_of(version: str = "3.0.6", ha_cf: str = HA_CF_DOPD) -> Fed:
    fed = Fed(version, ha_cf)
    fed.settled("local", "local")
    return fed


def join(fed: Fed, at: float, pid: int, name: str = "dopd", user: str = "", **more: bool) -> None:
    fed.master.client_signed_on(name, pid, user, **more)
    fed.wake(at)


def die(fed: Fed, at: float, pid: int, command: str = DOPD) -> list[str]:
    fed.master.client_ended(command, pid, None, 9)
    return fed.wake(at)


def notices(fed: Fed) -> list[tuple[str, str]]:
    return [(m.get("st"), m.get("info")) for m in fed.sent("hbapi-clstat")]


def refused(fed: Fed) -> list[int]:
    return [o.pid for o in fed.out if isinstance(o, RefuseClient)]


@BOTH
def test_a_second_process_of_a_name_is_refused(version: str) -> None:
    fed = fed_of(version)
    join(fed, 1.6, 30)
    fed.master.client_signed_on("dopd", 31)
    shown = "" if version == "2.0.8" else "dopd"
    assert fed.wake(1.7) == [
        "duplicate client add request [dopd] [31]",
        f"api_process_registration_msg: cannot add client({shown})",
    ]
    assert refused(fed) == [31]
    assert notices(fed) == []


@BOTH
def test_the_end_of_a_refused_process_leaves_the_other_signed_on(version: str) -> None:
    fed = fed_of(version)
    join(fed, 1.6, 30)
    join(fed, 1.7, 31)
    die(fed, 1.8, 31)
    assert fed.master.state.signed_on == ["dopd"]
    assert notices(fed) == []


@BOTH
def test_a_user_that_apiauth_does_not_allow_is_refused(version: str) -> None:
    fed = fed_of(version, HA_CF + "apiauth dopd uid=root\n")
    fed.master.client_signed_on("dopd", 31, "hacluster")
    assert fed.wake(1.6) == ["Client [dopd] pid 31 failed authorization"
                             " [client failed authorization]"]  # fmt: skip
    assert refused(fed) == [31]
    join(fed, 1.7, 32, user="root")
    assert (refused(fed), fed.master.state.signed_on) == ([], ["dopd"])


def test_a_dead_client_leaves_at_once() -> None:
    fed = fed_of()
    join(fed, 1.6, 30)
    die(fed, 1.7, 30)
    assert notices(fed) == [("leave", "died")]
    assert not fed.master.state.registered


def test_one_whose_channel_stays_open_is_found_by_the_audit() -> None:
    fed = fed_of()
    join(fed, 1.6, 30, kept=True)
    die(fed, 1.7, 30)
    assert fed.master.state.signed_on == ["dopd"]
    due = fed.master.state.audit_due
    assert due is not None
    assert "api_audit_clients: client 30 died" in fed.wake(due / 1e6)
    assert notices(fed) == [("leave", "died")]
    assert fed.master.state.signed_on == []


def test_the_audit_has_nothing_to_say_of_the_living() -> None:
    fed = fed_of()
    join(fed, 1.6, 30, kept=True)
    due = fed.master.state.audit_due
    assert due is not None
    assert not [line for line in fed.wake(due / 1e6) if "audit" in line]


# ---- under a cluster manager --------------------------------------------------------------------


def managed(version: str) -> Fed:
    fed = fed_of(version, HA_CF + "crm on\n")
    join(fed, 1.6, 30, "ccm")
    return fed


@pytest.mark.parametrize("at", [2, 40])
def test_the_old_ccm_is_still_registered_when_the_next_wake_comes(at: int) -> None:
    fed = managed("2.0.8")
    fed.wake(at - 0.3)
    die(fed, at, 30, CCM)
    assert StartClient(CCM, late=at < 30, slow=True) in fed.out
    fed.master.client_signed_on("ccm", 31)
    assert "duplicate client add request [ccm] [31]" in fed.wake(at + 0.1)
    assert ("leave", "died") in notices(fed), "the loop comes to the closed channel afterwards"
    join(fed, at + 1, 32, "ccm")
    assert fed.master.state.registered["ccm"].pid == 32


def test_the_newer_version_is_not_so_hasty() -> None:
    fed = managed("3.0.6")
    die(fed, 40, 30, CCM)
    assert [o.slow for o in fed.out if isinstance(o, StartClient)] in ([], [False])
    join(fed, 40.1, 31, "ccm")
    assert refused(fed) == []


@BOTH
def test_a_join_is_told_with_the_words_that_are_recorded(version: str) -> None:
    fed = fed_of(version)
    join(fed, 1.6, 30)
    (notice,) = fed.sent("hbapi-clstat")
    assert notice.body == (
        ("st", "join"), ("from_id", "dopd"), ("to_id", "dopd"), ("info", "signon")
    )  # fmt: skip


def test_a_ccm_that_dies_again_and_again_leaves_again_and_again() -> None:
    fed = managed("2.0.8")
    for n in range(3):
        die(fed, 40 + 40 * n, 30, CCM)
        fed.wake(40.1 + 40 * n)
        assert notices(fed) == [("leave", "died")]
        join(fed, 41 + 40 * n, 30, "ccm")


def test_what_follows_a_refusal_has_nothing_to_do_with_it() -> None:
    fed = fed_of()
    join(fed, 1.6, 30)
    fed.master.client_signed_on("dopd", 31, why=17)
    fed.wake(1.7)
    assert {o.why for o in fed.out if isinstance(o, Happened)} == {17}
    fed.wake(4.6)  # late timers, and a late status
    later = [o.why for o in fed.out if isinstance(o, Happened)]
    assert [why for why in later if not isinstance(why, Message)] == [None] * 4


def test_a_client_that_is_not_the_managers_is_started_as_ever() -> None:
    fed = fed_of("2.0.8", HA_CF_DOPD + "crm on\n")
    join(fed, 1.6, 30)
    die(fed, 40, 30)
    assert [o.slow for o in fed.out if isinstance(o, StartClient)] == [False]
    assert notices(fed) == [("leave", "died")]
