"""What the documents say is true: links lead somewhere, examples run, verbs are all there."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from hasim.errors import NotBuiltError
from hasim.faults import parse_fault, require_built
from hasim.faults.grammar import USAGE
from hasim.model import parse_scenario

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), *ROOT.glob("models/*/README.md")])
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
    refused = verbs_under("Read and checked, but refused when run:")
    assert sorted([*built, *refused]) == sorted(USAGE)


@pytest.mark.parametrize(("verb", "line"), verbs_under("Simulated:").items())
def test_a_verb_called_simulated_is_simulated(verb: str, line: str) -> None:
    fault = parse_fault(line)
    assert fault.verb == verb
    require_built(fault)


@pytest.mark.parametrize(
    ("verb", "line"), verbs_under("Read and checked, but refused when run:").items()
)
def test_a_verb_called_refused_is_refused(verb: str, line: str) -> None:
    fault = parse_fault(line.replace("ok|fail|hang|lie", "fail"))
    assert fault.verb == verb
    with pytest.raises(NotBuiltError, match=verb):
        require_built(fault)


def test_the_scenario_of_the_documentation_is_a_scenario() -> None:
    example = FORMATS.split("```toml\n", 1)[1].split("```", 1)[0]
    assert parse_scenario(example).title == tomllib.loads(example)["title"]


def test_the_python_example_of_the_readme_runs(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    example = (ROOT / "README.md").read_text().split("```python\n", 1)[1].split("```", 1)[0]
    monkeypatch.chdir(ROOT)
    exec(compile(example, "<example of the README>", "exec"), {})
    shown = capsys.readouterr().out.splitlines()
    assert any("node node1: is dead" in line for line in shown)
    assert re.fullmatch(r"[0-9a-f]{16,}", shown[-1])


def test_the_version_of_the_changelog_is_that_of_the_project() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    assert project["version"] in (ROOT / "CHANGELOG.md").read_text()
