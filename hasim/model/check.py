"""A scenario against its model: every node, NIC, feed, disk and directive it names must exist."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from typing import assert_never

from hasim.config import HaConfig, crm_children, edit_ha_cf
from hasim.errors import ConfigError, Problem, nearest
from hasim.faults import (
    Cable,
    ClockDrift,
    ClockStep,
    Cut,
    Delay,
    DiskPath,
    Duplicate,
    Fail,
    Fault,
    Forge,
    Hang,
    Heal,
    Isolate,
    Kill,
    Lose,
    PowerOff,
    PowerOn,
    Reload,
    Replay,
    Restore,
    Slow,
    Standby,
    Start,
    StonithMode,
    StonithPort,
    Stop,
    Takeover,
    Thaw,
    WholeGroup,
)
from hasim.scenario import Scenario, Simulable, pin_values
from hasim.site.tables import shown
from hasim.units import duration_text

__all__ = ["check_fault", "check_scenario"]


class _Names:
    """The names of a model, and complaints about names that are none of them."""

    def __init__(self, model: Simulable, change: Mapping[str, str] | None = None) -> None:
        self.model = model
        self.change = change or {}
        self.said: list[tuple[str, str]] = []

    def find(self, word: str, known: Iterable[str], what: str) -> bool:
        known = tuple(known)
        if word in known:
            return True
        listed = f"known: {', '.join(known[:30])}" if known else f"this model has no {what}"
        self.said.append((f"no {what} {shown(word)} in this model{nearest(word, known)}", listed))
        return False

    def node(self, word: str) -> bool:
        return self.find(word, self.model.configs, "node")

    def end(self, target: Cable | DiskPath | StonithPort) -> None:
        site = self.model.site
        match target:
            case Cable():
                if self.node(target.node) and target.node in site.nodes:
                    nics = site.nodes[target.node].nics
                    self.find(str(target), [f"{target.node}:{nic}" for nic in nics], "cable")
            case DiskPath():
                self.find(target.name, site.disks, "disk")
            case StonithPort():
                self.find(target.name, site.stonith, "STONITH device")
            case _:
                assert_never(target)

    def powered(self, target: str | StonithPort) -> None:
        site = self.model.site
        if isinstance(target, StonithPort):
            self.end(target)
            return
        known = [*self.model.configs, *site.feed_names, *site.switches, *site.hosts]
        if self.find(target, known, "node, feed, switch or host"):
            switch = site.switches.get(target)
            if switch is not None and switch.power is None:
                text = f"{shown(target)} is a cable: it has no power to lose"
                self.said.append((text, "cut one of its ends, or give it a power entry"))

    def scripts(self, script: str | WholeGroup) -> None:
        groups = [g for h in self.model.haresources.values() for g in h.groups]
        if isinstance(script, WholeGroup):
            self.find(script.key, dict.fromkeys(g.key for g in groups), "group")
        else:
            known = dict.fromkeys(r.script for g in groups for r in g.resources)
            known |= dict.fromkeys(r.text for g in groups for r in g.resources)
            self.find(script, known, "script or resource")

    def kill(self, fault: Kill) -> None:
        if not self.node(fault.node) or fault.medium is None:
            return
        if fault.role == "client":
            self.find(fault.medium, _clients(self.configured(fault.node)), "client")
        else:
            media = self.model.configs[fault.node].media
            self.find(fault.medium, dict.fromkeys(m.device for m in media), "medium")

    def configured(self, node: str) -> HaConfig:
        """Return the configuration of a node as it runs, if it can be changed like that."""
        config = self.model.configs[node]
        if self.change:
            with suppress(ConfigError):
                changed: Simulable = self.model.changed(self.change)
                config = changed.configs.get(node, config)
        return config

    def numbers(self, fault: Forge) -> None:
        """A forged packet's numbers must be numbers; its origin may be anybody."""
        for name, value in fault.fields:
            if name in ("deadtime", "generation", "seqno") and not value.isdecimal():
                text = f"{name}={shown(value)} is no number"
                self.said.append((text, "write a whole number; deadtime in milliseconds"))

    def reload(self, fault: Reload) -> None:
        """The changed ha.cf must be one that the daemon starts with."""
        try:
            self.model.changed(dict(fault.changes))
        except ConfigError as x:
            text = "; ".join(p.text for p in x.problems if p.fatal or p.level == "ERROR")
            self.said.append((f"the daemon would not start again: {text}", ""))

    def fault(self, fault: Fault) -> None:
        match fault:
            case Cut() | Restore() | Lose() | Delay() | Duplicate():
                self.end(fault.target)
            case PowerOff() | PowerOn():
                self.powered(fault.target)
            case Kill():
                self.kill(fault)
            case Fail() | Slow():
                self.scripts(fault.script)
                self.node(fault.node)
            case Reload():
                if self.node(fault.node) and fault.changes:
                    self.reload(fault)
            case StonithMode():
                self.find(fault.device, self.model.site.stonith, "STONITH device")
            case Replay():
                self.node(fault.origin)
                self.end(fault.target)
            case Forge():
                self.end(fault.target)
                self.numbers(fault)
            case (
                Isolate()
                | Heal()
                | Hang()
                | Thaw()
                | Start()
                | Stop()
                | Standby()
                | Takeover()
                | ClockStep()
                | ClockDrift()
            ):
                self.node(fault.node)
            case _:
                assert_never(fault)


