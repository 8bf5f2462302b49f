"""What is configured and not simulated is said, and only that."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import hasim
from hasim.model import Model
from hasim.run.notes import not_simulated


def notes(model: Model) -> tuple[str, ...]:
    return not_simulated(model.configs, model.haresources, model.site)


def test_resources_are_said_not_to_be_simulated_once(model: Model) -> None:
    said = notes(model)
    assert [n for n in said if n.startswith("resources are not simulated")] == [said[0]]
    assert "192.168.60.200/24/eth0" in said[0]


@pytest.mark.parametrize(
    ("directive", "value", "says"),
    [
        ("watchdog", "/dev/watchdog", "watchdog /dev/watchdog is not simulated"),
        ("stonith", "apcmaster /etc/ha.d/apc", "STONITH (apcmaster) is not simulated"),
        ("crm", "yes", "crm"),
        ("auto_failback", "legacy", "auto_failback legacy"),
        ("debug", "1", "debug 1"),
    ],
)
def test_a_directive_that_is_not_simulated_is_said(
    model: Model, directive: str, value: str, says: str
) -> None:
    assert not any(says in n for n in notes(model))
    changed = model.changed({directive: value})
    assert sum(says in n for n in notes(changed)) == 1


def test_what_holds_for_one_node_names_it(webdata: Path, tmp_path: Path) -> None:
    folder = tmp_path / "m"
    shutil.copytree(webdata, folder)
    own = folder / "config" / "node2"
    own.mkdir(parents=True)
    (own / "ha.cf").write_text((webdata / "ha.cf").read_text() + "watchdog /dev/watchdog\n")
    assert [n for n in notes(hasim.load(folder)) if "watchdog" in n] == [
        "node2: watchdog /dev/watchdog is not simulated: nothing is fed and nothing expires"
    ]


def test_a_run_carries_its_notes_and_its_summary_shows_them(model: Model) -> None:
    run = model.changed({"watchdog": "/dev/watchdog"}).run(until="1s")
    assert any("watchdog" in n for n in run.notes)
    assert all(f"note: {n}" in run.summary() for n in run.notes)
