"""What the documents say is true: links lead somewhere, examples run, verbs are all there."""

from __future__ import annotations

import re
import shlex
import tomllib
from pathlib import Path
from typing import Any

import pytest
import typer.main

import hasim
from hasim.cli import main
from hasim.cli.app import app
from hasim.faults import parse_fault, require_built
from hasim.faults.grammar import USAGE
from hasim.model import parse_scenario
from hasim.site import parse_site

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = sorted(
    [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("models/*/README.md")]
)
FORMATS = (ROOT / "docs" / "formats.md").read_text()


def verbs_under(heading: str) -> dict[str, str]:
    """Return the verbs of the table after a line of text, each with its example line."""
    table = FORMATS.split(f"\n{heading}\n", 1)[1].split("\n\n", 1)[0]
    rows = re.findall(r"^\| `([a-z-]+)` \| `([^`]*)`", table, re.MULTILINE)
    return {verb: re.split(r" \[", line.replace("\\|", "|"))[0] for verb, line in rows}


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda p: str(p.relative_to(ROOT)))
def test_links_to_files_lead_to_files(path: Path) -> None:
    links = re.findall(r"\]\(([^)#]+)\)", path.read_text())
    local = [link for link in links if not link.startswith("https://")]
    assert [link for link in local if not (path.parent / link).exists()] == []


def test_the_two_tables_of_verbs_name_every_verb_once() -> None:
    built = verbs_under("Simulated:")
    assert sorted(built) == sorted(USAGE)


@pytest.mark.parametrize(("verb", "line"), verbs_under("Simulated:").items())
def test_a_verb_called_simulated_is_simulated(verb: str, line: str) -> None:
    fault = parse_fault(line)
    assert fault.verb == verb
    require_built(fault)


def fenced(path: str, language: str) -> list[str]:
    """Return the examples of a document in one language."""
    return re.findall(rf"^```{language}\n(.*?)^```$", (ROOT / path).read_text(), re.M | re.S)


def test_the_scenario_of_the_documentation_meets_its_expectations() -> None:
    _, example = fenced("docs/formats.md", "toml")
    scenario = parse_scenario(example)
    assert scenario.title == tomllib.loads(example)["title"]
    run = hasim.load(ROOT / "models" / "webdata").run(scenario=scenario)
    assert (run.ok, run.warnings) == (True, ())


def test_the_scripts_of_the_documentation_are_those_of_a_site() -> None:
    example, _ = fenced("docs/formats.md", "toml")
    whole = (ROOT / "models" / "webdata" / "site.toml").read_text()
    site = parse_site(whole.partition("[script]")[0] + example)
    assert site.script_traits("node2", "apache2").hangs == ("stop",)
    assert site.script_traits("node1", "apache2").hangs == ()


def test_the_python_example_of_the_readme_runs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    example, _ = fenced("README.md", "python")
    (tmp_path / "models").symlink_to(ROOT / "models")
    monkeypatch.chdir(tmp_path)
    exec(compile(example, "<example of the README>", "exec"), {})
    shown = capsys.readouterr().out.splitlines()
    assert shown[0].startswith("node1 has the address from ")
    assert shown[1].startswith("node2 has the address from ")
    assert "node1 is without power (detect " in shown[2]
    assert "()" in shown
    assert "all ('/webdata',)" in shown
    assert any("node node1: is dead" in line for line in shown)
    assert any(re.fullmatch(r"[0-9a-f]{16,}", line) for line in shown)
    assert re.search(r"\b30\.0\b.* 31\.\d+", shown[-1])  # a row of quantiles
    assert (tmp_path / "report.html").is_file()


