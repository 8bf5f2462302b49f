"""Handing over on request: the table, the failures, the log of both sides (semantics 7)."""

from __future__ import annotations

import pytest

from hasim.protocol import Letter, RunHelper
from hasim.units import SECOND
from tests.protocol.harness import HA_CF, Cluster, Fed, seconds

BOTH = pytest.mark.parametrize("version", ["2.0.8", "3.0.6"])
OFF = HA_CF.replace("auto_failback on", "auto_failback off")
LEGACY = HA_CF.replace("auto_failback on", "auto_failback legacy")
REMOTE = "remote resource transition completed."
FLUX = "standby message [{}] from {} ignored.  {} in flux."


class Pair(Fed):
    """A settled node ``a`` and what is said to it: by its own FIFO, or by ``b``."""

    def __init__(
        self, mine: str = "all", theirs: str = "none", version: str = "3.0.6", ha_cf: str = HA_CF
    ) -> None:
        super().__init__(version, ha_cf)
        self.settled(mine, theirs)
        self.n = 4
        self.master.state.peers["b"].limit = 2 * 3600 * SECOND

    def own(self, at: float, info: str, share: str = "all") -> list[str]:
        self.master.fifo(Letter("ask_resources", body=(("rsc_hold", share), ("info", info))))
        return self.wake(at)

    def other(self, at: float, info: str, share: str = "all") -> list[str]:
        self.n += 1
        return self.hear(at, self.packet(self.n, "ask_resources", rsc_hold=share, info=info))

    def say(self, who: str, at: float, info: str) -> list[str]:
        return (self.own if who == "a" else self.other)(at, info)

    def phase(self) -> tuple[str, float | None]:
        r = self.master.state.resources
        return r.standby, None if r.standby_until is None else r.standby_until / SECOND

    def asked(self) -> list[tuple[str, str]]:
        return [(m.get("rsc_hold"), m.get("info")) for m in self.sent("ask_resources")]

    def claimed(self) -> list[tuple[str, str, str]]:
        return [
            (m.get("rsc_hold"), m.get("isstable"), m.get("info")) for m in self.sent("resource")
        ]


# ---- the table, row by row ----------------------------------------------------------------------


@BOTH
def test_the_asker_waits_ten_seconds_for_an_answer(version: str) -> None:
    pair = Pair(version=version)
    assert pair.own(2, "me") == ["a wants to go standby [all]"]
    assert pair.phase() == ("ME", 12)
    assert pair.asked() == [("all", "me")]
    assert not pair.master.state.resources.other_stable


@BOTH
def test_the_asked_answers_and_waits_an_hour(version: str) -> None:
    pair = Pair("none", "all", version)
    assert pair.other(2, "me") == ["b wants to go standby [all]"]
    assert pair.phase() == ("OTHER", 3602)
    assert pair.asked() == [("all", "other")]


@BOTH
@pytest.mark.parametrize(("share", "rest"), [("all", "none"), ("foreign", "local")])
def test_the_answer_makes_the_asker_drop_its_claim_and_give_up(
    version: str, share: str, rest: str
) -> None:
    pair = Pair(version=version)
    pair.own(2, "me", share)
    said = pair.other(2.5, "other", share)
    assert said[0] == f"standby: b can take our {share} resources"
    assert pair.phase() == ("ME", 3602.5)
    assert pair.claimed() == [(rest, "0", "standby")]
    assert pair.helpers() == [RunHelper("go_standby", "give up", share, share)]


@BOTH
def test_the_own_release_done_is_told_and_waited_upon(version: str) -> None:
    pair = Pair(version=version)
    pair.own(2, "me")
    pair.other(2.5, "other")
    pair.master.state.resources.mine = 3  # were it claimed again meanwhile
    assert pair.own(3, "done") == ["Local standby process completed [all]."]
    assert pair.phase() == ("DONE", 3603)
    assert pair.master.state.resources.mine == 0


