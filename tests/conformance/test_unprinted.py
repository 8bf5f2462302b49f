"""Which entries of the catalogue no run prints and no test names: the list stays true."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

import hasim
from hasim.catalogue import ENTRIES, Entry
from hasim.config import DIALECTS
from hasim.conform import load_recording, replay_of
from hasim.conform.runs import trace_of
from hasim.trace import Record
from hasim.units import SECOND
from tests.test_models import SCENARIOS

TESTS = Path(__file__).parent.parent
DATA = TESTS / "data"
#: A fixed part of a line that is longer names it.
_LONG = 12
WEBDATA = TESTS.parent / "models" / "webdata"


def _pdu(kind: str) -> dict[str, str]:
    return {"stonith_host": f"* {kind} 192.168.60.9 apc apc"}


def _listed() -> dict[str, str]:
    """Read the list: ``# reason`` above the entries that it holds for."""
    found, reason = {}, ""
    for line in (DATA / "unprinted.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("#"):
            reason = line.lstrip("# ")
        elif line:
            found[line] = reason
    return found


def _name(entry: Entry, dialect: str) -> str:
    values = " ".join(f"{k}={v}" for k, v in entry.when.items())
    return f"{entry.kind.__name__} {dialect} {values}".strip()


def _printed(records: Iterable[Record], dialect: str) -> set[str]:
    found = set()
    for event in {r.event for r in records}:
        for entry in ENTRIES:
            if entry.kind is type(event) and entry.suits(event) and dialect in entry.texts:
                found.add(_name(entry, dialect))
                break
    return found


#: Runs of the model beside its scenarios: fault lines, and changes of ha.cf.
MORE: tuple[tuple[tuple[str, ...], dict[str, str]], ...] = (
    (("3m standby node2", "3m1s standby node1", "4m standby node1", "4m5s standby node1"), {}),
    (("3m fail Filesystem stop on node1", "4m stop node1"), {}),
    (("0s fail Filesystem start on node1",), {}),
    (("0s fail IPaddr start on node1", "4m power-off node1", "5m start node1"), {}),
    (("3m slow IPaddr 20s on node1", "4m standby node1", "4m5s stop node1", "4m8s stop node1"), {}),
    (("4m kill node1 read:eth1", "6m kill node1 fifo", "8m kill node1 write:eth0"), {}),
    (("4m kill node1 master", "7m start node1"), {}),
    (("4m hang node1 for 40s",), {}),
    (("4m hang node2 master for 70s",), {}),
    (("4m cut node1:eth1", "4m cut node1:eth0", "6m restore node1:eth1"), {}),
    (("4m lose 45% node1:eth1", "4m lose 45% node1:eth0"), {"keepalive": "1"}),
    (("4m clock node1 -30s", "5m reload node1", "6m reload node1 deadtime=20"), {}),
    (("3m standby node1 local", "4m takeover node1 failback", "5m takeover node2"), {}),
    (("3m power-off node2", "5m standby node1", "7m power-on node2"), {"auto_failback": "off"}),
    (("3m standby node1", "4m power-off node1"), {"auto_failback": "legacy"}),
    (("1s stop node1",), {"initdead": "60"}),
    (("0s stonith pdu fail", "4m power-off node1", "6m stonith pdu ok"), _pdu("apcmaster")),
    (("0s power-off stonith pdu", "4m power-off node1"), _pdu("apcmaster")),
    (("4m kill node1 all",), _pdu("null")),
    (("4m kill node1 all", "8m isolate node1"), _pdu("ssh")),
    (("4m hang node1",), _pdu("meatware")),
    (("4m power-off node1",), _pdu("suicide")),
    (("4m hang node1", "9m stop node2"), {"watchdog": "/dev/watchdog"}),
    (("3m kill node1 ipfail", *(f"{180 + 3 * i}s kill node1 ipfail" for i in range(1, 13))), {}),
    (("3m kill node1 ccm",), {"crm": "on"}),
    (("3m kill node1 crmd",), {"crm": "yes"}),
    ((), {"ucast": "eth1 10.0.0.2"}),
    ((), {"mcast": "eth1 239.0.0.1 694 1 0"}),
    ((), {"ping_group": "gate 192.168.60.1 192.168.60.250"}),
    ((), {"initdead": "8", "deadtime": "5", "keepalive": "1", "warntime": "3"}),
)


def _runs() -> Iterable[tuple[str, Iterable[Record]]]:
    """Yield dialect and records of every run that counts."""
    for folder, scenario in SCENARIOS:
        for dialect in DIALECTS:
            model = hasim.load(folder, dialect=dialect)
            if model.scenarios[scenario].heartbeat in (None, dialect):
                yield dialect, model.run(scenario=scenario).trace.records
    for dialect in DIALECTS:
        model = hasim.load(WEBDATA, dialect=dialect)
        for faults, changes in MORE:
            run = model.changed(changes).run(faults, until="13m")
            yield dialect, run.trace.records
    for file in sorted((DATA / "recordings").glob("*.json.gz")):
        recording = load_recording(file)
        replay = replay_of(recording)
        world = replay.world()
        world.run(round(recording.duration * SECOND))
        yield "3.0.6", trace_of(replay, world).records


def _told() -> str:
    """Return the texts of all tests that look at lines of simulated nodes."""
    folders = ("cli", "config", "model", "protocol", "render", "run", "site", "world")
    files = [p for folder in folders for p in sorted((TESTS / folder).glob("test_*.py"))]
    return "\n".join(p.read_text(encoding="utf-8") for p in files)


def _named(entry: Entry, dialect: str, told: str) -> bool:
    """Tell whether a test names the event, or the longest fixed part of its line."""
    fixed = max((part[0] for part in entry.texts[dialect].parts), key=len).strip()
    named = re.search(rf"\b{entry.kind.__name__}\b", told) is not None
    return named or (len(fixed) > _LONG and fixed in told)


def test_what_is_not_printed_is_listed_with_a_reason_and_nothing_else_is() -> None:
    listed, printed, told = _listed(), set[str](), _told()
    for dialect, records in _runs():
        printed |= _printed(records, dialect)
    entries = [(entry, dialect) for entry in ENTRIES for dialect in entry.texts]
    known = {_name(*pair) for pair in entries}
    printed |= {_name(*pair) for pair in entries if _named(*pair, told)}
    assert sorted(known - printed - set(listed)) == [], "printed by no run and named by no test"
    assert sorted(set(listed) & printed) == [], "listed, but printed"
    assert sorted(set(listed) - known) == [], "listed, but no entry"
    assert all(listed.values())