def test_the_python_example_of_the_formats_runs(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (example,) = fenced("docs/formats.md", "python")
    (tmp_path / "models").symlink_to(ROOT / "models")
    monkeypatch.chdir(tmp_path)
    known: dict[str, object] = {}
    exec(compile(example, "<example of the formats>", "exec"), known)
    run = known["run"]
    assert isinstance(run, hasim.Run)
    assert not run.ok
    assert hasim.load_run("run.jsonl").trace == run.trace


def masked(line: str) -> str:
    """Return a line without its numbers and times, which follow every draw, and its columns."""
    return " ".join(
        re.sub(r"\d+(?:(?:ms|us|s|m|h)(?![a-z]))?", "#", line).replace("##", "#").split()
    )


def test_the_output_that_the_readme_shows_is_real(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    log, table, *_ = fenced("README.md", "console")
    command, *lines = log.splitlines()
    monkeypatch.chdir(ROOT)
    assert main(command.removeprefix("$ hasim ").split()) == 0
    shown = capsys.readouterr()
    written = iter([masked(line) for line in shown.out.splitlines()])
    assert [line for line in lines if masked(line) not in written] == []  # in this order
    told = "\n".join(" ".join(re.sub(r"\d+", "", x).split()) for x in shown.err.splitlines())
    for line in table.splitlines():
        words = re.findall(r"[a-z][a-z-]{3,}", line)
        assert any(all(w in t for w in words) for t in told.split("\n")), line


def test_the_python_examples_of_the_pictures_run(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    pictures, figures = fenced("docs/pictures.md", "python")
    (tmp_path / "models").symlink_to(ROOT / "models")
    monkeypatch.chdir(tmp_path)
    known: dict[str, object] = {}
    exec(compile(pictures, "<example of the pictures>", "exec"), known)
    assert str(known["svg"]).startswith("<svg ")
    exec(compile(figures, "<example of the figures>", "exec"), known)
    assert (tmp_path / "topology.pdf").read_bytes().startswith(b"%PDF")
    from matplotlib import pyplot as plt

    plt.close("all")


def test_the_findings_that_the_readme_shows_are_found(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    command, *shown = fenced("README.md", "console")[2].splitlines()
    monkeypatch.chdir(ROOT)
    assert main(command.removeprefix("$ hasim ").split()) == 1
    assert capsys.readouterr().out.splitlines()[: len(shown)] == shown


def test_the_search_that_the_readme_shows_finds_what_it_shows(
    webdata: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    command, *shown = fenced("README.md", "console")[3].splitlines()
    (tmp_path / "models").symlink_to(webdata.parent)
    monkeypatch.chdir(tmp_path)
    assert main([*command.removeprefix("$ hasim ").split(), "--jobs", "1"]) == 1
    assert capsys.readouterr().out.splitlines()[: len(shown)] == shown
    assert (tmp_path / "results" / "latest" / "verdict.json").is_file()


def test_the_python_example_of_the_search_runs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (example,) = fenced("docs/search.md", "python")
    monkeypatch.chdir(ROOT)
    exec(compile(example, "<example of the search>", "exec"), {})
    assert "20 schedules" in capsys.readouterr().out


def test_the_python_example_of_the_reading_runs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (example,) = fenced("docs/reading.md", "python")
    monkeypatch.chdir(ROOT)
    known: dict[str, Any] = {}
    exec(compile(example, "<example of the reading>", "exec"), known)
    shown = capsys.readouterr().out
    told = re.findall(r"print\(run.skews\[0\]\)  # (.*)", example)
    assert told == [line for line in shown.splitlines() if line in told][:1]
    assert {"death", "standby"} <= set(known["incidents"]["kind"])


DOCUMENTED = ["README.md", "docs/formats.md", "docs/pictures.md", "docs/reading.md"]


@pytest.mark.parametrize("path", DOCUMENTED)
def test_every_command_line_of_the_documents_is_one(path: str) -> None:
    commands: Any = typer.main.get_command(app)
    text = "\n".join(fenced(path, "sh"))
    lines = [x for x in text.splitlines() if x.startswith("hasim ") and "--version" not in x]
    assert lines
    for line in lines:
        # What is in brackets is optional, and has been given.
        plain = line.partition(" > ")[0].replace("[--fault ...]", "")
        name, *words = shlex.split(re.sub(r"[][]", "", plain), comments=True)[1:]
        commands.commands[name].make_context(name, words)


#: A draw as the table of pins has it, and what it stands for.
PINS = {
    "NODE/bootN/validated": "node1/boot1/validated",
    "NODE/bootN/version": "node1/boot1/version",
    "NODE/bootN/up": "node1/boot1/up",
    "NODE/bootN/io-start/read MEDIUM": "node1/boot1/io-start/read eth1",
    "NODE/bootN/tick-phase": "node1/boot1/tick-phase",
    "NODE/bootN/creep": "node1/boot1/creep",
    "NODE/bootN/master-missed": "node1/boot2/master-missed",
    "NODE/bootN/children-gone": "node1/boot1/children-gone",
    "NODE/JOBk/i line": "node1/harc1/0 line",
    "NODE/JOBk/i SCRIPT OP": "node1/ResourceManager1/1 IPaddr status",
    "NODE/JOBk/exit": "node1/req_our_resources1/exit",
    "NODE/SCRIPT ARGS OPk/duration": "node1/IPaddr 192.168.60.200/24/eth0 start1/duration",
    "NODE/SCRIPT ARGS OPk/rc": "node1/Filesystem /dev/sdb5 /webdata ext3 start1/rc",
    "NODE/ipfailK/sign-on": "node1/ipfail1/sign-on",
    "NODE/powerN/boot": "node2/power2/boot",
    "load": "load",
    "CLIENT/arpM/reachable": "client/arp1/reachable",
}


def test_the_draws_that_may_be_pinned_are_drawn() -> None:
    assert [name for name in PINS if f"`{name}`" not in FORMATS] == []
    model = hasim.load(ROOT / "models" / "webdata")
    faults = [
        "3m stop node1",
        "4m start node1",
        "6m kill node1 master",
        "7m power-off node2 for 5s",
    ]
    run = model.run(faults, until="9m", pin=dict.fromkeys(PINS.values(), "1ms"))
    assert run.warnings == ()
    (short,) = model.run(until="1s", pin={"node1/no/draw": "1s"}).warnings
    assert "node1/no/draw" in short


def test_the_version_of_the_changelog_is_that_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["version"] in (ROOT / "CHANGELOG.md").read_text()


_OURS = re.compile(r"<!-- ours: (\S+) -->\n```\n(.*?)```", re.DOTALL)


def test_what_the_founding_document_quotes_as_ours_stands_in_the_expected_logs() -> None:
    text = (ROOT / "docs" / "founding-document.md").read_text(encoding="utf-8")
    blocks = _OURS.findall(text)
    assert len(blocks) > 9
    for scenario, quoted in blocks:
        log = ROOT / "models" / "webdata" / "expected" / f"{scenario}.2.0.8.log"
        lines = log.read_text(encoding="utf-8").splitlines()
        places = [lines.index(line) for line in quoted.splitlines()]
        assert places == sorted(places), scenario
