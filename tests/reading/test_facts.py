"""What lines show of the truth: who held what, who lost power; held against simulated truth."""

from __future__ import annotations

from pathlib import Path

import pytest

import hasim
from hasim import events as ev
from hasim.reading import INFERRED
from hasim.run.logs import LogRun
from hasim.trace import Span
from hasim.units import SECOND
from tests.reading.made import simulated
from tests.reading.support import DATA, written
from tests.reading.test_merging import logs_of

GROUP = "192.168.60.200/24/eth0"
#: Stamps are of a second, the skew is found to a second.
SLACK = 3 * SECOND
CASES = {
    "backup-joins": (),
    "heal": ("at-most-one-mounter", "at-most-one-vip-holder"),
    "heartbeat-cables-cut": ("at-most-one-mounter", "at-most-one-vip-holder"),
    "power-loss": (),
    "test1-graceful-stop": (),
    "test2-public-cable": (),
    "test3-power-cord": (),
    "test4-all-cables": ("at-most-one-mounter", "at-most-one-vip-holder"),
}


def read_run(folder: Path, scenario: str, dialect: str, deadtime: str | None = "30") -> LogRun:
    run = simulated(scenario, dialect)
    return hasim.read_logs(*logs_of(folder, run.trace, *run.nodes), deadtime=deadtime)


def shown(spans: list[Span], first: int = 0) -> list[tuple[str, int, int | None]]:
    return [(s.who, s.begin - first, None if s.open else s.end - first) for s in spans]


@pytest.mark.parametrize("dialect", ["2.0.8", "3.0.6"])
@pytest.mark.parametrize("scenario", CASES)
def test_the_log_of_a_run_shows_who_held_the_group(
    tmp_path: Path, scenario: str, dialect: str
) -> None:
    run = simulated(scenario, dialect)
    first = next(run.trace.log()).at
    read = read_run(tmp_path, scenario, dialect)
    truth, seen = shown(run.held(GROUP), first), shown(read.held(GROUP))
    assert [who for who, _, _ in seen] == [who for who, _, _ in truth]
    for (_, begin, end), (_, begun, ended) in zip(truth, seen, strict=True):
        assert abs(begin - begun) <= SLACK
        assert (end is None) == (ended is None)
        if end is not None and ended is not None:
            assert abs(end - ended) <= SLACK


@pytest.mark.parametrize("dialect", ["2.0.8", "3.0.6"])
@pytest.mark.parametrize(("scenario", "violated"), CASES.items())
def test_the_log_of_a_run_shows_which_properties_are_violated(
    tmp_path: Path, scenario: str, violated: tuple[str, ...], dialect: str
) -> None:
    read = read_run(tmp_path, scenario, dialect)
    assert {v.property for v in read.violations} == set(violated)
    for violation in read.violations:
        evidence = [read.trace.at(seq) for seq in violation.evidence]
        assert {r.source.program for r in evidence} == {INFERRED}
        assert all(r.cause is not None and read.place(r.cause) for r in evidence)


def test_power_is_lost_a_deadtime_before_the_declaration_where_that_is_told(
    tmp_path: Path,
) -> None:
    late = read_run(tmp_path, "power-loss", "3.0.6", None)
    told = read_run(tmp_path, "power-loss", "3.0.6")
    (lost,) = [r.at for r in told.records if isinstance(r.event, ev.NodePoweredOff)]
    (later,) = [r.at for r in late.records if isinstance(r.event, ev.NodePoweredOff)]
    (dead,) = [r.at for r in late.records if r.event == ev.NodeDead("node1")]
    assert (later, lost) == (dead, dead - 30 * SECOND)
    (outage,) = told.outage
    assert (outage.before, outage.after) == ("node1", "node2")
    assert outage.breakdown.detect == 30 * SECOND


