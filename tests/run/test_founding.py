"""The start of node1 in the founding document, line by line (semantics 16.1)."""

from __future__ import annotations

import re

from hasim.model import Model
from hasim.run import Run

FOUNDING = """\
info: Configuration validated. Starting heartbeat 2.0.8
info: heartbeat: version 2.0.8
info: Heartbeat generation: 3
info: G_main_add_TriggerHandler: Added signal manual handler
info: G_main_add_TriggerHandler: Added signal manual handler
info: Removing /var/lib/heartbeat/rsctmp failed, recreating.
info: glib: UDP Broadcast heartbeat started on port 694 (694) interface eth1
info: glib: UDP Broadcast heartbeat closed on port 694 interface eth1 - Status: 1
info: glib: ping heartbeat started.
info: G_main_add_SignalHandler: Added signal handler for signal 17
info: Local status now set to: 'up'
info: Link node1:eth1 up.
info: Link 192.168.60.1:192.168.60.1 up.
info: Status update for node 192.168.60.1: status ping
WARN: node node2: is dead
info: Comm_now_up(): updating status to active
info: Local status now set to: 'active'
info: Starting child client "/usr/lib/heartbeat/ipfail" (694,694)
""".splitlines()
LINE = re.compile(r"Nov 26 (\d\d):(\d\d):(\d\d) node1 heartbeat: \[(\d+)\]: (.*)", re.ASCII)


def start(model: Model, seed: int) -> list[tuple[int, int, str]]:
    """Return second of the day, process id and text of each line."""
    run: Run = model.run(scenario="start-alone", seed=seed)
    found = [LINE.fullmatch(line) for line in run.log("node1")]
    return [(int(m[1]) * 3600 + int(m[2]) * 60 + int(m[3]), int(m[4]), m[5]) for m in found if m]


def test_the_lines_of_the_founding_document_appear_in_its_order(model: Model) -> None:
    assert model.dialect == "2.0.8"
    for seed in range(8):
        texts = iter(text for _, _, text in start(model, seed))
        for wanted in FOUNDING:
            assert wanted in texts, f"seed {seed}: {wanted!r} is missing or too early"


def test_nothing_but_what_the_document_leaves_out_is_added(model: Model) -> None:
    extra = [text for _, _, text in start(model, 0) if text not in FOUNDING]
    assert extra == [
        "WARN: Logging daemon is disabled --enabling logging daemon is recommended",
        "info: **************************",
        "info: glib: UDP Broadcast heartbeat started on port 694 (694) interface eth0",
        "info: glib: UDP Broadcast heartbeat closed on port 694 interface eth0 - Status: 1",
        "info: Link node1:eth0 up.",
        "WARN: No STONITH device configured.",
        "WARN: Shared disks are not protected.",
        "info: Resources being acquired from node2.",
        extra[8],
        "info: mach_down takeover complete.",
        "info: Initial resource acquisition complete (mach_down)",
        "info: Local Resource acquisition completed.",
        "info: Local Resource acquisition completed. (none)",
        "info: local resource transition completed.",
    ]
    assert extra[8].startswith('info: Starting "/usr/lib/heartbeat/ipfail" as uid 694  gid 694')


def test_parent_and_master_have_the_process_ids_of_the_document(model: Model) -> None:
    pids = {text: pid for _, pid, text in start(model, 0)}
    assert pids["info: Configuration validated. Starting heartbeat 2.0.8"] == 3688
    assert pids["info: Heartbeat generation: 3"] == 3689


def test_the_dead_peer_is_declared_dead_two_minutes_after_the_start(model: Model) -> None:
    for seed in range(8):
        at = {text: second for second, _, text in start(model, seed)}
        wait = at["WARN: node node2: is dead"] - at["info: Local status now set to: 'up'"]
        assert wait in (120, 121)
        assert at["info: Link node1:eth1 up."] - at["info: Local status now set to: 'up'"] == 1
        ping = "info: Status update for node 192.168.60.1: status ping"
        assert at[ping] - at["info: Local status now set to: 'up'"] == 2
        assert at["info: Local status now set to: 'active'"] == at["WARN: node node2: is dead"]
        assert at["info: Local status now set to: 'up'"] == 7 * 3600 + 52 * 60 + 21
