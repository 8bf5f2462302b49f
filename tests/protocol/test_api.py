"""The clients' channels: requests, what they are told, respawning (semantics 2.2, 5.4, 6.7)."""

from __future__ import annotations

import pytest

from hasim.events import ClientRespawnTooFast
from hasim.protocol import Answer, Letter, Message, Request, StartClient, TellClients
from hasim.units import SECOND
from tests.protocol.harness import HA_CF, Fed

BOTH = pytest.mark.parametrize("version", ["2.0.8", "3.0.6"])
PING = HA_CF + "ping 10.0.0.254\n"
COMMAND = "/usr/lib/heartbeat/ipfail"
RESPAWN = HA_CF + f"respawn hacluster {COMMAND}\n"


def signed_on(version: str = "3.0.6", ha_cf: str = HA_CF) -> Fed:
    fed = Fed(version, ha_cf)
    if ha_cf == PING:
        answer = fed.packet(0, "NS_st", origin="10.0.0.254", status="ping")
        fed.hear(0.4, answer, medium=2)
    fed.settled("local", "local")
    fed.master.client_signed_on("ipfail")
    fed.wake(1.6)
    fed.master.state.peers["b"].limit = 3 * 3600 * SECOND
    return fed


def ask(
    fed: Fed, at: float, what: str, arg: str = "", letter: Letter | None = None
) -> list[object]:
    fed.master.request(Request("ipfail", what, arg, letter))
    fed.wake(at)
    return [o.value for o in fed.out if isinstance(o, Answer)]


# ---- requests -----------------------------------------------------------------------------------


def test_a_request_wakes_nobody() -> None:
    fed = signed_on()
    due = fed.master.deadline
    fed.master.request(Request("ipfail", "node list"))
    assert fed.master.deadline == due


@BOTH
def test_the_node_list_names_kind_and_status(version: str) -> None:
    assert ask(signed_on(version, PING), 1.7, "node list") == [
        (("a", "normal", "active"), ("b", "normal", "active"), ("10.0.0.254", "ping", "ping"))
    ]


@pytest.mark.parametrize(
    ("what", "arg", "value"),
    [
        ("node status", "b", "active"),
        ("node status", "nobody", ""),
        ("node type", "b", "normal"),
        ("node type", "10.0.0.254", "ping"),
        ("parameter", "keepalive", "1000ms"),
        ("parameter", "auto_failback", "on"),
        ("parameter", "colour", ""),
    ],
)
def test_single_facts_are_answered(what: str, arg: str, value: str) -> None:
    assert ask(signed_on(ha_cf=PING), 1.7, what, arg) == [value]


@BOTH
def test_what_is_held_is_a_transition_while_anything_is_under_way(version: str) -> None:
    fed = signed_on(version)
    assert ask(fed, 1.7, "resources") == ["local"]
    fed.master.state.helpers = 1
    assert ask(fed, 1.8, "resources") == ["transition"]


@BOTH
def test_a_message_of_a_client_goes_out_with_its_name(version: str) -> None:
    fed = signed_on(version)
    letter = Letter("num_ping_nodes", "b", body=(("num_ping", "1"),))
    assert ask(fed, 1.7, "send", letter=letter) == []
    (message,) = fed.sent("num_ping_nodes")
    assert message.dest == "b"
    assert dict(message.body) == {"num_ping": "1", "from_id": "ipfail", "to_id": "ipfail"}


def test_a_client_can_ask_for_a_standby() -> None:
    fed = signed_on()
    body = (("rsc_hold", "all"), ("info", "me"))
    ask(fed, 1.7, "send", letter=Letter("ask_resources", body=body))
    assert fed.master.state.resources.standby == "ME"


@pytest.mark.parametrize("what", ["node list", "resources", "send", "sign off"])
def test_a_request_of_a_stranger_is_ignored(what: str) -> None:
    fed = Fed()
    fed.settled("local", "local")
    assert ask(fed, 1.7, what, letter=Letter("num_ping_nodes", "b")) == []
    assert fed.sent("num_ping_nodes") == fed.sent("hbapi-clstat") == []