def test_a_killed_daemon_cannot_be_told_from_a_lost_node_and_that_is_said(tmp_path: Path) -> None:
    killed, lost = simulated("test5-kill-9", "3.0.6"), simulated("power-loss", "3.0.6")
    assert list(killed.log()) == list(lost.log())
    assert {v.property for v in killed.violations} >= {"at-most-one-vip-holder"}
    read = read_run(tmp_path, "test5-kill-9", "3.0.6")
    assert read.violations == ()
    said = "where only its daemon was killed it still holds what it had"
    assert sum(said in remark for remark in read.remarks) == 1


def test_version_1_shows_an_address_too() -> None:
    run = hasim.read_logs(f"node1={DATA / 'ha-log.1.2.3'}")
    (span,) = run.held("10.0.0.1")
    assert (span.who, span.what, span.open) == ("node1", "10.0.0.1/24", True)
    assert run.trace.header.groups[0].calls == ("IPaddr 10.0.0.1", "httpd")


DISK = "Filesystem::/dev/sdb5::/webdata::ext3"
HEAD = "Nov 26 07:00:{:02} node1 ResourceManager[7]: "


def test_a_script_that_fails_gives_nothing(tmp_path: Path) -> None:
    lines = (
        f"info: Acquiring resource group: node1 10.0.0.1/24/eth0 {DISK}",
        "info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.1/24/eth0 start",
        "info: Running /etc/ha.d/resource.d/Filesystem /dev/sdb5 /webdata ext3 start",
        "ERROR: Return code 1 from /etc/ha.d/resource.d/Filesystem",
        f"CRIT: Giving up resources due to failure of {DISK}",
        f"info: Releasing resource group: node1 10.0.0.1/24/eth0 {DISK}",
        "info: Running /etc/ha.d/resource.d/Filesystem /dev/sdb5 /webdata ext3 stop",
        "info: Running /etc/ha.d/resource.d/IPaddr 10.0.0.1/24/eth0 stop",
        "info: Acquiring resource group: node1 none",
    )
    text = "".join(HEAD.format(i) + line + "\n" for i, line in enumerate(lines))
    run = hasim.read_logs(written(tmp_path, text))
    assert shown(run.held("10.0.0.1")) == [("node1", 2 * SECOND, 8 * SECOND)]
    assert run.held("/webdata") == []
    codes = [r.event.code for r in run.records if isinstance(r.event, ev.ScriptEnded)]
    assert codes == [0, 1, 0, 0]


def test_a_peer_without_a_log_is_known_by_its_messages_only(tmp_path: Path) -> None:
    run = simulated("power-loss", "3.0.6")
    read = hasim.read_logs(*logs_of(tmp_path, run.trace, "node2"))
    assert {span.who for span in read.held(GROUP)} == {"node2"}
    assert not any(isinstance(r.event, ev.NodePoweredOff) for r in read.records)


@pytest.mark.parametrize("deadtime", ["-1s", "soon", -5])
def test_a_deadtime_that_is_none_is_refused(tmp_path: Path, deadtime: object) -> None:
    run = simulated("power-loss", "3.0.6")
    with pytest.raises(hasim.HasimError, match="deadtime"):
        hasim.read_logs(*logs_of(tmp_path, run.trace, "node2"), deadtime=deadtime)  # type: ignore[arg-type]


def told(folder: Path, *lines: str, deadtime: str | None = None, **nodes: str) -> LogRun:
    """Read lines of March 2007; of each node besides those in `nodes`."""
    names = [written(folder, "\n".join(lines) + "\n", "messages")]
    names += [written(folder, text, f"messages.{node}") for node, text in nodes.items()]
    return hasim.read_logs(*names, year=2007, deadtime=deadtime)


def spans_of(run: LogRun, key: str) -> list[tuple[str, str, str]]:
    return [
        (s.who, run.wall(s.begin)[5:], "" if s.open else run.wall(s.end)[5:]) for s in run.held(key)
    ]