@BOTH
@pytest.mark.parametrize(
    ("share", "view"), [("all", "all"), ("foreign", "local"), ("local", "foreign")]
)
def test_the_others_release_done_begins_the_acquisition_in_the_own_view(
    version: str, share: str, view: str
) -> None:
    pair = Pair("none", "all", version)
    pair.other(2, "me", share)
    assert pair.other(3, "done", share) == [f"standby: acquire [{share}] resources from b"]
    assert pair.phase() == ("DONE", 3603)
    assert pair.helpers() == [RunHelper("go_standby", "acquire", view, share)]


@BOTH
@pytest.mark.parametrize(("share", "mine"), [("all", 3), ("foreign", 1), ("local", 2)])
def test_the_own_acquisition_done_ends_it_with_a_new_claim(
    version: str, share: str, mine: int
) -> None:
    pair = Pair("none", "all", version)
    pair.other(2, "me", share)
    pair.other(3, "done", share)
    said = pair.own(4, "done", share)
    assert said[0] == f"Standby resource acquisition done [{share}]."
    assert pair.phase() == ("NOT", None)
    assert pair.master.state.resources.mine == mine
    assert [stable for _, stable, _ in pair.claimed()] == ["1"]


@pytest.mark.parametrize("ha_cf", [HA_CF, OFF])
def test_only_with_auto_failback_the_first_acquisition_is_complete_by_a_standby(
    ha_cf: str,
) -> None:
    pair = Pair("none", "all", ha_cf=ha_cf)
    r = pair.master.state.resources
    r.announced, r.local_done, r.foreign_done = False, False, True
    pair.other(2, "me", "foreign")
    pair.other(3, "done", "foreign")
    done = "Initial resource acquisition complete ({})"
    reason = "auto_failback" if ha_cf == HA_CF else "T_RESOURCES(us)"
    assert done.format(reason) in pair.own(4, "done", "foreign")


@BOTH
def test_the_others_acquisition_done_ends_it_too(version: str) -> None:
    pair = Pair(version=version)
    pair.own(2, "me")
    pair.other(2.5, "other")
    pair.own(3, "done")
    said = pair.other(4, "done")
    assert said[0] == "Other node completed standby takeover of all resources."
    assert pair.phase() == ("NOT", None)
    assert ("none", "1", "") in pair.claimed()


@BOTH
@pytest.mark.parametrize("who", ["a", "b"])
@pytest.mark.parametrize("info", ["me", "other", "done"])
def test_nothing_is_heeded_while_the_other_or_the_own_side_is_in_flux(
    version: str, who: str, info: str
) -> None:
    pair = Pair(version=version)
    r = pair.master.state.resources
    r.other_stable = False
    assert pair.say(who, 2, info) == [FLUX.format(info, who, "Other side is")]
    r.other_stable, r.rstate = True, "RSCRCVD"
    r.takeover_from = seconds(2)
    assert pair.say(who, 2.5, info) == [FLUX.format(info, who, "local resources")]
    assert pair.phase() == ("NOT", None)


ODD = [
    ("NOT", "b", "other", 0), ("NOT", "b", "done", 0), ("NOT", "a", "other", 0),
    ("NOT", "a", "done", 0), ("ME", "b", "done", 1), ("ME", "a", "other", 1),
    ("OTHER", "b", "other", 2), ("OTHER", "a", "done", 2), ("DONE", "a", "other", 3),
    ("DONE", "b", "other", 3), ("DONE", "b", "me", 3),
]  # fmt: skip


@pytest.mark.parametrize(("state", "who", "info", "number"), ODD)
def test_what_does_not_belong_to_the_state_is_an_error(
    state: str, who: str, info: str, number: int
) -> None:
    pair = Pair()
    pair.master.state.resources.standby = state
    said = pair.say(who, 2, info)
    assert said == [f"Ignored standby message '{info}' from {who} in state {number}"]
    assert pair.phase() == (state, None)


