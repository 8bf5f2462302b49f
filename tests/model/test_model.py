from __future__ import annotations

import os
import pickle
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from hasim.errors import ConfigError, Problem
from hasim.model import load
from hasim.units import SECOND
from tests.model.conftest import AUTHKEYS, HA_CF, HARESOURCES


def problems(folder: Path) -> tuple[Problem, ...]:
    with pytest.raises(ConfigError) as caught:
        load(folder)
    return caught.value.problems


def test_a_model_folder_gives_configurations_site_and_scenarios(founding: Path) -> None:
    (founding / "scenarios").mkdir()
    (founding / "scenarios" / "cut.toml").write_text('faults = ["60s cut node1:eth0"]\n')
    model = load(founding)
    assert model.name == "ha.d"
    assert model.nodes == ("node1", "node2")
    assert model.configs["node1"].deadtime == 30 * SECOND
    assert model.configs["node1"].local == "node1"
    assert model.configs["node2"].authkeys is not None
    assert model.haresources["node2"].allkeys() == ("192.168.60.200/24/eth0",)
    assert model.dialect == "2.0.8"
    assert model.assumed == ()
    assert model.scenarios["cut"].name == "cut"


def test_without_a_site_one_is_derived_and_every_guess_told(bare: Path) -> None:
    model = load(bare)
    assert model.dialect == "3.0.6"
    assert "The ping node 192.168.60.1 is behind eth0, on lan." in model.assumed
    assert model.site.nodes["node1"].nics["eth0"].on == "lan"


def test_a_dialect_asked_for_overrides_the_site(founding: Path) -> None:
    assert load(founding, "3.0.6").dialect == "3.0.6"
    assert load(founding, "3.0.6").configs["node1"].dialect == "3.0.6"
    assert load(founding).with_dialect("3.0.6").dialect == "3.0.6"
    with pytest.raises(ConfigError, match=r"did you mean '2\.0\.8'"):
        load(founding, "2.0.7")


def test_a_missing_folder_is_told_in_one_sentence(tmp_path: Path) -> None:
    (problem,) = problems(tmp_path / "nowhere")
    assert problem.text == "no such folder"


@pytest.mark.parametrize("path", ["a\0b", "x" * 5000])
def test_a_path_that_cannot_be_is_no_such_folder(path: str) -> None:
    with pytest.raises(ConfigError, match="no such folder"):
        load(path)