GENERATION = "heartbeat: [{}]: info: Heartbeat generation: {}"
ACQUIRED = (
    "Mar 12 09:15:02 web1 heartbeat: [2202]: info: Local status now set to: 'active'",
    "Mar 12 09:15:03 web1 ResourceManager[2321]: info: Acquiring resource group: web1 10.1.1.1"
    " httpd",
    "Mar 12 09:15:03 web1 ResourceManager[2321]: info: Running /etc/ha.d/resource.d/IPaddr"
    " 10.1.1.1 start",
    "Mar 12 09:15:03 web1 IPaddr[2401]: INFO:  Success",
    "Mar 12 09:15:04 web1 ResourceManager[2321]: info: Running /etc/init.d/httpd  start",
)
DEAD = (
    "Mar 13 02:41:39 web2 heartbeat: [100]: WARN: node web1: is dead\n"
    "Mar 13 02:41:39 web2 heartbeat: [100]: info: Resources being acquired from web1.\n"
    "Mar 13 02:41:40 web2 ResourceManager[150]: info: Acquiring resource group: web1 10.1.1.1"
    " httpd\n"
    "Mar 13 02:41:40 web2 ResourceManager[150]: info: Running /etc/ha.d/resource.d/IPaddr"
    " 10.1.1.1 start\n"
    "Mar 13 02:41:40 web2 IPaddr[160]: INFO:  Success\n"
    "Mar 13 02:41:40 web2 ResourceManager[150]: info: Running /etc/init.d/httpd  start\n"
    "Mar 13 02:41:41 web2 heartbeat: [100]: info: mach_down takeover complete.\n"
    "Mar 13 02:55:00 web2 heartbeat: [100]: info: Status update for node web1: status up\n"
)


def test_a_last_script_that_nothing_speaks_of_any_more_has_started(tmp_path: Path) -> None:
    released = (
        "Mar 20 18:00:00 web1 ResourceManager[9321]: info: Releasing resource group: web1 10.1.1.1"
        " httpd",
        "Mar 20 18:00:00 web1 ResourceManager[9321]: info: Running /etc/init.d/httpd  stop",
    )
    run = told(tmp_path, *ACQUIRED, *released)
    assert spans_of(run, "10.1.1.1") == [("web1", "03-12 09:15:03", "")]
    assert [(s.who, run.wall(s.begin)[5:], run.wall(s.end)[5:]) for _, s in run.groups_held()] == [
        ("web1", "03-12 09:15:04", "03-20 18:00:00")
    ]


def test_a_last_script_that_fails_minutes_later_has_not_started(tmp_path: Path) -> None:
    failed = (
        "Mar 12 09:16:00 web1 heartbeat: [2202]: info: Link web2:eth0 up.",
        "Mar 12 09:19:04 web1 ResourceManager[2321]: ERROR: Return code 1 from /etc/init.d/httpd",
    )
    run = told(tmp_path, *ACQUIRED, *failed)
    assert run.groups_held() == []


def test_an_excerpt_that_ends_with_a_call_does_not_tell_how_that_ended(tmp_path: Path) -> None:
    assert told(tmp_path, *ACQUIRED).groups_held() == []


def restarted(pid: int, *between: str) -> tuple[str, ...]:
    return (*ACQUIRED, *between, f"Mar 13 02:52:10 web1 {GENERATION.format(pid, 7)}")


@pytest.mark.parametrize(
    ("boot", "how"),
    [
        ("Mar 13 02:46:00 web1 kernel: Linux version 2.6.9-42.EL (gcc) #1", "its kernel boots"),
        ("Mar 13 02:46:00 web1 kernel: [    0.000000] Linux version 3.2.0", "its kernel boots"),
        ("-- Reboot --", "its kernel boots"),
        ("-- Boot 0123456789abcdef0123456789abcdef --", "its kernel boots"),
    ],
)
def test_a_boot_that_is_seen_ends_what_its_node_held(tmp_path: Path, boot: str, how: str) -> None:
    """Numbers of processes go on here as they do after a kill."""
    run = told(tmp_path, *restarted(2210, boot), web2=DEAD, deadtime="30")
    assert spans_of(run, "10.1.1.1") == [
        ("web1", "03-12 09:15:03", "03-13 02:41:09"),
        ("web2", "03-13 02:41:40", ""),
    ]
    assert [i.text for i in run.incidents if i.kind == "reset"] == [f"web1 loses power ({how})."]
    assert run.violations == ()