def _clients(config: HaConfig) -> list[str]:
    """Return the programs of all clients of a node, and of what these start themselves."""
    programs = [r.command.split()[0].rpartition("/")[2] for r in config.respawn]
    children = (crm_children(name, config.crm, config.dialect) for name in programs)
    return [*dict.fromkeys([*programs, *(c.rpartition("/")[2] for own in children for c in own)])]


def check_fault(
    fault: Fault,
    model: Simulable,
    file: str = "--fault",
    line: int | None = None,
    change: Mapping[str, str] | None = None,
) -> tuple[Problem, ...]:
    """Return a problem for each name of a fault that the model, so changed, does not have."""
    names = _Names(model, change)
    names.fault(fault)
    return tuple(
        Problem(file, line, "ERROR", f"{str(fault)!r}: {text}", remedy)
        for text, remedy in names.said
    )


def check_scenario(
    scenario: Scenario, model: Simulable, change: Mapping[str, str] | None = None
) -> tuple[Problem, ...]:
    """Return a problem for each name in a scenario that the model does not have.

    `change` holds directives of ``ha.cf`` that are changed beside the scenario's own.
    Also checked: the directives of ``[change]``, the groups of ``holds``, the
    values of ``[pin]``, faults after ``until``.
    """
    out: list[Problem] = []
    changes = {**scenario.change, **(change or {})}
    names = _Names(model)

    def complain(text: str, remedy: str, *path: str | int) -> None:
        out.append(Problem(scenario.file, scenario.line(*path), "ERROR", text, remedy))

    def flush(*path: str | int) -> None:
        for text, remedy in names.said:
            complain(text, remedy, *path)
        names.said.clear()

    for node in scenario.start or ():
        names.node(node)
        flush("start", node)
    for i, fault in enumerate(scenario.faults):
        file, line = scenario.fault_place(i)
        out += check_fault(fault, model, file, line, changes)
        if scenario.until is not None and fault.at >= scenario.until:
            end = duration_text(scenario.until)
            text = f"{str(fault)!r} does not happen before the end of the run, {end}"
            out.append(Problem(file, line, "ERROR", text, "raise until, or remove the fault"))
    if scenario.expect is not None:
        for node in scenario.expect.log:
            names.node(node)
            flush("expect", "log", node)
        for i, held in enumerate(scenario.expect.holds):
            names.node(held.node)
            names.scripts(WholeGroup(held.group))
            flush("expect", "holds", i)
        for i, timely in enumerate(scenario.expect.timely):
            names.node(timely.node)
            flush("expect", "timely", i)
    out += pin_values(scenario)[1]
    for directive, value in scenario.change.items():
        try:
            edit_ha_cf("", {directive: value}, dialect=model.dialect)
        except ValueError as x:
            complain(str(x), "", "change", "ha_cf", directive)
    return tuple(sorted(out, key=lambda p: p.line or 0))
