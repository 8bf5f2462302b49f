"""The report of a run: what stands in it, and that nobody needs anything else to read it."""

from __future__ import annotations

import gzip
import os
import re
import shlex
import subprocess
import sys
from base64 import b64encode
from dataclasses import replace
from hashlib import blake2b, sha256
from itertools import pairwise
from pathlib import Path

import pytest

import hasim
from hasim import events as ev
from hasim.errors import ConfigError
from hasim.model import Model
from hasim.render.picture import SHEET
from hasim.report import run_page
from hasim.run import Run, load_run
from hasim.scenario import Scenario
from hasim.trace import Clock, Header, Record, Source, Trace
from hasim.units import SECOND
from tests.report.seen import Page, read

ROOT = Path(__file__).resolve().parent.parent.parent
HOSTILE = "</script><script>boom()</script><img src=x onerror=boom()>\"'`&lt;\u2028\x00\u202e💥"


# ---- what it tells ------------------------------------------------------------------------------


def test_the_verdict_comes_first_and_says_what_users_lost(page: Page) -> None:
    main = page.one("main")
    first = next(e for e in main if e.name == "section")
    assert first.attributes["id"] == "verdict"
    words = first.text()
    assert "2 properties violated, as expected" in words
    assert "Users of 192.168.60.200/24/eth0 lost 5m in one outage" in words
    assert "the service was not back at the end: 50 % of the time." in words
    assert "at-most-one-mounter" in words
    assert "5m cut node1:eth1" in words


@pytest.mark.parametrize(
    ("faults", "state", "head"),
    [
        ([], "good", "Users lost nothing; no property is violated"),
        (["1m power-off node1"], "lost", "Users lost service; no property is violated"),
        (["1m kill node1 all"], "bad", "2 properties violated"),
    ],
)
def test_the_verdict_tells_good_lost_and_bad_apart(
    model: Model, faults: list[str], state: str, head: str
) -> None:
    page = read(run_page(model.run(faults, until="3m")))
    verdict = page.section("verdict")
    assert state in verdict.classes
    assert head in verdict.text()


def test_a_missed_expectation_is_bad_and_named(model: Model) -> None:
    scenario = replace(model.scenarios["power-loss"], name="", faults=())
    page = read(run_page(model.run(scenario=scenario)))
    verdict = page.section("verdict")
    assert "bad" in verdict.classes
    assert "expectation missed" in verdict.text()


def test_every_line_of_the_log_is_there_and_its_times_are_those_of_the_timeline(
    page: Page, heal: Run
) -> None:
    rows = [e for e in page.one("ol", "log") if e.name == "li"]
    lines = [row.text() for row in rows if not row.classes & {"fault", "violation", "gap"}]
    log = list(heal.log())
    assert len(lines) == len(log)
    assert all(shown.endswith(line) for shown, line in zip(lines, log, strict=True))
    times = page.data()[0]["log"]
    assert len(times) == len(rows)
    assert times == sorted(times)


def test_faults_and_violations_stand_between_the_lines_of_the_log(page: Page) -> None:
    rows = [e for e in page.one("ol", "log") if e.name == "li"]
    told = [row.text() for row in rows if row.classes & {"fault", "violation"}]
    assert [words for words in told if "fault 1" in words] == ["5mfault 1: 5m cut node1:eth1"]
    assert sum("violated: at-most-one-mounter" in words for words in told) == 1


def test_the_timeline_has_the_rows_and_bars_of_the_picture(page: Page, heal: Run) -> None:
    data = page.data()[0]
    rows = {(b["name"], r["label"]): r for b in data["bands"] for r in b["rows"]}
    assert ("node1", "/webdata") in rows
    assert ("who answers", "192.168.60.200") in rows
    numbers = rows["node1", "/webdata"]["bars"]
    held = [s for s in heal.spans("mount") if s.who == "node1"]
    assert len(numbers) == 6 * len(held)
    assert numbers[:2] == [held[0].begin, held[0].end - held[0].begin]
    assert data["words"][numbers[3]] == "node1: mount /webdata mounted"
    assert data["end"] == heal.end
    assert rows["node1", "/webdata"]["outlines"]
    assert [m[2] for m in data["marks"]] == list(heal.trace.header.faults)


def test_without_a_script_the_picture_of_the_timeline_is_shown(page: Page) -> None:
    static = page.one("div", "static")
    assert next(e.name for e in static) == "svg"
    assert "static" in static.classes
    sheet = page.one("style").text()
    assert ".js .static { display: none; }" in sheet
    assert ".needs-script { display: none; }" in sheet