def test_where_the_kernel_speaks_and_does_not_boot_only_the_daemon_was_killed(
    tmp_path: Path,
) -> None:
    kernel = "Mar 12 12:00:00 web1 kernel: eth0: link up"
    run = told(tmp_path, *restarted(1500, kernel), web2=DEAD)
    assert [v.property for v in run.violations] == ["at-most-one-vip-holder"]
    assert [i.kind for i in run.incidents if i.node == "web1"] == ["restart"]


def test_a_node_whose_other_programs_write_on_was_not_reset(tmp_path: Path) -> None:
    """Numbers of processes begin anew after the highest one, too."""
    cron = tuple(f"Mar 13 02:{m}:01 web1 crond[77]: (root) CMD (x)" for m in (41, 42, 43))
    run = told(tmp_path, *restarted(1500, *cron), web2=DEAD)
    assert [v.property for v in run.violations] == ["at-most-one-vip-holder"]
    silent = told(tmp_path, *ACQUIRED, *cron, web2=DEAD)
    assert [v.property for v in silent.violations] == ["at-most-one-vip-holder"]


def test_numbers_that_begin_anew_or_nearly_so_speak_for_a_reset(tmp_path: Path) -> None:
    run = told(tmp_path, *restarted(1500), web2=DEAD)
    assert run.violations == ()
    assert not any("whether web1" in remark for remark in run.remarks)
    near = told(tmp_path, *restarted(2290), web2=DEAD)
    assert near.violations == ()
    assert any(
        "02:52:10: whether web1 was reset or only its daemon was killed, no line tells" in remark
        for remark in near.remarks
    )
    far = told(tmp_path, *restarted(9000), web2=DEAD)
    assert [v.property for v in far.violations] == ["at-most-one-vip-holder"]


def test_power_that_is_lost_at_night_is_lost_after_the_last_line_of_any_program(
    tmp_path: Path,
) -> None:
    cron = ("Mar 12 23:01:01 web1 crond[77]: (root) CMD (x)",)
    boot = "Mar 13 02:46:00 web1 kernel: Linux version 2.6.9"
    run = told(tmp_path, *restarted(2210, *cron, boot))
    assert spans_of(run, "10.1.1.1") == [("web1", "03-12 09:15:03", "03-12 23:02:00")]
    alone = told(tmp_path, *restarted(2210, boot))
    assert spans_of(alone, "10.1.1.1") == [("web1", "03-12 09:15:03", "03-13 02:46:00")]
    assert (
        "web1 loses its power between 2007-03-12 09:15:04 and 2007-03-13 02:46:00, no line tells "
        "when: taken for the end of that"
    ) in alone.remarks


def test_a_death_without_a_known_deadtime_is_said_to_be_late(tmp_path: Path) -> None:
    run = told(tmp_path, *restarted(1500), web2=DEAD)
    late = "when it is declared dead, a deadtime too late: tell it with --deadtime"
    assert any(late in remark for remark in run.remarks)
    known = told(tmp_path, *restarted(1500), web2=DEAD, deadtime="30")
    assert not any(late in remark for remark in known.remarks)


def test_a_node_that_was_cut_off_loses_its_power_later(tmp_path: Path) -> None:
    """It has written after its heartbeats were no longer heard."""
    cut = "Mar 13 02:41:38 web1 heartbeat: [2202]: WARN: node web2: is dead"
    run = told(tmp_path, *restarted(1500, cut), web2=DEAD, deadtime="30")
    assert spans_of(run, "10.1.1.1")[0] == ("web1", "03-12 09:15:03", "03-13 02:52:10")
    assert [v.property for v in run.violations] == ["at-most-one-vip-holder"]
    assert any("web1 loses its power between 2007-03-13 02:41:38 and" in r for r in run.remarks)


