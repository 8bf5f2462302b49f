"""``hasim read``: what goes to which stream, and exit codes."""

from __future__ import annotations

import gzip
import io
import json
import sys
from pathlib import Path

import pytest

import hasim
from tests.cli.conftest import Cli
from tests.reading.made import simulated
from tests.reading.support import DATA, written
from tests.reading.test_merging import logs_of

FOUNDING = str(DATA / "founding-excerpts.txt")


def test_the_founding_document_is_told_on_standard_output(cli: Cli) -> None:
    done = cli("read", FOUNDING)
    assert (done.code, done.err) == (0, "")
    assert done.out == hasim.read_logs(FOUNDING).summary() + "\n"
    assert "the clock of node2 is 1m11s behind that of node1 (+-1s, 2 messages)" in done.out


def test_what_two_nodes_hold_makes_the_exit_code_1(cli: Cli, tmp_path: Path) -> None:
    run = simulated("heal", "3.0.6")
    done = cli("read", *logs_of(tmp_path, run.trace, *run.nodes), "--deadtime", "30")
    assert done.code == 1
    assert "violated: at-most-one-mounter" in done.out


def test_one_table_is_written_with_every_row(cli: Cli) -> None:
    done = cli("read", FOUNDING, "--table", "held")
    assert done.code == 0
    assert [line.split()[1] for line in done.out.splitlines()] == ["node", "node1", "node2"]
    assert "the year 2007 is assumed" in done.err
    as_json = cli("read", FOUNDING, "--table", "held", "--json", "--quiet")
    assert [json.loads(line)["node"] for line in as_json.out.splitlines()] == ["node1", "node2"]
    assert as_json.err == ""


def test_json_holds_every_table(cli: Cli) -> None:
    rows = [json.loads(line) for line in cli("read", FOUNDING, "--json").out.splitlines()]
    assert {row["table"] for row in rows} >= {"lines", "held", "outages", "incidents", "skews"}


def test_the_merged_log_is_written_in_the_order_of_true_time(cli: Cli) -> None:
    done = cli("read", FOUNDING, "--log")
    lines = [line for line in done.out.splitlines() if "wants to go standby" in line]
    assert [line.split()[2:4] for line in lines] == [["09:04:20", "node1"], ["09:03:09", "node2"]]
    only = cli("read", FOUNDING, "--log", "--node", "node2", "--format", "journal").out
    assert {line.split()[3] for line in only.splitlines()} == {"node2"}


def test_why_tells_what_a_line_seems_to_follow_from(cli: Cli) -> None:
    done = cli("read", FOUNDING, "--why", "no such words", "--year", "2007")
    assert done.code == 2
    assert "nothing in this run says 'no such words'" in done.err
    done = cli("read", FOUNDING, "--why", "give up all HA resources")
    assert done.code == 0
    assert "-> node1 heartbeat: standby: node2 can take our all resources" in done.out
    chain = cli("read", FOUNDING, "--why", "give up all HA resources", "--json").out.splitlines()
    assert json.loads(chain[-1])["event"]["event"] == "StandbyWork"


def test_a_trace_is_saved(cli: Cli, tmp_path: Path) -> None:
    path = tmp_path / "read.jsonl"
    assert cli("read", FOUNDING, "--save", str(path), "--quiet").code == 0
    assert hasim.load_run(path).trace == hasim.read_logs(FOUNDING).trace
    done = cli("read", FOUNDING, "--save", str(tmp_path / "no" / "such"))
    assert (done.code, "cannot be written" in done.err) == (2, True)


def test_lines_are_counted_without_keeping_any(cli: Cli) -> None:
    done = cli("read", FOUNDING, "--count")
    counts = dict(line.rsplit(None, 1) for line in done.out.splitlines())
    assert done.code == 0
    assert (counts["lines"], counts["event"], counts["joined"]) == ("193", "98", "71")
    rows = [json.loads(r) for r in cli("read", FOUNDING, "--count", "--json").out.splitlines()]
    assert rows[0] == {"what": "lines", "count": 193}


def test_standard_input_is_a_log_too(cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    class Stdin:
        buffer = io.BufferedReader(io.BytesIO(gzip.compress(Path(FOUNDING).read_bytes())))

    monkeypatch.setattr(sys, "stdin", Stdin)
    done = cli("read", "-", "--table", "skews", "--json", "--quiet")
    assert json.loads(done.out)["offset_s"] == -71.0


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("no-such-file",), "no-such-file: ERROR: cannot be read: No such file or directory"),
        ((FOUNDING, "--skew", "node2"), "--skew node2: write NODE=TIME"),
        ((FOUNDING, "--skew", "node3=1s"), "no line is of the node 'node3'; did you mean 'node"),
        ((FOUNDING, "--skew", "node2=x"), "the skew of node2: 'x' is not a duration"),
        ((FOUNDING, "--year", "12"), "the year must be a whole number from 1970 on, not 12"),
        ((FOUNDING, "--deadtime", "x"), "deadtime: 'x' is not a duration"),
        ((FOUNDING, "--table", "x"), "no table 'x'; there are lines, held"),
        ((FOUNDING, "--log", "--node", "node7"), "no node 'node7' in this run"),
    ],
)
def test_bad_input_is_said_and_exits_with_2(
    cli: Cli, arguments: tuple[str, ...], said: str
) -> None:
    done = cli("read", *arguments)
    assert done.code == 2
    assert said in done.err
    assert "Traceback" not in done.err


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (("--log", "--table", "held"), "--table and --log exclude each other: ask for one at"),
        (("--count", "--why", "x"), "--why and --count exclude each other"),
        (("--count", "--table", "held"), "--table and --count exclude each other"),
        (("--log", "--json"), "--json goes with --table, --why and --count, or alone"),
        (("--node", "node1"), "--node goes with --log only"),
        (("--table", "held", "--format", "journal"), "--format goes with --log only"),
        (("--window", "1m..2m"), "--window goes with --timeline only"),
        (("--count", "--save", "x"), "--count and --save exclude each other"),
        (("--count", "--skew", "node2=1s"), "--count and --skew exclude each other"),
    ],
)
def test_a_flag_that_would_be_ignored_is_refused(
    cli: Cli, flags: tuple[str, ...], said: str
) -> None:
    done = cli("read", FOUNDING, *flags)
    assert (done.code, done.out) == (2, "")
    assert said in done.err


def test_the_help_says_what_the_exit_code_1_means_and_what_a_log_leaves_out(cli: Cli) -> None:
    said = " ".join(cli("read", "--help").out.split())
    for part in (
        "two nodes have held the same address or disk",
        "resources were started or stopped out of order",
        "taken over before their holder was fenced",
        "--log leaves out debug lines, what is not understood and what tells nothing",
        "in hasim's wording",
    ):
        assert part in said


def test_a_file_without_a_line_of_heartbeat_is_bad_input(cli: Cli, tmp_path: Path) -> None:
    done = cli("read", written(tmp_path, "hello\n"))
    assert (done.code, done.out) == (2, "")
    assert "no line of Heartbeat is in" in done.err


def test_lines_of_other_programs_are_counted_all_the_same(cli: Cli, tmp_path: Path) -> None:
    done = cli("read", "--count", written(tmp_path, "Nov 26 07:52:21 node2 sshd[1]: hi\n"))
    assert (done.code, done.err) == (0, "")
