"""Models from texts, to folders, and as Python."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pytest

import hasim
from hasim.errors import ConfigError, HasimError
from hasim.folder.sources import TEXTS
from hasim.model import Model, Scenario, load
from tests.model.conftest import AUTHKEYS, HA_CF, HARESOURCES
from tests.site.example import EXAMPLE

BARE: Mapping[str, str] = {"ha.cf": HA_CF, "haresources": HARESOURCES, "authkeys": AUTHKEYS}
WHOLE = {**BARE, "site.toml": EXAMPLE, "scenarios/quiet.toml": 'until = "1m" # short\n'}


def made(model: Model) -> Model:
    again = eval(model.python(), {"hasim": hasim})
    assert isinstance(again, Model)
    return again


def test_texts_give_the_model_that_a_folder_with_them_gives(founding: Path) -> None:
    model, folder = load(WHOLE), load(founding)
    assert model.configs == folder.configs
    assert model.site == folder.site
    assert [*model.scenarios] == ["quiet"]
    assert (model.name, str(model.path)) == ("texts", TEXTS)
    assert model.digests == folder.digests


def test_texts_may_be_bytes_and_of_single_nodes() -> None:
    own = HA_CF.replace("warntime 10", "warntime 12").encode()
    model = load({**BARE, "config/node2/ha.cf": own})
    assert model.configs["node2"].warntime != model.configs["node1"].warntime


@pytest.mark.parametrize(
    ("texts", "said"),
    [
        ({**BARE, "ha.cf": "bcst eth0\n"}, r"<texts>/ha\.cf:1: ERROR: .*bcst"),
        ({**BARE, "site.tml": ""}, r"'site\.tml' is no file of a model; did you mean 'site\.toml'"),
        ({**BARE, "config/node1/site.toml": ""}, "is no file of a model"),
        ({**BARE, "scenarios/.toml": ""}, "is no file of a model"),
        (
            {**BARE, "scenarios/x.toml": "untl = 1\n"},
            r"scenarios/x\.toml:1: .*did you mean 'until'",
        ),
        ({**BARE, "config/node3/ha.cf": HA_CF}, "'node3' is no node"),
        ({"ha.cf": HA_CF, "authkeys": AUTHKEYS}, "Cannot open resources file"),
        ({}, "Cannot open"),
    ],
)
def test_texts_that_are_wrong_are_told_as_files_are(texts: Mapping[str, str], said: str) -> None:
    with pytest.raises(ConfigError, match=said):
        load(texts)


def test_a_saved_model_reads_back_with_its_edits_and_scenarios(tmp_path: Path) -> None:
    model = load(WHOLE).with_(deadtime="20")
    model.save(tmp_path / "a" / "b")
    again = load(tmp_path / "a" / "b")
    assert again.configs == model.configs
    assert again.site == model.site
    assert again.scenarios == model.scenarios
    assert (tmp_path / "a" / "b" / "scenarios" / "quiet.toml").read_text().endswith("# short\n")
    assert (tmp_path / "a" / "b" / "authkeys").stat().st_mode & 0o777 == 0o600
    assert again.edits == {}


def test_a_scenario_that_no_file_holds_is_written_too(tmp_path: Path) -> None:
    model = replace(load(WHOLE), scenarios={"new": Scenario("new", until=60_000_000)})
    model.save(tmp_path)
    assert load(tmp_path).scenarios == model.scenarios


@pytest.mark.parametrize("texts", [BARE, WHOLE])
@pytest.mark.parametrize("dialect", ["2.0.8", "3.0.6"])
def test_the_dialect_is_saved(tmp_path: Path, texts: Mapping[str, str], dialect: str) -> None:
    model = load(texts, dialect)
    model.save(tmp_path)
    assert load(tmp_path).site == model.site
    assert (tmp_path / "site.toml").exists() is (texts is WHOLE or dialect == "2.0.8")


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "mine").write_text("")
    with pytest.raises(HasimError, match="is not empty: give a new folder"):
        load(BARE).save(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["mine"]
    with pytest.raises(HasimError, match="cannot be written: "):
        load(BARE).save(tmp_path / "mine" / "below")


def test_python_loads_the_folder_where_it_still_gives_the_model(founding: Path) -> None:
    model = load(founding)
    assert model.python() == f"hasim.load({str(founding)!r})"
    edited = model.with_(deadtime="20", initdead="")
    assert edited.python() == (
        f"hasim.load({str(founding)!r}).changed({{'deadtime': '20', 'initdead': ''}})"
    )
    assert made(edited) == edited
    other = load(founding, "3.0.6")
    assert other.python() == f"hasim.load({str(founding)!r}, '3.0.6')"
    (founding / "ha.cf").write_text(HA_CF.replace("warntime 10", "warntime 12"))
    assert str(founding) not in model.python()
    assert made(model).configs == model.configs
    assert made(edited).configs == edited.configs


@pytest.mark.parametrize("dialect", ["2.0.8", "3.0.6"])
@pytest.mark.parametrize(
    "texts",
    [
        BARE,
        WHOLE,
        {**BARE, "ha.cf": HA_CF.replace("\n", "\r\n").rstrip()},
        {**BARE, "ha.cf": HA_CF.encode() + b"# caf\xe9 '\"\\\n"},
        {**BARE, "ha.cf": HA_CF + "# don't \"\\\n\n"},
    ],
)
def test_python_holds_the_texts_otherwise(texts: Mapping[str, str], dialect: str) -> None:
    model = load(texts, dialect)
    again = made(model)
    assert replace(again, scenarios=model.scenarios) == model
    assert again.sources.common == model.sources.common
    assert (again.configs, again.site) == (model.configs, model.site)


def test_where_a_line_stands_is_no_difference_between_models() -> None:
    model = load(BARE)
    shorter = model.with_(warntime="")
    assert [str(change) for change in model.diff(shorter)] == ["warntime 10s -> 15s"]