def test_a_node_that_was_being_reset_when_it_fell_silent_was_reset_then(tmp_path: Path) -> None:
    """Who has asked for it may not have lived to see it done."""
    cut = "Mar 13 02:41:38 web1 heartbeat: [2202]: WARN: node web2: is dead"
    ask = (
        "Mar 13 02:41:39 web2 heartbeat: [101]: info:"
        " Resetting node web1 with [x STONITH device ]\n"
    )
    dead = DEAD.replace("Mar 13 02:41:40 web2 R", ask + "Mar 13 02:41:40 web2 R", 1)
    run = told(tmp_path, *restarted(1500, cut), web2=dead, deadtime="30")
    assert spans_of(run, "10.1.1.1")[0] == ("web1", "03-12 09:15:03", "03-13 02:41:39")
    assert run.violations == ()


def test_one_who_starts_and_never_hears_a_node_tells_that_it_died_before(tmp_path: Path) -> None:
    """It waits for initdead, which is longer than deadtime."""
    start = f"Mar 13 02:39:00 web2 {GENERATION.format(100, 3)}\n"
    run = told(tmp_path, *restarted(1500), web2=start + DEAD, deadtime="30")
    assert spans_of(run, "10.1.1.1")[0] == ("web1", "03-12 09:15:03", "03-13 02:39:00")
    heard = start + "Mar 13 02:40:00 web2 heartbeat: [100]: info: Link web1:eth0 up.\n"
    known = told(tmp_path, *restarted(1500), web2=heard + DEAD, deadtime="30")
    assert spans_of(known, "10.1.1.1")[0] == ("web1", "03-12 09:15:03", "03-13 02:41:09")


def test_a_stop_that_ran_beside_a_start_has_not_unmounted_what_came_after(tmp_path: Path) -> None:
    at = "Mar 12 09:15:0{} web1 {}"
    group = "web1 10.1.1.1 Filesystem::/dev/sdb5::/web::ext3"
    mount = "Running /etc/ha.d/resource.d/Filesystem /dev/sdb5 /web ext3"
    lines = [
        at.format(1, f"ResourceManager[5]: info: Acquiring resource group: {group}"),
        at.format(1, f"ResourceManager[5]: info: {mount} start"),
        at.format(2, f"ResourceManager[9]: info: Releasing resource group: {group}"),
        at.format(2, f"ResourceManager[9]: info: {mount} stop"),
        at.format(3, "Filesystem[6]: INFO:  Success"),
        at.format(4, "Filesystem[10]: INFO:  Success"),
    ]
    run = told(tmp_path, *lines)
    assert [(s.what, s.open) for s in run.spans("mount")] == [("/web", True)]
    unmounted = at.format(4, "Filesystem[10]: INFO: unmounted /web successfully")
    gone = told(tmp_path, *lines[:5], unmounted, lines[5])
    assert [(s.what, s.open) for s in gone.spans("mount")] == [("/web", False)]


def test_version_1_names_no_processes_and_its_restarts_are_seen(tmp_path: Path) -> None:
    own = (
        "heartbeat: 2007/03/12_10:00:00 info: Configuration validated. Starting heartbeat 1.2.3",
        "heartbeat: 2007/03/12_10:00:00 info: Heartbeat generation: 5",
        "heartbeat: 2007/03/12_10:00:03 info: Acquiring resource group: web1 10.1.1.1 httpd",
        "heartbeat: 2007/03/12_10:00:03 info: Running /etc/ha.d/resource.d/IPaddr 10.1.1.1 start",
        "heartbeat: 2007/03/12_10:00:03 info: Running /etc/init.d/httpd  start",
        "heartbeat: 2007/03/12_10:00:04 info: Local Resource acquisition completed.",
        "heartbeat: 2007/03/13_02:52:00 info: Configuration validated. Starting heartbeat 1.2.3",
        "heartbeat: 2007/03/13_02:52:00 info: Heartbeat generation: 6",
    )
    name = written(tmp_path, "\n".join(own) + "\n", "ha-log.web1")
    run = hasim.read_logs(name, written(tmp_path, DEAD, "messages"), deadtime="30")
    assert run.violations == ()
    assert [i.kind for i in run.incidents if i.node == "web1"] == ["reset"]
    assert any("02:52:00: whether web1 was reset or only its daemon" in r for r in run.remarks)