def test_the_own_answer_heard_back_is_expected() -> None:
    pair = Pair("none", "all")
    assert pair.other(2, "me") == ["b wants to go standby [all]"]
    assert "Ignored" not in str(pair.events)


@BOTH
@pytest.mark.parametrize("who", ["a", "b"])
def test_a_new_request_while_a_deadline_runs_is_refused_with_the_seconds_left(
    version: str, who: str
) -> None:
    pair = Pair(version=version)
    pair.own(2, "me")
    busy = "Standby in progress- new request from {} ignored [{} seconds left]"
    assert pair.say(who, 2, "me") == [busy.format(who, 10)]
    assert pair.say(who, 5, "me") == [busy.format(who, 7)]
    # Parts of a second count as one: 6.96 s are 7.
    assert pair.say(who, 5.04, "me") == [busy.format(who, 7)]
    pair.other(6, "other")
    assert pair.say(who, 6.9, "me") == [busy.format(who, 3600)]
    assert pair.say(who, 8.5, "me") == [busy.format(who, 3598)]


@BOTH
def test_a_node_that_has_given_up_ignores_every_word_of_it(version: str) -> None:
    pair = Pair(version=version)
    pair.master.state.resources.rstate = "SHUTDOWN"
    for info in ("me", "other", "done"):
        assert pair.own(2, info) == pair.other(2, info) == []
    assert pair.phase() == ("NOT", None)


def test_legacy_does_not_know_it() -> None:
    pair = Pair(ha_cf=LEGACY)
    unsupported = ["Standby mode only implemented when nice_failback on"]
    assert pair.own(2, "me") == pair.other(3, "me") == unsupported


# ---- failures -----------------------------------------------------------------------------------


@BOTH
def test_no_answer_in_ten_seconds_cancels_it_at_the_next_message(version: str) -> None:
    pair = Pair(version=version)
    pair.own(2, "me")
    said = pair.run(12)
    assert said == []
    assert pair.run(13) == ["No reply to standby request.  Standby request cancelled."]
    assert pair.phase() == ("NOT", None)
    assert pair.master.state.resources.other_stable


def test_a_ghost_standby_lasts_an_hour() -> None:
    """A request of one that is going down: it is answered, and nobody goes on (semantics 7.3)."""
    pair = Pair("local", "local")
    assert pair.other(2, "me", "foreign") == ["b wants to go standby [foreign]"]
    assert pair.run(3602) == []
    assert pair.master.state.resources.standby == "OTHER"
    pair.master.signal("TERM")
    assert pair.wake(3602) == ["Shutdown delayed until current resource activity finishes."]
    assert pair.run(3603) == [
        "No reply to standby request.  Standby request cancelled.",
        "Heartbeat shutdown in progress. (100)",
    ]
    assert pair.phase() == ("NOT", None)


@BOTH
def test_both_that_ask_at_once_refuse_each_other_and_time_out(version: str) -> None:
    cluster = Cluster(version=version, starts=[("a", 0.0), ("b", 0.0)])
    cluster.run(20.3)
    cluster.standby("a")
    cluster.standby("b")
    cluster.run(40)
    for me, other in ("ab", "ba"):
        assert cluster.lines(me, 20) == [
            f"{me} wants to go standby [all]",
            f"Standby in progress- new request from {other} ignored [10 seconds left]",
            "No reply to standby request.  Standby request cancelled.",
        ]
    assert cluster.claims() == {"a": (1, 1), "b": (1, 1)}


def test_alone_a_standby_comes_to_nothing() -> None:
    cluster = Cluster(starts=[("a", 0.0)])
    cluster.run(30.2)
    cluster.standby("a")
    cluster.run(50)
    assert cluster.text("a", 30) == (
        "30.50 info: a wants to go standby [all]\n"
        "41.00 WARN: No reply to standby request.  Standby request cancelled.\n"
    )
    assert cluster.claims() == {"a": (3, 0)}


