"""A model: what the administrator wrote for each node, on the hardware of a site."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from hashlib import blake2b
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Unpack

from hasim.config import HaConfig, Haresources, edit_ha_cf, render_haresources
from hasim.errors import ConfigError, Problem
from hasim.faults import Fault
from hasim.folder import Sources, build
from hasim.model.asked import asked
from hasim.model.saving import expression, save
from hasim.scenario import Scenario
from hasim.site import Site
from hasim.units import duration_text

if TYPE_CHECKING:
    from concurrent.futures import Executor

    import pandas as pd

    from hasim.experiment import Measure
    from hasim.lint import Finding
    from hasim.model.sweeping import Faults, Scenarios, Seeds
    from hasim.model.topology import Hardware
    from hasim.run import Run
    from hasim.search import Hits, Matrix, MatrixWanted, Wanted

__all__ = ["Change", "Model", "model_of"]

_TIMES = ("keepalive", "deadtime", "warntime", "initdead", "deadping", "conn_logd_time")
_NOT_COMPARED = ("given", "local", "authkeys", "dialect")


@dataclass(frozen=True, slots=True)
class Change:
    """One directive whose effective value differs; `node` is None where it does on every node."""

    node: str | None
    directive: str
    before: str
    after: str

    def __str__(self) -> str:
        place = f"{self.node}: " if self.node is not None else ""
        return f"{place}{self.directive} {self.before} -> {self.after}"


@dataclass(frozen=True, slots=True, repr=False)
class Model:
    """The configuration of each node and the site: a model folder, read.

    Parameters
    ----------
    name, path
        Name of the folder, and the folder.
    configs : mapping
        Node to its configuration, in the order of the node table.
    haresources : mapping
        Node to its resource groups.
    assumed : tuple of str
        What a derived site guessed, a sentence each; empty where there is a ``site.toml``.
    warnings : tuple of Problem
        What the daemon would say without refusing to start.
    scenarios : mapping
        Name to scenario, in alphabetical order.
    edits : mapping
        Directives of ``ha.cf`` that were changed after the folder was read, with their values.
    """

    name: str
    path: Path
    configs: Mapping[str, HaConfig]
    haresources: Mapping[str, Haresources]
    site: Site
    assumed: tuple[str, ...] = ()
    warnings: tuple[Problem, ...] = ()
    scenarios: Mapping[str, Scenario] = field(default_factory=dict)
    edits: Mapping[str, str] = field(default_factory=dict)
    sources: Sources = field(default_factory=Sources, compare=False, repr=False)

    def __repr__(self) -> str:
        groups = len({g.key for h in self.haresources.values() for g in h.groups})
        counts = f"{groups} resource groups, {len(self.scenarios)} scenarios"
        site = ", site derived" if self.assumed else ""
        return (
            f"<Model {self.name}: Heartbeat {self.dialect}, nodes {' '.join(self.nodes)}, "
            f"{counts}{site}>"
        )

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        """Print the ``repr`` where IPython and Hypothesis would go through the fields."""
        printer.text(repr(self))

    def _repr_html_(self) -> str:
        from hasim.model.shown import model_html

        warnings = [str(problem) for problem in self.warnings]
        return model_html(self, self.single_points(), self.assumed, warnings)

    @property
    def nodes(self) -> tuple[str, ...]:
        """Names of the cluster's nodes in the order of the node table."""
        return tuple(self.configs)

    @property
    def dialect(self) -> str:
        """Version of Heartbeat: behaviour and wording."""
        return self.site.heartbeat

    @property
    def digests(self) -> Mapping[str, str]:
        """BLAKE2b digest of each file that was read, by its name within the folder."""
        files = self.sources.files().items()
        return {name: blake2b(file.data, digest_size=16).hexdigest() for name, file in files}

    @property
    def topology(self) -> Hardware:
        """The hardware as a graph: every part of the site; a copy that cannot be changed.

        Its nodes have a ``kind`` (``node nic switch host client disk feed stonith``), and so have
        its edges (``wire slot path power plug``). ``model.topology.plot()`` draws it.
        """
        from hasim.model.topology import topology_of

        return topology_of(self)

    def single_points(self) -> list[str]:
        """Return, a sentence each, the parts whose loss alone cuts nodes off from each other."""
        from hasim.model.topology import single_points_of

        return single_points_of(self)

    def lint(self) -> tuple[Finding, ...]:
        """Return what the rules of :mod:`hasim.lint` find in this model, by file and line."""
        from hasim.lint import lint_sources

        return lint_sources(self.sources, self.dialect).findings

    def run(
        self,
        faults: Sequence[str | Fault] | str | None = None,
        *,
        scenario: str | Scenario | None = None,
        seed: int = 0,
        until: str | int | float | None = None,
        start: Mapping[str, str | int | float] | None = None,
        pin: Mapping[str, Mapping[str, str] | str] | None = None,
        change: Mapping[str, str] | None = None,
        packets: bool = False,
        progress: Callable[[int, int], None] | None = None,
    ) -> Run:
        """Run a scenario, or faults of your own, or a scenario with faults added.

        Parameters
        ----------
        faults : sequence of str or Fault, optional
            Fault lines, such as ``"60s power-off node1"``; added to those of the scenario.
        scenario : str or Scenario, optional
            Name of a scenario of this model, the path of a scenario file (``found.toml``), or a
            scenario.
        seed : int
            Seed of all draws; 0 if not given, never the clock.
        until : str or number, optional
            Horizon; replaces the scenario's. Without any it is derived, see
            :func:`hasim.run.horizon`.
        start : mapping, optional
            Node to the first start of its daemon; replaces the scenario's.
        pin : mapping, optional
            Draws fixed by name; added to the scenario's.
        change : mapping, optional
            Directives of ``ha.cf`` changed for this run; added to the scenario's.
        packets : bool
            Record every packet sent and received, see ``run.trace.packets()``; decisions and log
            stay the same.
        progress : callable, optional
            Called now and then with two numbers: how much of the time is simulated, and of how
            much.

        Raises
        ------
        ConfigError
            With every problem of what is asked for.
        NotBuiltError
            For what this version does not simulate.

        Notes
        -----
        Expectations are those of the scenario as written: where anything is changed here, they
        are not judged, which is among the run's notes.
        """
        from hasim.run import simulate

        base = Scenario(file="--fault") if scenario is None else scenario
        wanted, notes = asked(self, base, faults, until, start, pin, change)
        run = simulate(self, wanted, seed, packets=packets, progress=progress)
        return replace(run, notes=(*notes, *run.notes)) if notes else run

    def save(self, path: str | PathLike[str]) -> None:
        """Write the model as a folder, edits applied; :func:`hasim.load` reads it back.

        It has the same texts, and a ``site.toml`` also where one was derived for another version
        of Heartbeat than 3.0.6.

        Raises
        ------
        HasimError
            Where the folder is there and not empty, or cannot be written.
        """
        save(self.sources, self.site, self.scenarios, path)

    def python(self) -> str:
        """Return an expression that makes this model again, ``import hasim`` done before it.

        It loads the folder where that still gives this model, else the texts are in it.
        """

        def same(sources: Sources, dialect: str | None) -> bool:
            try:
                again = model_of(sources, dialect)
                again = again.changed(self.edits) if self.edits else again
            except ConfigError:
                return False
            return replace(again, scenarios=self.scenarios) == self

        return expression(self.sources, self.edits, self.dialect, same)

    def check(self, **wanted: Unpack[Wanted]) -> Hits:
        """Search fault schedules for a violated property; see :func:`hasim.search.check`.

        ``m.check(budget="60s", properties=["at-most-one-mounter"]).smallest``
        """
        from hasim.search import check

        return check(self, **wanted)

    def matrix(self, **wanted: Unpack[MatrixWanted]) -> Matrix:
        """Try every single fault, then every pair of kinds; see :func:`hasim.search.matrix`.

        ``print(m.matrix(kinds=["power-off node", "kill all"], pairs=False))``
        """
        from hasim.search import matrix

        return matrix(self, **wanted)

    def sweep(
        self,
        *,
        faults: Faults | None = None,
        scenario: Scenarios | None = None,
        seeds: Seeds = 200,
        until: str | int | float | None = None,
        start: Mapping[str, str | int | float] | None = None,
        pin: Mapping[str, Mapping[str, str] | str] | None = None,
        points: Sequence[Mapping[str, object]] | None = None,
        skip_refused: bool = False,
        spread: str | int | float | None = None,
        also: Measure | None = None,
        jobs: int | None = None,
        executor: Executor | None = None,
        progress: Callable[[int, int], None] | None = None,
        **ha_cf: object,
    ) -> pd.DataFrame:
        """Run every point of a grid under every seed; return a row for each run and group.

        ``m.sweep(deadtime=[5, 10, 30], faults=["60s power-off node1"], seeds=200, jobs=2)``

        Parameters
        ----------
        **ha_cf
            Directives of ``ha.cf`` with lists of values, numbers or texts: the grid is the product
            of the lists. Nothing else changes: where the daemon refuses a point because of another
            directive (``initdead`` less than ``deadtime``), give that as well.
        faults : str, sequence or mapping, optional
            One schedule, as :meth:`run` takes it; or several, which are swept too: a list of lists,
            or a mapping of labels to lists.
        scenario : str, Scenario or a list of them, optional
            What happens; several are swept too.
        seeds : int or iterable of int
            So many seeds, from 0; or these seeds.
        until, start, pin
            As for :meth:`run`. Without a horizon each run has its own, as :meth:`run` derives it.
        points : sequence of mapping, optional
            Directives that change together, such as ``{"deadtime": 10, "initdead": 60}``.
        skip_refused : bool
            Leave out points that the daemon would refuse; else they are an error.
        spread : str or number, optional
            Move the faults of each run, and the start of each node, by draws of its seed of at most
            so much, such as ``"2s"``: real faults do not keep time with heartbeats. See
            :func:`hasim.experiment.moved_by`.
        also : callable, optional
            Further columns: it takes a run and the key of a group, and returns a mapping.
        jobs : int, optional
            Processes at work; one a processor without it.
        executor : concurrent.futures.Executor, optional
            Who works instead, such as Dask's ``Client.get_executor()``.
        progress : callable, optional
            Called with the number of runs made and of those wanted.

        Returns
        -------
        pandas.DataFrame
            In the order of the grid, then of the seeds, whoever works. Its columns are those of
            :data:`hasim.experiment.COLUMNS` after one for each thing swept; times are seconds.
            ``attrs["hasim"]`` tells where it comes from.

        Raises
        ------
        ConfigError
            With every problem of what is asked for, before anything runs.
        """
        from hasim.experiment import swept
        from hasim.model.sweeping import planned

        plan, provenance = planned(
            self, ha_cf, faults=faults, scenario=scenario, seeds=seeds, until=until, start=start,
            pin=pin, points=points, skip_refused=skip_refused, spread=spread, also=also,
        )  # fmt: skip
        table = swept(plan, jobs, executor, progress)
        table.attrs["hasim"] = provenance
        return table

    def with_(self, **ha_cf: object) -> Model:
        """Return the model with directives of every ``ha.cf`` changed, checked anew.

        ``m.with_(deadtime="10")``; nothing on disk changes.

        Raises
        ------
        ConfigError
            If a directive is unknown, or the daemon would refuse the result.
        """
        changes = {name: _written(value) for name, value in ha_cf.items()}
        return self.changed(changes)

    def changed(self, ha_cf: Mapping[str, str]) -> Model:
        """Return the model with directives changed, as :meth:`with_`; for ``[change]`` tables."""
        problems: list[Problem] = []

        def edit(text: str) -> str:
            try:
                return edit_ha_cf(text, ha_cf, dialect=self.dialect)
            except ValueError as x:
                problem = Problem(str(self.path / "ha.cf"), None, "ERROR", str(x))
                if problem not in problems:
                    problems.append(problem)
                return text

        sources = self.sources.edited(edit)
        if problems:
            raise ConfigError(problems)
        try:
            edits = {**self.edits, **ha_cf}
            changed = model_of(sources, self.dialect)
            return replace(changed, scenarios=self.scenarios, edits=edits)
        except ConfigError as x:
            what = ", ".join(f"{name} {value}" for name, value in ha_cf.items())
            text = "that is ha.cf with these changes: " + (what if len(what) < 200 else "long ones")
            raise ConfigError([*x.problems, Problem("changed", None, "info", text)]) from None

    def with_dialect(self, dialect: str) -> Model:
        """Return the model as another version of Heartbeat runs it."""
        other = model_of(self.sources, dialect)
        return replace(other, scenarios=self.scenarios, edits=self.edits)

    def diff(self, other: Model) -> list[Change]:
        """Return every directive whose effective value differs, in alphabetical order."""
        rows: dict[tuple[str, str, str], list[str]] = {}
        for node in [*self.configs, *(n for n in other.configs if n not in self.configs)]:
            before, after = _values(self, node), _values(other, node)
            mine, theirs = self.configs.get(node), other.configs.get(node)
            for directive in sorted({*before, *after}):
                pair = before.get(directive, "absent"), after.get(directive, "absent")
                # Where a medium or a client stands in the file is no difference.
                same = getattr(mine, directive, 0) == getattr(theirs, directive, 1)
                if pair[0] != pair[1] and not same:
                    rows.setdefault((directive, *pair), []).append(node)
        everywhere = {*self.configs, *other.configs}
        out: list[Change] = []
        for (directive, was, is_now), nodes in sorted(rows.items()):
            found: list[str | None] = [None] if set(nodes) == everywhere else [*nodes]
            out += [Change(node, directive, was, is_now) for node in found]
        return out


def _written(value: object) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    return str(value)


def _values(model: Model, node: str) -> dict[str, str]:
    config = model.configs.get(node)
    if config is None:
        return {}
    out = {"dialect": model.dialect}
    for f in fields(config):
        value = getattr(config, f.name)
        if f.name in _TIMES:
            out[f.name] = duration_text(value)
        elif f.name not in _NOT_COMPARED:
            out[f.name] = value if isinstance(value, str) else repr(value)
    if node in model.haresources:
        out["haresources"] = render_haresources(model.haresources[node]).strip()
    return out


def model_of(sources: Sources, dialect: str | None, problems: Sequence[Problem] = ()) -> Model:
    """Build a model without scenarios from the texts of its folder.

    Raises
    ------
    ConfigError
        With every fatal problem of the texts, followed by `problems`.
    """
    parts = build(sources, dialect)
    if parts.fatal:
        raise ConfigError([*parts.fatal, *problems])
    return Model(
        name=sources.name,
        path=Path(sources.path),
        configs=parts.configs,
        haresources=parts.haresources,
        site=parts.site,
        assumed=parts.assumed,
        warnings=parts.warnings,
        sources=sources,
    )