def test_a_machine_that_is_soon_back_was_reset_where_its_syslog_has_started(tmp_path: Path) -> None:
    up = "Mar 13 02:42:30 web1 sshd[701]: Server listening on 0.0.0.0 port 22."
    log = 'Mar 13 02:42:20 web1 rsyslogd: [origin software="rsyslogd" x-pid="612"] (re)start'
    run = told(tmp_path, *restarted(850, log, up), web2=DEAD)
    assert run.violations == ()
    doubt = told(tmp_path, *restarted(850, up), web2=DEAD)
    assert [v.property for v in doubt.violations] == ["at-most-one-vip-holder"]
    assert any("taken for a kill of its daemon" in remark for remark in doubt.remarks)


@pytest.mark.parametrize("how", ["boot", "restart"])
def test_a_mount_that_a_crash_has_cut_short_never_was(tmp_path: Path, how: str) -> None:
    at = "Mar 12 09:15:0{} web1 {}"
    again = {
        "boot": "Mar 12 09:18:00 web1 kernel: Linux version 2.6.18",
        "restart": f"Mar 12 09:18:00 web1 {GENERATION.format(70, 8)}",
    }
    run = told(
        tmp_path,
        at.format(0, GENERATION.format(90, 7)),
        at.format(1, "ResourceManager[5]: info: Acquiring resource group: web1 10.1.1.1"
           " Filesystem::/dev/drbd0::/web::ext3"),
        at.format(1, "ResourceManager[5]: info: Running /etc/ha.d/resource.d/Filesystem"
           " /dev/drbd0 /web ext3 start"),
        at.format(2, "Filesystem[6]: INFO: Running start for /dev/drbd0 on /web"),
        again[how],
    )  # fmt: skip
    assert run.spans("mount") == []


def test_the_limits_of_a_loss_of_power_are_given_where_other_programs_narrow_it(
    tmp_path: Path,
) -> None:
    cron = "Mar 12 23:01:01 web1 crond[77]: (root) CMD (x)"
    boot = "Mar 13 02:46:00 web1 kernel: Linux version 2.6.9"
    run = told(tmp_path, *restarted(2210, cron, boot))
    assert (
        "web1 loses its power between 2007-03-12 23:02:00 and 2007-03-13 02:46:00, no line tells "
        "when: taken for the beginning of that"
    ) in run.remarks


def test_a_log_ends_with_the_last_line_of_any_program(tmp_path: Path) -> None:
    cron = "Mar 12 11:15:01 web1 crond[77]: (root) CMD (x)"
    run = told(tmp_path, *ACQUIRED, cron)
    assert run.wall(run.end)[5:] == "03-12 11:15:00"


def test_a_death_is_not_caused_by_an_end_in_an_earlier_life(tmp_path: Path) -> None:
    own = (
        "Mar 13 02:35:00 web1 heartbeat: [70]: info: web1 Heartbeat shutdown complete.",
        f"Mar 13 02:36:00 web1 {GENERATION.format(90, 7)}",
    )
    run = told(tmp_path, *own, web2=DEAD)
    (death,) = (r for r in run.records if isinstance(r.event, ev.NodeDead))
    assert death.cause is None or isinstance(run.records[death.cause].event, ev.NodePoweredOff)
