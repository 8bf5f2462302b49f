"""From a model and a scenario to a run."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import cast

from hasim.config import HaConfig
from hasim.errors import ConfigError, HasimError, NotBuiltError, Problem, nearest
from hasim.run.agenda import agenda_of
from hasim.run.notes import not_simulated
from hasim.run.run import Run
from hasim.run.service import parts_of
from hasim.run.state import Rewinder
from hasim.scenario import Scenario, Simulable, pin_values
from hasim.site import Site
from hasim.site.devices import fencible
from hasim.trace import Clock, Header, Trace
from hasim.units import HOUR, MINUTE, SECOND, Micros, duration_text
from hasim.version import VERSION
from hasim.world import World

__all__ = ["Progress", "horizon", "liveness_bound", "simulate"]

#: What is told how far a run is: how much is done, and of how much.
Progress = Callable[[int, int], None]
#: So often it is told at least ...
_SLICES = 200
#: ... and whenever so much time was simulated: about a second of work.
_SLICE: Micros = 6 * HOUR

#: RQSTDELAY: how long a node waits for the other's answer about resources (semantics 1).
_RQSTDELAY: Micros = 10 * SECOND
#: What is looked at beyond the bound.
_MARGIN: Micros = MINUTE


def liveness_bound(configs: Mapping[str, HaConfig], site: Site) -> Micros:
    """Return within which time, after the last change, every node knows how things stand.

    The longest way to the truth is a node that boots, starts its daemon, waits out its initial
    dead time, and an exchange about resources after that; a peer that falls silent meanwhile
    takes its dead time, which a late sender may stretch to twice its value, and two heartbeats.
    """
    initdead = max(config.initdead for config in configs.values())
    deadtime = max(max(config.deadtime, config.deadping) for config in configs.values())
    keepalive = max(config.keepalive for config in configs.values())
    boot = max(site.nodes[node].boot.hi_us for node in configs)
    start = site.daemon.start.hi_us + site.daemon.up.hi_us
    return boot + start + initdead + 2 * (deadtime + keepalive) + _RQSTDELAY


def horizon(scenario: Scenario, configs: Mapping[str, HaConfig], site: Site) -> Micros:
    """Return when a run ends: as the scenario says, else a minute after the liveness bound.

    The bound is counted from the end of the last fault or the last start, whichever is later;
    without any fault, from the last start and its initial dead time.
    """
    if scenario.until is not None:
        return scenario.until
    starts = [0] if scenario.start is None else list(scenario.start.values())
    begun = max(starts, default=0)
    if scenario.faults:
        last = max([begun, *(fault.at + (fault.duration or 0) for fault in scenario.faults)])
    else:
        last = begun + max(config.initdead for config in configs.values())
    return last + liveness_bound(configs, site) + _MARGIN


def _derived(until: Micros, after: Micros) -> str:
    return (
        f"no horizon was given: {duration_text(until)}, which is the last change, "
        f"{duration_text(after)} for what follows, and {duration_text(_MARGIN)} more"
    )


def _header(model: Simulable, scenario: Scenario, seed: int, until: Micros) -> Header:
    site = model.site
    clocks = (site.nodes[node].clock for node in model.configs)
    changes = {f"change.{name}": value for name, value in scenario.change.items()}
    return Header(
        version=VERSION,
        dialect=site.heartbeat,
        seed=seed,
        scenario=scenario.name,
        faults=tuple(str(fault) for fault in scenario.faults),
        configs=tuple({**model.digests, **changes}.items()),
        epoch=site.epoch,
        clocks=tuple(
            Clock(node, clock.offset_us, clock.drift_ppm)
            for node, clock in zip(model.configs, clocks, strict=True)
        ),
        until_us=until,
        groups=parts_of(model.haresources, site),
        fencible=fencible(site, model.configs),
        settled_us=scenario.settled,
        audits_us=scenario.audits,
    )


def _require_media(configs: Mapping[str, HaConfig]) -> None:
    """Refuse media that cannot be simulated: a run without them would be another cluster."""
    for node, config in configs.items():
        for medium in config.media:
            if medium.kind in ("mcast6", "ucast6"):
                what = f"{medium.kind} {medium.device} (ha.cf:{medium.line} of {node})"
                raise NotBuiltError(f"{what} is read but not simulated: use mcast or ucast")


def _require_times(scenario: Scenario, until: Micros) -> None:
    """Refuse to judge at an instant that the run does not reach."""
    problems = []
    for i, held in enumerate(scenario.expect.holds if scenario.expect else ()):
        if held.at >= until:
            line = scenario.line("expect", "holds", i)
            text = f"holds: {duration_text(held.at)} is not before the end, {duration_text(until)}"
            problems.append(Problem(scenario.file, line, "ERROR", text, "give a later 'until'"))
    named = [("audits", at, scenario.line("audits", i)) for i, at in enumerate(scenario.audits)]
    if scenario.settled is not None:
        named.append(("settled", scenario.settled, scenario.line("settled")))
    for key, at, line in named:
        if at >= until:
            text = f"{key}: {duration_text(at)} is not before the end, {duration_text(until)}"
            problems.append(Problem(scenario.file, line, "ERROR", text, "give a later 'until'"))
    if problems:
        raise ConfigError(problems)


def _draw_names(configs: Mapping[str, HaConfig]) -> list[str]:
    """Return the names of draws of a first boot: what a misspelt pin may have meant."""
    out = []
    for node, config in configs.items():
        plain = ["validated", "version", "up", "tick-phase", "grid-phase", "master-missed"]
        plain += [f"ack {entry.name}" for entry in config.table]
        media = [f"io-start/{way} {m.device}" for m in config.media for way in ("read", "write")]
        out += [f"{node}/boot1/{name}" for name in (*plain, *media)]
        out.append(f"{node}/power1/boot")
    return out


def _meant(pin: str, known: list[str]) -> str:
    """Suggest a name for a pin that is misspelt; one of a later boot may be right."""
    first = re.sub(r"/(boot|power)\d+/", r"/\g<1>1/", pin, count=1)
    return "" if first in known else nearest(pin, known)


def _advance(world: World, until: Micros, progress: Progress | None) -> None:
    """Let a world run; with `progress` in slices of equal time, which changes nothing."""
    if progress is not None:
        slices = max(_SLICES, until // _SLICE)
        for done in range(slices):
            world.run(until * done // slices)
            progress(done, slices)
    world.run(until)


def simulate(
    model: Simulable,
    scenario: Scenario,
    seed: int = 0,
    *,
    packets: bool = False,
    progress: Progress | None = None,
) -> Run:
    """Run a scenario on a model; with `packets` the trace holds every packet.

    `progress` is called now and then with two numbers: how much of the time is simulated, and of
    how much.

    Raises
    ------
    ConfigError
        If the scenario does not fit the model.
    NotBuiltError
        If the scenario asks for what this version does not simulate.
    """
    if isinstance(seed, bool) or not isinstance(seed, int):
        raise HasimError(f"the seed must be a whole number, not {seed!r}")
    scenario.require_built()
    scenario.require_dialect(model.dialect)
    if scenario.change:
        model = cast(Simulable, model.changed(scenario.change))
    _require_media(model.configs)
    pins, problems = pin_values(scenario)
    if problems:
        raise ConfigError(problems)
    places = [scenario.fault_place(i) for i in range(len(scenario.faults))]
    agenda = agenda_of(scenario.faults, model.site, scenario.file, places)
    until = horizon(scenario, model.configs, model.site)
    _require_times(scenario, until)

    def build() -> World:
        return World.build(
            model.configs,
            model.site,
            haresources=model.haresources,
            seed=seed,
            pins=pins,
            agenda=agenda,
            start=scenario.start,
            packets=packets,
        )

    world = build()
    _advance(world, until, progress)
    header = _header(model, scenario, seed, until)
    notes = not_simulated(model.configs, model.haresources, model.site)
    if scenario.until is None:
        after = liveness_bound(model.configs, model.site)
        notes = (_derived(until, after), *notes)
    unasked = [name for name in pins if name not in world.draws.used]
    known = _draw_names(model.configs)
    return Run(
        Trace(header, world.recorder.records),
        model,
        scenario,
        seed,
        until,
        notes,
        tuple(f"no draw asked for the pin {name!r}{_meant(name, known)}" for name in unasked),
        Rewinder(build, (until - 1, world)),
    )
