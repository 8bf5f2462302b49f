"""What is configured and not simulated is said, and only that."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

import hasim
from hasim.model import Model
from hasim.run.notes import not_simulated
from hasim.site import Host


def notes(model: Model) -> tuple[str, ...]:
    return not_simulated(model.configs, model.haresources, model.site)


def test_the_founding_cluster_is_simulated_whole(model: Model) -> None:
    assert notes(model) == ()
    assert notes(model.changed({"auto_failback": "legacy"})) == ()


def test_only_clients_other_than_ipfail_do_nothing(model: Model) -> None:
    other = model.changed({"respawn": "hacluster /usr/lib/heartbeat/dopd -v"})
    assert [n for n in notes(other) if "dopd" in n] == [
        "the client dopd is started, but not simulated: it does nothing"
    ]


def test_a_cluster_manager_is_one_note_and_not_one_for_each_client(model: Model) -> None:
    (said,) = notes(model.changed({"crm": "on", "stonith": "apcmaster /etc/ha.d/apc"}))
    assert "what they decide is not simulated" in said


def test_a_client_that_probes_an_address_of_no_group_is_said(model: Model) -> None:
    site = replace(model.site, hosts={"c": Host("c", "lan", probes="192.168.60.201")})
    said = not_simulated(model.configs, model.haresources, site)
    assert said == ("c probes 192.168.60.201, an address of no group: nobody will answer it",)


@pytest.mark.parametrize(
    ("directive", "value", "says"),
    [
        ("cluster", "web", "cluster web is not simulated"),
        ("crm", "yes", "crm on: the processes ccm, cib,"),
        ("crm", "manual", "crm manual: no resource is ever started"),
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
    (own / "ha.cf").write_text((webdata / "ha.cf").read_text() + "cluster web\n")
    assert [n for n in notes(hasim.load(folder)) if "cluster" in n] == [
        "node2: cluster web is not simulated"
    ]


def test_a_run_carries_its_notes_and_its_summary_shows_them(model: Model) -> None:
    run = model.changed({"cluster": "web"}).run(until="1s")
    assert any("cluster web" in n for n in run.notes)
    assert all(f"note: {n}" in run.summary() for n in run.notes)


def test_a_watchdog_needs_no_note(model: Model) -> None:
    assert notes(model.changed({"watchdog": "/dev/watchdog"})) == notes(model)
