"""A model folder in: texts, configurations, site and scenarios, with all problems at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from hasim.errors import ConfigError
from hasim.folder import read_sources
from hasim.folder.sources import sources_of
from hasim.model.check import check_scenario
from hasim.model.model import Model, model_of
from hasim.scenario import Scenario, parse_scenario

__all__ = ["load"]


def load(path: str | Path | Mapping[str, str | bytes], dialect: str | None = None) -> Model:
    r"""Read a model folder, or an ``/etc/ha.d``, or the texts of one.

    Parameters
    ----------
    path : str, Path or mapping
        Folder with ``ha.cf``, ``haresources``, ``authkeys``; optionally ``config/NODE/`` with
        files of one node alone, ``site.toml``, and ``scenarios/*.toml``. Or these names, each with
        the text of its file: ``{"ha.cf": "bcast eth0\n...", ...}``.
    dialect : str, optional
        Heartbeat version; overrides the site's.

    Raises
    ------
    ConfigError
        With every problem of every file.
    """
    sources, problems = sources_of(path) if isinstance(path, Mapping) else read_sources(path)
    if problems and not sources.common and not sources.own:
        raise ConfigError(problems)
    scenarios: dict[str, Scenario] = {}
    for name, (file, text) in sources.scenarios.items():
        try:
            scenarios[name] = parse_scenario(text, file, name)
        except ConfigError as x:
            problems += x.problems
    model = model_of(sources, dialect, problems)
    for scenario in scenarios.values():
        problems += check_scenario(scenario, model)
    if problems:
        raise ConfigError(problems)
    return replace(model, scenarios=scenarios)
