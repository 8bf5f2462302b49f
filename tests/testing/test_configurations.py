"""Configurations of one cluster: what all obey, how often values come, what stays."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import hasim
from hasim.config import parse_ha_cf, render_ha_cf
from hasim.testing import VARIED, configurations
from hasim.testing.field import METHODS
from hasim.units import SECOND
from tests.conftest import ROOT
from tests.testing.support import drawn, smallest

WEBDATA = hasim.load(ROOT / "models" / "webdata")
ANY = configurations(WEBDATA)


@given(model=ANY)
def test_the_daemon_accepts_every_configuration_and_says_nothing_new(model: hasim.Model) -> None:
    assert {(p.level, p.text) for p in model.warnings} <= {
        (p.level, p.text) for p in WEBDATA.warnings
    }
    assert model.site == WEBDATA.site
    assert model.haresources == WEBDATA.haresources
    for config in model.configs.values():
        assert config.deadtime > 2 * config.keepalive < config.deadping
        assert config.initdead >= config.deadtime


@given(model=ANY)
def test_every_configuration_renders_as_it_reads(model: hasim.Model) -> None:
    for node, config in model.configs.items():
        again, _ = parse_ha_cf(render_ha_cf(config), local=node, dialect=model.dialect)
        assert again is not None
        assert again.given == config.given
        assert (again.deadtime, again.initdead) == (config.deadtime, config.initdead)


@settings(max_examples=10, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(model=ANY)
def test_every_configuration_can_be_saved_and_pasted(
    model: hasim.Model, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("saved")
    model.save(folder)
    again, pasted = hasim.load(folder), eval(model.python(), {"hasim": hasim})
    assert again.configs == pasted.configs == model.configs
    assert again.site == pasted.site == model.site
    assert again.scenarios == model.scenarios


def test_values_come_as_often_as_in_the_field() -> None:
    found = [m for s in drawn(st.lists(ANY, min_size=20, max_size=20), 20) for m in s]
    many = len(found)
    configs = [model.configs["node1"] for model in found]
    share = {
        "keepalive": sum(1 for c in configs if c.keepalive == 2 * SECOND) / many,
        "deadtime": sum(1 for c in configs if c.deadtime == 30 * SECOND) / many,
        "initdead": sum(1 for c in configs if c.initdead == 120 * SECOND) / many,
    }
    # Of the 32 files without a warning: 21 give a keepalive of 2 s; 10 a deadtime of 30 s, which
    # is the default of 5 more; 7 an initdead of 120 s.
    assert share["keepalive"] == pytest.approx(21 / 32, abs=0.12)
    assert share["deadtime"] == pytest.approx(15 / 32, abs=0.12)
    assert share["initdead"] == pytest.approx(7 / 32, abs=0.12)
    methods = Counter(c.authkeys.signing.method for c in configs if c.authkeys is not None)
    for method, files in METHODS.items():
        assert methods[method] / many == pytest.approx(files / 23, abs=0.12)
    assert {c.auto_failback for c in configs} == {"on", "off"}
    assert {c.is_given("deadping") for c in configs} == {True, False}


def test_it_shrinks_to_the_most_usual_values() -> None:
    usual = smallest(configurations(WEBDATA.with_(deadtime="20", auto_failback="off")), bool)
    assert usual.diff(WEBDATA) == []
    ten = smallest(ANY, lambda model: model.configs["node1"].deadtime == 10 * SECOND)
    assert [str(c) for c in WEBDATA.diff(ten)] == [
        "deadping 30s -> 10s", "deadtime 30s -> 10s", "initdead 2m -> 1m", "warntime 10s -> 5s",
    ]  # fmt: skip


@pytest.mark.parametrize("name", VARIED)
def test_what_is_not_to_vary_stays(name: str) -> None:
    base = WEBDATA.with_(keepalive="3", deadtime="31", initdead="121", warntime="11", deadping="29")
    found = drawn(configurations(base, vary=[name]), 12)
    changed = {change.directive for model in found for change in base.diff(model)}
    assert changed == ({name} if name != "auth" else set())
    keys = {m.configs["node2"].authkeys for m in found}
    assert (len(keys) > 1) == (name == "auth")


def test_directives_that_follow_a_varied_one_by_default_change_with_it() -> None:
    plain = hasim.load(
        {
            "ha.cf": "use_logd on\nbcast eth0\nauto_failback on\nnode a b\n",
            "haresources": "a 10.0.0.1\n",
            "authkeys": "auth 1\n1 crc\n",
        }
    )
    found = drawn(configurations(plain, vary="deadtime"), 20)
    assert {m.configs["a"].deadping == m.configs["a"].deadtime for m in found} == {True}
    assert len({m.configs["a"].initdead for m in found}) > 2


def test_configurations_with_warnings_come_when_asked_for() -> None:
    def said(models: list[hasim.Model]) -> set[str]:
        known = {p.text for p in WEBDATA.warnings}
        return {p.text for model in models for p in model.warnings} - known

    assert said(drawn(ANY, 60)) == set()
    more = said(drawn(configurations(WEBDATA, warnings=True), 90))
    assert "Deprecated 'legacy' auto_failback option selected." in more
    assert "Initial dead time [9000 ms] may be too small!" in more


def test_keys_of_single_nodes_follow_the_method() -> None:
    texts: Mapping[str, bytes] = {n: f.data for n, f in WEBDATA.sources.files().items()}
    own = hasim.load({**texts, "config/node2/authkeys": texts["authkeys"]})
    crc = smallest(
        configurations(own, vary="auth"),
        lambda m: any(
            c.authkeys and c.authkeys.signing.method == "crc" for c in m.configs.values()
        ),
    )
    keys = {c.authkeys for c in crc.configs.values()}
    assert len(keys) == 1
    assert crc.run(until="1m").violations == ()


def test_without_a_base_there_is_a_plain_cluster() -> None:
    (model,) = drawn(configurations(vary="auth"), 1)
    assert model.nodes == ("node1", "node2")
    assert len({m.configs["node1"].deadtime for m in drawn(configurations(), 60)}) > 4


def test_what_cannot_be_varied_is_refused_at_once(tmp_path: Path) -> None:
    with pytest.raises(hasim.HasimError, match="did you mean 'deadtime'"):
        configurations(WEBDATA, vary=["deadtme"])
    with pytest.raises(hasim.HasimError, match="no model"):
        configurations("models/webdata")  # type: ignore[arg-type]


def test_a_base_that_no_usual_value_goes_with_is_told() -> None:
    slow = WEBDATA.with_(keepalive="40", deadtime="100", initdead="200", deadping="100")
    with pytest.raises(hasim.HasimError, match="with keepalive, warntime, initdead of webdata"):
        drawn(configurations(slow, vary="deadtime"), 1)