@BOTH
def test_signing_off_is_told_to_all_and_ends_the_service(version: str) -> None:
    fed = signed_on(version)
    ask(fed, 1.7, "sign off")
    assert [(m.get("st"), m.get("info")) for m in fed.sent("hbapi-clstat")] == [
        ("leave", "signoff")
    ]
    assert ask(fed, 1.8, "node list") == []


def test_signing_on_twice_registers_once() -> None:
    fed = signed_on()
    fed.master.client_signed_on("ipfail")
    fed.wake(1.7)
    assert fed.master.state.signed_on == ["ipfail"]


# ---- what clients are told ----------------------------------------------------------------------


def test_clients_hear_of_status_links_and_what_the_cluster_says() -> None:
    fed = signed_on()
    fed.master.state.peers["b"].links[1].stamp = fed.now
    fed.hear(
        1.9, fed.packet(5, status="up"), fed.packet(6, "num_ping_nodes", dest="a", num_ping="1")
    )
    assert fed.told() == [("status", "up"), ("num_ping_nodes", None)]
    fed.hear(2, fed.packet(6, "num_ping_nodes", dest="a"), medium=1)
    assert fed.told() == [("ifstat", "up")]


def test_a_dead_link_is_told_with_its_node_and_device() -> None:
    fed = signed_on()
    fed.master.state.peers["b"].limit, fed.master.core.quiet_until = 2 * SECOND, 0
    told: list[Message] = []
    for at in (2, 2.5, 3, 3.5, 4, 4.5):
        fed.wake(at)
        told += [o.message for o in fed.out if isinstance(o, TellClients)]
    links = [(m.status, m.body) for m in told if m.type == "ifstat"]
    assert links == [("dead", (("node", "b"), ("ifname", "eth0")))]


def test_nobody_is_told_where_nobody_is_signed_on() -> None:
    fed = Fed()
    fed.settled("local", "local")
    fed.hear(2, fed.packet(5, status="up"))
    assert fed.told() == []


# ---- respawning ---------------------------------------------------------------------------------


def ends(fed: Fed, at: float, code: int | None = 1, signal: int | None = None) -> list[str]:
    fed.master.client_ended(COMMAND, 7, code, signal)
    return fed.wake(at)


def starts(fed: Fed) -> list[StartClient]:
    return [o for o in fed.out if isinstance(o, StartClient)]


def test_a_client_that_ends_is_started_again_at_once_in_the_old_wording() -> None:
    fed = signed_on("2.0.8", RESPAWN)
    assert ends(fed, 1.7) == [
        f"Exiting {COMMAND} process 7 returned rc 1.",
        f'Respawning client "{COMMAND}":',
    ]
    assert starts(fed) == [StartClient(COMMAND, late=True)]


def test_a_client_that_is_killed_is_started_again_in_the_new_wording() -> None:
    fed = signed_on("3.0.6", RESPAWN)
    assert ends(fed, 1.7, None, 9) == [
        f"Managed {COMMAND} process 7 killed by signal 9 [SIGKILL - Kill, unblockable].",
        f'Respawning client "{COMMAND}":',
    ]
    assert starts(fed) == [StartClient(COMMAND, late=True)]


@BOTH
def test_a_client_that_wants_no_new_life_gets_none(version: str) -> None:
    fed = signed_on(version, RESPAWN)
    assert len(ends(fed, 1.7, 100)) == 1
    assert starts(fed) == []


@BOTH
def test_the_eleventh_quick_death_is_the_last(version: str) -> None:
    fed = signed_on(version, RESPAWN)
    for n in range(10):
        ends(fed, 2 + n)
        assert starts(fed) == [StartClient(COMMAND, late=True)]
    said = ends(fed, 12.2)
    assert said[-1] == f'Client {COMMAND} "respawning too fast"'
    assert starts(fed) == []
    assert ClientRespawnTooFast(COMMAND) in fed.events


@BOTH
def test_a_life_of_thirty_seconds_forgives_all_quick_deaths(version: str) -> None:
    fed = signed_on(version, RESPAWN)
    for n in range(10):
        ends(fed, 2 + n)
    fed.run(40.9)
    ends(fed, 41)
    assert starts(fed) == [StartClient(COMMAND, late=False)]
    for n in range(10):
        ends(fed, 42 + n)
        assert starts(fed) == [StartClient(COMMAND, late=True)]
    ends(fed, 52.2)
    assert starts(fed) == []