def test_outages_have_their_phases_as_numbers_and_as_bars(page: Page) -> None:
    part = page.section("outages")
    assert "28s993ms" in part.text()
    bars = [e for e in part if e.name == "rect" and "phase4" in e.classes]
    assert len(bars) == 2  # the bar, and the sample in the key
    assert "taken over from node2" in part.text()


def test_violations_have_the_records_that_prove_them(page: Page) -> None:
    words = page.section("violations").text()
    assert "node1 and node2 mount web at the same time." in words
    assert "node2 mounts web on /webdata." in words
    moments = [e for e in page.section("violations") if "moment" in e.classes]
    assert {e.attributes["data-view"] for e in moments} == {"run"}
    assert "331134150" in {e.attributes["data-at"] for e in moments}


def test_topology_names_every_part_of_the_site(page: Page, model: Model) -> None:
    words = page.section("topology").text()
    site = model.site
    for name in (*site.nodes, *site.switches, *site.hosts, *site.disks, *site.stonith, *site.feeds):
        assert name in words
    assert "192.168.60.11/24" in words


def test_provenance_has_what_is_needed_to_get_the_same_bytes(page: Page, heal: Run) -> None:
    words = page.section("provenance").text()
    for told in (
        heal.digest,
        hasim.__version__,
        "2.0.8",
        *dict(heal.trace.header.configs).values(),
    ):
        assert told in words


def test_configuration_is_told_whole(page: Page, webdata: Path) -> None:
    words = page.section("configuration").text()
    for name in ("ha.cf", "haresources", "site.toml"):
        assert (webdata / name).read_text().strip() in words


# ---- it stands alone ----------------------------------------------------------------------------


def test_nothing_in_it_points_outside(page: Page) -> None:
    for element in page.root:
        for name in ("src", "srcset", "href", "action", "data", "poster", "background"):
            value = element.attributes.get(name, "#")
            assert value.startswith("#"), f"{element.name} {name}={value}"
        assert element.name not in ("link", "img", "iframe", "object", "embed", "form")
        assert not [name for name in element.attributes if name.startswith("on")]
        assert "style" not in element.attributes
    sheet = page.one("style").text()
    assert "@import" not in sheet
    assert re.findall(r"url\(", sheet) == []
    script = next(e for e in page.all("script") if "type" not in e.attributes).text()
    assert re.findall(r"https?://[^\s\"']+", script + sheet) == ["http://www.w3.org/2000/svg"]
    assert not re.search(r"\b(fetch|XMLHttpRequest|WebSocket|sendBeacon|import)\b", script)


def test_its_policy_allows_its_own_script_and_sheet_and_nothing_else(page: Page) -> None:
    meta = [e for e in page.all("meta") if "http-equiv" in e.attributes]
    assert [e.attributes["http-equiv"] for e in meta] == ["Content-Security-Policy"]
    rules = dict(rule.split(" ", 1) for rule in meta[0].attributes["content"].split("; "))

    def digest(text: str) -> str:
        return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"

    scripts = [e for e in page.all("script") if "type" not in e.attributes]
    assert len(scripts) == 1
    assert rules == {
        "default-src": "'none'",
        "style-src": digest(page.one("style").text()),
        "script-src": digest(scripts[0].text()),
        "base-uri": "'none'",
        "form-action": "'none'",
    }


def test_it_has_landmarks_headings_in_order_and_names_for_what_can_be_focused(page: Page) -> None:
    for name in ("header", "nav", "main", "footer", "h1", "title"):
        assert len(page.all(name)) >= 1
    assert page.all("html")[0].attributes["lang"] == "en"
    levels = [int(e.name[1]) for e in page.root if re.fullmatch(r"h[1-6]", e.name)]
    assert levels[0] == 1
    assert all(b - a <= 1 for a, b in pairwise(levels))
    for section in page.all("section"):
        head = page.section(section.attributes["aria-labelledby"])
        assert head.text().strip()
    for element in page.root:
        if element.attributes.get("tabindex") == "0" and element.name != "tr":
            named = element.attributes.get("aria-label") or element.attributes.get("data-tip")
            assert named, element.name
    for button in page.all("button"):
        assert button.text().strip() or button.attributes.get("aria-label")
    for head in page.all("th"):
        assert head.attributes["scope"] in ("col", "row", "rowgroup")