@BOTH
@pytest.mark.parametrize("dies_at", [20.55, 20.8, 21.3, 21.7])
@pytest.mark.parametrize("victim", ["a", "b"])
def test_whoever_dies_in_whatever_phase_the_other_holds_all_in_the_end(
    version: str, dies_at: float, victim: str
) -> None:
    cluster = Cluster(version=version)
    cluster.takes["give up all"] = cluster.takes["acquire all"] = 500_000
    cluster.run(20.3)
    cluster.standby("a")
    cluster.run(dies_at)
    cluster.stop(victim)
    cluster.run(60)
    left = "ab".replace(victim, "")
    assert cluster.claims() == {left: (3, 0)}
    # It ends before deadtime for one that has nothing more to wait for.
    assert cluster.masters[left].state.resources.standby == "NOT"


# ---- the log of both sides ----------------------------------------------------------------------


@BOTH
def test_a_standby_reads_like_this_on_both_sides(version: str) -> None:
    cluster = Cluster(version=version)
    cluster.run(20.3)
    cluster.standby("a")
    cluster.run(40)
    assert cluster.text("a", 20.3) == (
        "20.50 info: a wants to go standby [all]\n"
        "21.00 info: standby: b can take our all resources\n"
        "21.20 info: Local standby process completed [all].\n"
        "22.00 WARN: 1 lost packet(s) for [b] [34:36]\n"
        "22.00 info: remote resource transition completed.\n"
        "22.00 info: No pkts missing from b!\n"
        "22.00 info: Other node completed standby takeover of all resources.\n"
    )
    assert cluster.text("b", 20.3) == (
        "20.62 info: a wants to go standby [all]\n"
        "21.62 info: standby: acquire [all] resources from a\n"
        "21.82 info: Standby resource acquisition done [all].\n"
        "22.12 info: remote resource transition completed.\n"
    )
    assert cluster.again == []
    assert cluster.claims() == {"a": (0, 3), "b": (3, 0)}


@BOTH
def test_a_stop_during_a_standby_waits_for_its_end(version: str) -> None:
    cluster = Cluster(version=version)
    cluster.run(20.3)
    cluster.standby("a")
    cluster.run(20.7)
    cluster.signal("a", "TERM")
    cluster.run(40)
    said = cluster.lines("a", 20.6)
    assert said[:2] == [
        "standby: b can take our all resources",
        "Shutdown delayed until current resource activity finishes.",
    ]
    done = said.index("Other node completed standby takeover of all resources.")
    assert said.index("Heartbeat shutdown in progress. (100)") > done
    assert cluster.claims() == {"b": (3, 0)}


@pytest.mark.parametrize(
    ("share", "asker"), [("all", "b"), ("local", "b"), ("foreign", "b"), ("failback", "b")]
)
def test_a_takeover_asks_the_other_node_to_stand_by(share: str, asker: str) -> None:
    """``failback`` is no set that the script knows, and so means all (semantics 7.1)."""
    cluster = Cluster()
    cluster.run(20.3)
    cluster.write(asker, Letter("hb_takeover", body=(("rsc_hold", share),)))
    cluster.run(40)
    asked = {"local": "foreign", "foreign": "local"}.get(share, "all")
    assert cluster.lines("a", 20)[0] == f"a wants to go standby [{asked}]"
    assert [node for _, node, job in cluster.jobs if job == "hb_takeover"] == ["b", "a"]


def test_the_taker_counts_the_giver_as_unstable_until_it_is_told() -> None:
    """So the giver's next claim is the end of a transition (semantics 7.2, 5.10 B 6)."""
    pair = Pair("none", "all")
    pair.other(2, "me")
    assert not pair.master.state.resources.other_stable
    pair.other(3, "done")
    pair.own(4, "done")
    assert not pair.master.state.resources.other_stable
    pair.n += 1
    claim = pair.packet(pair.n, "resource", rsc_hold="none", rtype="full", isstable="1")
    assert REMOTE in pair.hear(4.5, claim)