def test_missing_files_are_told_in_the_words_of_the_daemon(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    texts = [p.text for p in problems(Path())]
    assert "Cannot open config file [./ha.cf]" in texts
    assert "Cannot open resources file [./haresources]" in texts
    assert "Cannot open keyfile [./authkeys].  Stop." in texts


def test_problems_of_all_files_are_told_at_once(founding: Path) -> None:
    (founding / "ha.cf").write_text(HA_CF + "deadtiem 5\n")
    (founding / "authkeys").write_text("auth 2\n")
    (founding / "site.toml").write_text("sche = 1\n")
    (founding / "scenarios").mkdir()
    (founding / "scenarios" / "s.toml").write_text("titel = 'x'\n")
    files = {Path(p.file).name for p in problems(founding)}
    assert files == {"ha.cf", "authkeys", "site.toml", "s.toml"}


def test_a_complaint_about_a_shared_file_is_told_once(bare: Path) -> None:
    (bare / "haresources").write_text("node9 10.0.0.1\n")
    found = problems(bare)
    assert len(set(found)) == len(found)
    assert sum("Bad nodename" in p.text for p in found) == 1


def test_a_scenario_that_names_a_strange_node_is_refused_at_load(bare: Path) -> None:
    (bare / "scenarios").mkdir()
    (bare / "scenarios" / "s.toml").write_text('\nfaults = ["5s isolate node9"]\n')
    (problem,) = problems(bare)
    assert (Path(problem.file).name, problem.line) == ("s.toml", 2)


def test_the_mode_of_authkeys_counts_without_a_site(bare: Path) -> None:
    (bare / "authkeys").chmod(0o644)
    assert any("Bad permissions on keyfile" in p.text for p in problems(bare))


def test_a_site_can_say_the_mode_of_authkeys(founding: Path) -> None:
    (founding / "authkeys").chmod(0o644)
    load(founding)
    text = (founding / "site.toml").read_text()
    (founding / "site.toml").write_text(text.replace("0600", "0644"))
    (founding / "authkeys").chmod(0o600)
    assert any("Bad permissions on keyfile" in p.text for p in problems(founding))


def test_files_of_one_node_override_the_common_ones(bare: Path) -> None:
    own = bare / "config" / "node2"
    own.mkdir(parents=True)
    (own / "ha.cf").write_text(HA_CF.replace("deadtime 30", "deadtime 40"))
    model = load(bare)
    assert model.configs["node1"].deadtime == 30 * SECOND
    assert model.configs["node2"].deadtime == 40 * SECOND
    assert [str(c) for c in load(bare).diff(load(bare))] == []


def test_files_of_every_node_alone_make_a_model(bare: Path) -> None:
    for node in ("node1", "node2"):
        (bare / "config" / node).mkdir(parents=True)
        for name, text in (("ha.cf", HA_CF), ("haresources", HARESOURCES), ("authkeys", AUTHKEYS)):
            (bare / "config" / node / name).write_text(text)
            (bare / "config" / node / name).chmod(0o600)
    for name in ("ha.cf", "haresources", "authkeys"):
        (bare / name).unlink()
    assert load(bare).nodes == ("node1", "node2")


def test_a_folder_of_an_unknown_node_is_a_problem(bare: Path) -> None:
    (bare / "config" / "node3").mkdir(parents=True)
    (problem,) = problems(bare)
    assert "'node3' is no node of" in problem.text


def test_a_site_must_have_the_nodes_and_nics_of_ha_cf(founding: Path) -> None:
    (founding / "ha.cf").write_text(
        HA_CF.replace("bcast eth1", "bcast eth7").replace("node node1 node2", "node node1 node3")
    )
    texts = [p.text for p in problems(founding)]
    assert "node1 has no NIC 'eth7', which ha.cf uses; did you mean 'eth1'?" in texts
    assert any(t.startswith("'node2' is no node of ha.cf") for t in texts)
    assert any(t.startswith("no [node.node3] in this site") for t in texts)


def test_a_ping_node_without_a_host_is_a_warning(founding: Path) -> None:
    (founding / "ha.cf").write_text(HA_CF.replace("192.168.60.1", "192.168.60.9"))
    texts = [p.text for p in load(founding).warnings]
    assert any("the ping node '192.168.60.9' is no host of this site" in t for t in texts)


def test_with_changes_a_directive_on_every_node_and_nothing_on_disk(founding: Path) -> None:
    model = load(founding)
    changed = model.with_(deadtime="10", auto_failback=False)
    assert changed.configs["node2"].deadtime == 10 * SECOND
    assert [str(c) for c in model.diff(changed)] == [
        "auto_failback on -> off",
        "deadping 30s -> 10s",
        "deadtime 30s -> 10s",
    ]
    assert (founding / "ha.cf").read_text() == HA_CF
    assert changed.scenarios == model.scenarios


def test_with_refuses_what_the_daemon_refuses(founding: Path) -> None:
    model = load(founding)
    with pytest.raises(ConfigError, match=r"Dead time \[3000\] is too small"):
        model.with_(deadtime=3)
    with pytest.raises(ConfigError, match="did you mean 'deadtime'"):
        model.with_(deadtiem=3)


def test_diff_names_the_node_where_only_one_differs(bare: Path) -> None:
    before = load(bare)
    (bare / "config" / "node2").mkdir(parents=True)
    (bare / "config" / "node2" / "ha.cf").write_text(HA_CF.replace("keepalive 2", "keepalive 1"))
    assert [str(c) for c in before.diff(load(bare))] == ["node2: keepalive 2s -> 1s"]


def test_a_model_survives_pickling(founding: Path) -> None:
    model = load(founding)
    assert pickle.loads(pickle.dumps(model)) == model


def test_a_folder_in_place_of_a_file_is_a_problem_not_a_traceback(bare: Path) -> None:
    (bare / "ha.cf").unlink()
    (bare / "ha.cf").mkdir()
    assert any(p.text == "is not a file" for p in problems(bare))


def test_a_pipe_in_place_of_a_file_does_not_block(bare: Path) -> None:
    (bare / "authkeys").unlink()
    os.mkfifo(bare / "authkeys")
    assert any(p.text == "is not a file" for p in problems(bare))


def test_a_file_in_place_of_the_scenarios_folder_is_ignored(bare: Path) -> None:
    (bare / "scenarios").write_text("x")
    assert load(bare).scenarios == {}


NAMES = ("ha.cf", "haresources", "authkeys", "site.toml", "scenarios/s.toml", "config/node1/ha.cf")
content = st.binary(max_size=200) | st.text(max_size=100).map(
    lambda t: t.encode("utf-8", "surrogatepass")
)


@given(st.dictionaries(st.sampled_from(NAMES), content))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_a_folder_of_random_bytes_never_gives_a_traceback(
    founding: Path, tmp_path: Path, files: dict[str, bytes]
) -> None:
    folder = tmp_path / "fuzzed"
    shutil.rmtree(folder, ignore_errors=True)
    shutil.copytree(founding, folder)
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)
    found: ConfigError | None = None
    try:
        load(folder)
    except ConfigError as x:
        found = x
    assert found is None or found.problems
