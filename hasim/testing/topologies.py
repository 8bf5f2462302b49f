"""Whole clusters for Hypothesis, hardware and configuration, made from scratch."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from hasim.config import DIALECTS
from hasim.errors import HasimError, nearest
from hasim.model import Model
from hasim.testing.field import DEADPINGS, FAILBACKS, METHODS, SETTINGS, Settings, weighted
from hasim.testing.plans import Plan, Way, model_from, told
from hasim.units import micros

__all__ = ["topologies"]

#: The newest version first.
_DIALECTS = DIALECTS[::-1]
_STONITH = ("switch", "board", "meatware")
_WATCHDOGS = ("softdog", "hardware")
_PINGED = (0, 1, 2)
_DISKS = ((False,), (True,), (True, True), (True, False))
_NO_DISKS = ((False,), (False, False))
_WAYS = (
    Way("bcast", "lan"),
    Way("bcast", "cable"),
    Way("serial", "cable"),
    Way("ucast", "lan"),
    Way("ucast", "cable"),
    Way("mcast", "lan"),
    Way("bcast", "switch"),
    Way("ucast", "switch"),
    Way("mcast", "switch"),
)


def topologies(
    *,
    nodes: int = 2,
    dialect: str | None = None,
    disk: bool | None = None,
    stonith: bool | None = None,
    watchdog: bool | None = None,
    ipfail: bool | None = None,
    warnings: bool = False,
) -> st.SearchStrategy[Model]:
    """Return a strategy for whole clusters: hardware, resources and configuration.

    There are one to three media (bcast, ucast, mcast or serial; over the network of the service
    addresses, over a switch or a cable of their own), ping nodes and ipfail, one or two resource
    groups with or without shared disks, outlets of their own or one for all nodes, a STONITH device
    (a power switch, a management board on the outlet of its node, a human) and a watchdog or none.
    Times are those of :func:`configurations`. It shrinks to one bcast medium and nothing else.

    Every model is read from the texts of its files by :func:`hasim.load`: ``model.save("folder")``
    writes them, and a failed assertion of :mod:`hasim.testing` shows them.

    Parameters
    ----------
    nodes : int
        2 or 3. What is said in ``docs/limits.md`` of more than two nodes holds for three.
    dialect : str, optional
        Version of Heartbeat; both if not given.
    disk, stonith, watchdog, ipfail : bool, optional
        Whether there is one; both if not given.
    warnings : bool
        Whether there are also configurations of which the daemon says a warning.

    Raises
    ------
    HasimError
        At once, for a number of nodes or a dialect that there is not.
    """
    if nodes not in (2, 3):
        raise HasimError(f"there are topologies of 2 and of 3 nodes, not of {nodes!r}")
    if dialect is not None and dialect not in DIALECTS:
        known = f"; there are {', '.join(DIALECTS)}"
        raise HasimError(f"no dialect {dialect!r}{nearest(str(dialect), DIALECTS) or known}")
    no_disk = st.sampled_from(_NO_DISKS)
    disks = {True: st.sampled_from(_DISKS[1:]), False: no_disk, None: st.sampled_from(_DISKS)}
    boards = _STONITH if nodes == 2 else ("switch", "meatware")
    plans = st.builds(
        Plan,
        nodes=st.just(nodes),
        dialect=st.sampled_from(_DIALECTS if dialect is None else (dialect,)),
        ways=_ways(nodes),
        settings=st.sampled_from(_settings(warnings)),
        failback=st.sampled_from([v for v in FAILBACKS if warnings or v != "legacy"]),
        deadping=st.sampled_from(weighted(DEADPINGS, DEADPINGS.__getitem__)),
        method=st.sampled_from(weighted(METHODS, METHODS.__getitem__)),
        pinged=st.sampled_from(_PINGED[1:] if ipfail else _PINGED),
        ipfail=_maybe(ipfail),
        disks=disks[disk],
        shared_feed=st.booleans(),
        stonith=_one_of(boards, stonith),
        watchdog=_one_of(_WATCHDOGS, watchdog),
    )
    return plans.map(_sound).map(model_from).map(told)


def _maybe(wanted: bool | None) -> st.SearchStrategy[bool]:
    return st.booleans() if wanted is None else st.just(wanted)


def _one_of(kinds: tuple[str, ...], wanted: bool | None) -> st.SearchStrategy[str]:
    """Return a strategy for a kind, or for none, which is as likely as all kinds together."""
    none = ("",) * len(kinds)
    return st.sampled_from({True: kinds, False: ("",), None: (*none, *kinds)}[wanted])


def _ways(nodes: int) -> st.SearchStrategy[tuple[Way, ...]]:
    """Return a strategy for media; a cable that is not serial joins two nodes only."""
    fit = [way for way in _WAYS if nodes == 2 or way.kind == "serial" or way.over != "cable"]
    lists = st.lists(st.sampled_from(fit), min_size=1, max_size=3, unique_by=_place)
    return lists.map(tuple)


def _place(way: Way) -> str | Way:
    """Return what two media cannot share: the NIC on the network of the addresses, the port."""
    return way.over if way.over == "lan" else way.kind if way.kind == "serial" else way


def _settings(warnings: bool) -> tuple[Settings, ...]:
    """Return the settings; the daemon warns of an initdead below ten seconds."""
    fit = [s for s in SETTINGS if warnings or not s.initdead or micros(s.initdead) >= micros(10)]
    return weighted(fit, lambda settings: settings.files)


def _sound(plan: Plan) -> Plan:
    """Take away what a plan cannot have, or what would do nothing in it.

    That is ipfail and a deadping where nothing is pinged, and a deadping that is not longer than
    two keepalives.
    """
    keepalive = micros(plan.settings.keepalive or "1")
    too_short = plan.deadping != "" and micros(plan.deadping) <= 2 * keepalive
    deadping = "" if too_short or not plan.pinged else plan.deadping
    return replace(plan, deadping=deadping, ipfail=plan.ipfail and plan.pinged > 0)