def test_the_same_run_gives_the_same_bytes_in_another_process(heal: Run, page: Page) -> None:
    code = (
        "import hasim, sys\nfrom hashlib import blake2b\nfrom hasim.report import run_page\n"
        "run = hasim.load('models/webdata').run(scenario='heal')\n"
        "print(blake2b(run_page(run).encode()).hexdigest())"
    )
    env = {**os.environ, "PYTHONHASHSEED": "77", "PYTHONPATH": str(ROOT)}
    relative = hasim.load("models/webdata") if Path.cwd() == ROOT else None
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, env=env, capture_output=True, text=True, check=True
    )
    again = [done.stdout.strip()]
    assert run_page(heal) == page.html
    if relative is not None:  # the path of the model is in the command
        same = run_page(relative.run(scenario="heal"))
        assert again == [blake2b(same.encode()).hexdigest()]


# ---- hostile texts ------------------------------------------------------------------------------


def hostile_run() -> Run:
    """A trace whose every text wants to break out of the page."""
    node = f"n{HOSTILE}"
    header = Header(
        "0", "3.0.6", scenario=HOSTILE, faults=(HOSTILE,), configs=((HOSTILE, HOSTILE),),
        clocks=(Clock(node, 0, 0), Clock("node2", 0, 0)), until_us=100 * SECOND,
    )  # fmt: skip
    told = [
        (None, ev.FaultInjected(0, f"1s cut {HOSTILE}")),
        (node, ev.LocalStatus("active")),
        (node, ev.NodeStatus(HOSTILE, "active")),
        (node, ev.NodeDead(HOSTILE)),
        (None, ev.AddressUp(node, HOSTILE)),
        (None, ev.AddressUp("node2", HOSTILE)),
        (None, ev.DiskMounted(node, HOSTILE, f"/{HOSTILE}")),
    ]
    records = [
        Record(
            (i + 1) * SECOND, i, Source(who, "heartbeat" if who else "kernel", None), event, None
        )
        for i, (who, event) in enumerate(told)
    ]
    scenario = Scenario(name=HOSTILE, title=HOSTILE)
    return Run(Trace(header, records), None, scenario, 0, 100 * SECOND)


def test_hostile_names_titles_and_lines_stay_texts() -> None:
    html = run_page(hostile_run())
    page = read(html)
    assert [e for e in page.root if e.name == "img"] == []
    scripts = page.all("script")
    assert [e.attributes.get("type", "") for e in scripts] == ["application/json", ""]
    assert "boom()" not in scripts[1].text()
    assert page.text.count("<script>boom()</script>") > 5
    assert "\x00" not in html
    words = page.data()[0]["words"]
    assert any(HOSTILE in word for word in words)
    head = page.one("h1").text()
    assert head == HOSTILE.replace("\x00", "\ufffd")


def test_a_lone_surrogate_does_not_keep_a_report_from_being_written(tmp_path: Path) -> None:
    run = hostile_run()
    odd = replace(run, scenario=Scenario(title="a\udc80b"))
    file = odd.report(tmp_path)
    assert "a\ufffdb" in file.read_text(encoding="utf-8")


# ---- again --------------------------------------------------------------------------------------


def command_of(page: Page) -> str:
    pre = [e for e in page.all("pre") if "Command" in e.attributes.get("aria-label", "")]
    assert len(pre) == 1
    return pre[0].text()