def test_a_client_that_dies_leaves_and_its_requests_with_it() -> None:
    fed = signed_on(ha_cf=RESPAWN)
    fed.master.request(Request("ipfail", "node list"))
    ends(fed, 1.7)
    assert [m.get("st") for m in fed.sent("hbapi-clstat")] == ["leave"]
    assert not [o for o in fed.out if isinstance(o, Answer)]


def test_on_the_way_down_nobody_is_started_again_and_nothing_is_said() -> None:
    fed = signed_on(ha_cf=RESPAWN)
    fed.master.signal("TERM")
    fed.wake(1.7)
    assert ends(fed, 1.8) == []
    assert starts(fed) == []


@BOTH
def test_the_start_of_a_client_inflates_the_announced_deadtime_for_an_instant(version: str) -> None:
    fed = signed_on(version, RESPAWN)
    fed.run(5.5)
    ends(fed, 5.7)
    assert [m.deadtime // SECOND for m in fed.sent("status")] == [7, 5]


def test_an_answer_names_the_request_that_it_answers() -> None:
    fed = signed_on(ha_cf=PING)
    asked = [Request("ipfail", what, arg) for what, arg in (
        ("node list", ""), ("node status", "b"), ("node type", "b"), ("resources", ""),
        ("parameter", "keepalive"), ("filter", ""),
    )]  # fmt: skip
    for request in asked:
        fed.master.request(request)
    fed.wake(1.7)
    assert [o.request for o in fed.out if isinstance(o, Answer)] == asked


def test_the_status_in_a_letter_of_a_client_goes_out_with_it() -> None:
    fed = signed_on()
    ask(fed, 1.7, "send", letter=Letter("word", status="ready", tag=8))
    assert [(m.status, m.tag) for m in fed.sent("word")] == [("ready", 8)]


def test_what_a_client_wrote_before_it_died_is_sent_still() -> None:
    """Its channel outlives it; only the registered process counts (semantics 6.7)."""
    fed = signed_on(ha_cf=RESPAWN)
    fed.master.state.registered["ipfail"].pid = 7
    fed.master.request(Request("ipfail", "send", letter=Letter("num_ping_nodes", "b")))
    fed.master.client_ended(COMMAND, 6, None, 9)  # another process of that name
    fed.master.state.requests, kept = [], fed.master.state.requests
    fed.wake(1.7)
    assert fed.sent("num_ping_nodes") == []
    fed.master.state.requests = kept
    ends(fed, 1.8)
    (sent,) = fed.sent("num_ping_nodes")
    assert sent.sent_at == fed.now
    assert fed.master.state.requests == []


def test_a_client_that_starts_with_the_node_waits_for_nothing() -> None:
    """Only one that has died quickly begins with a second of sleep (semantics 6.7)."""
    fed = Fed(ha_cf=RESPAWN)
    fed.join()
    assert starts(fed) == [StartClient(COMMAND)]


def test_clients_hear_of_a_link_without_the_number_of_a_packet() -> None:
    fed = signed_on()
    fed.hear(1.9, fed.packet(5), medium=1)
    (told,) = [o.message for o in fed.out if isinstance(o, TellClients)]
    body = (("node", "b"), ("ifname", "eth1"))
    assert told == Message("ifstat", "a", 0, 0, "a", "up", 0, fed.now, None, body)


def test_clients_hear_what_is_said_of_resources() -> None:
    """ipfail waits for the other side to be stable (semantics 11.2)."""
    fed = signed_on()
    said = fed.packet(5, "resource", rsc_hold="local", rtype="full", isstable="1")
    fed.hear(1.9, said)
    told = [o.message for o in fed.out if isinstance(o, TellClients)]
    assert said in told


def test_clients_do_not_hear_of_stonith_notices() -> None:
    fed = signed_on()
    fed.hear(1.9, fed.packet(5, "stonith", node="c", result="OK"))
    assert "stonith" not in [kind for kind, _ in fed.told()]