@pytest.mark.parametrize(
    "asked",
    [
        {"scenario": "power-loss"},
        {"scenario": "test4-all-cables-stonith"},
        {"faults": ["1m isolate node1 for 40s"], "until": "3m", "seed": 7},
        {"scenario": "start-alone", "faults": ["3m standby node1"], "change": {"deadtime": "20"}},
        {"scenario": "heal", "change": {"deadtime": "20"}, "seed": 2},
    ],
)
def test_the_command_in_it_gives_the_same_run(
    model: Model, asked: dict[str, object], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from hasim.cli import main

    run = model.run(**asked)  # type: ignore[arg-type]
    file = run.report(tmp_path)
    words = shlex.split(command_of(read(file.read_text(encoding="utf-8"))))
    assert words[:2] == ["hasim", "run"]
    monkeypatch.chdir(tmp_path)
    main([*words[1:], "--quiet", "--report", "again"])
    again = gzip.decompress((tmp_path / "again" / "run.jsonl.gz").read_bytes())
    first = gzip.decompress((tmp_path / "run.jsonl.gz").read_bytes())
    assert again.split(b"\n")[1:] == first.split(b"\n")[1:]


def test_the_python_in_it_gives_the_same_run(page: Page, heal: Run) -> None:
    pre = [e for e in page.all("pre") if "Python" in e.attributes.get("aria-label", "")]
    code = pre[0].text().replace("print(run.summary())", "")
    names: dict[str, Run] = {}
    exec(code, names)
    assert names["run"].digest == heal.digest


def test_the_trace_beside_it_is_read_back_and_has_a_report_too(heal: Run, tmp_path: Path) -> None:
    file = heal.report(tmp_path / "deep" / "er")
    assert file == tmp_path / "deep" / "er" / "report.html"
    (tmp_path / "t.jsonl").write_bytes(gzip.decompress((file.parent / "run.jsonl.gz").read_bytes()))
    loaded = load_run(tmp_path / "t.jsonl")
    assert loaded.trace == heal.trace
    words = read(run_page(loaded)).text
    assert "2 properties violated" in words
    assert "This run was read back from its trace" in words


def test_two_reports_of_a_run_are_equal_in_every_byte(heal: Run, tmp_path: Path) -> None:
    one, two = heal.report(tmp_path / "a"), heal.report(tmp_path / "b")
    names = sorted(p.name for p in one.parent.iterdir())
    assert names == ["report.html", "run.jsonl.gz"]
    for name in names:
        assert (one.parent / name).read_bytes() == (two.parent / name).read_bytes()


# ---- files --------------------------------------------------------------------------------------


def test_a_file_that_is_named_is_written_alone(heal: Run, tmp_path: Path) -> None:
    file = heal.report(tmp_path / "split.html")
    assert file == tmp_path / "split.html"
    assert [p.name for p in tmp_path.iterdir()] == ["split.html"]


def test_a_report_replaces_the_one_that_was_there(heal: Run, tmp_path: Path) -> None:
    (tmp_path / "report.html").write_text("old")
    heal.report(tmp_path)
    assert (tmp_path / "report.html").read_text().startswith("<!DOCTYPE html>")
    assert not [p for p in tmp_path.iterdir() if p.name.startswith(".hasim")]


def test_where_no_report_can_be_written_the_error_says_so(heal: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ConfigError, match=r"no report can be written to .*file"):
        heal.report(tmp_path / "file")
    (tmp_path / "taken" / "report.html").mkdir(parents=True)
    with pytest.raises(ConfigError, match="no report can be written"):
        heal.report(tmp_path / "taken")
    assert [p.name for p in (tmp_path / "taken").iterdir() if p.suffix == ".part"] == []


def test_the_sheet_of_the_page_touches_no_class_of_a_picture() -> None:
    folder = Path(hasim.__file__).parent / "report"
    sheet = re.sub(r"/\*.*?\*/", "", (folder / "style.css").read_text(), flags=re.DOTALL)
    pictures = set(re.findall(r"\.([a-z][\w-]*)", SHEET))
    selectors = [s.strip() for m in re.findall(r"([^{}]+)\{", sheet) for s in m.split(",")]
    own = {c for s in selectors if ".hasim" not in s for c in re.findall(r"\.([a-z][\w-]*)", s)}
    assert len(own) > 40
    # Levels and nodes of the log stand in it alone.
    assert own & pictures <= {"hasim"}


# ---- the document -------------------------------------------------------------------------------


def test_the_examples_of_the_document_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text = (ROOT / "docs" / "report.md").read_text()
    (example,) = re.findall(r"^```python\n(.*?)^```$", text, re.M | re.S)
    (tmp_path / "models").symlink_to(ROOT / "models")
    monkeypatch.chdir(tmp_path)
    known: dict[str, object] = {}
    exec(compile(example, "<example of the reports>", "exec"), known)
    assert (tmp_path / "heal" / "report.html").is_file()
    assert (tmp_path / "power.html").is_file()
    assert len(known["table"]) == 1  # type: ignore[arg-type]


def test_every_command_of_the_document_is_one() -> None:
    import typer.main

    from hasim.cli.app import app

    commands = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    text = (ROOT / "docs" / "report.md").read_text()
    blocks = "\n".join(re.findall(r"^```sh\n(.*?)^```$", text, re.M | re.S))
    lines = [line for line in blocks.splitlines() if line.startswith("hasim ")]
    assert len(lines) >= 8
    for line in lines:
        name, *words = shlex.split(line)[1:]
        commands[name].make_context(name, words)


def test_the_document_names_every_table_with_its_columns(heal: Run) -> None:
    text = (ROOT / "docs" / "report.md").read_text()
    for name, table in heal.tables().items():
        row = next(line for line in text.splitlines() if line.startswith(f"| `{name}` |"))
        told = " ".join(re.findall(r"`([^`]+)`", row)).split()
        assert [word for word in told[1:] if word in table.columns]
        assert set(table.columns) <= set(told)
