"""``site.toml`` in: every key read, every name resolved, all problems at once."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime
from typing import cast

from hasim.config import DIALECTS
from hasim.errors import nearest
from hasim.site.check import check_site
from hasim.site.parts import (
    UTILITY,
    WATCHDOGS,
    WORDINGS,
    Clock,
    Daemon,
    Disk,
    Host,
    Nic,
    NodeSite,
    ScriptTimes,
    Service,
    Site,
    StartMode,
    Stonith,
    Switch,
    Watchdog,
)
from hasim.site.tables import Table, read_toml, shown

__all__ = ["parse_site"]

_OPERATIONS = ("start", "stop", "status")
_MODE = re.compile(r"0?[0-7]{3}", re.ASCII)


def parse_site(text: str | bytes, file: str = "site.toml") -> Site:
    """Read a ``site.toml``; its keys are those of ``docs/formats.md``, all of them optional.

    Raises
    ------
    ConfigError
        With every problem: values of the wrong kind, unknown keys, names that do not exist,
        addresses used twice, feeds that hang on themselves.
    """
    document = read_toml(text, file)
    root = document.root()
    root.whole("schema", 1, 1, 1)
    dialect = root.text("heartbeat", DIALECTS) or "3.0.6"
    epoch = _epoch(root)
    nodes = {name: _node(name, t) for name, t in root.tables("node").items()}
    scripts, node_scripts = _scripts(root, nodes)
    site = Site(
        heartbeat=dialect,
        epoch=epoch,
        authkeys_mode=_authkeys_mode(root),
        switches={name: _switch(name, t) for name, t in root.tables("switch").items()},
        nodes=nodes,
        hosts={name: _host(name, t) for name, t in root.tables("host").items()},
        feeds=root.texts("feed"),
        disks={name: _disk(name, t) for name, t in root.tables("disk").items()},
        scripts=scripts,
        node_scripts=node_scripts,
        stonith={name: _stonith(name, t) for name, t in root.tables("stonith").items()},
        daemon=_daemon(root),
        services={name: _service(name, t) for name, t in root.tables("service").items()},
    )
    root.close()
    check_site(site, document)
    document.finish()
    return site


def _epoch(root: Table) -> str:
    default = Site().epoch
    value = root.get("epoch")
    if value is None:
        return default
    try:
        at = value if isinstance(value, datetime) else datetime.fromisoformat(cast(str, value))
    except (TypeError, ValueError):
        at = None
    if at is None or at.tzinfo is not None:
        root.complain(
            "epoch", f"epoch = {shown(value)}: a date and time without zone", f"write {default!r}"
        )
        return default
    return at.isoformat()


def _authkeys_mode(root: Table) -> int | None:
    config = root.table("config")
    if config is None:
        return None
    mode = config.text("authkeys_mode")
    config.close()
    if mode is None:
        return None
    if not _MODE.fullmatch(mode):
        config.complain(
            "authkeys_mode", f"authkeys_mode = {shown(mode)}: an octal mode", "write '0600'"
        )
        return None
    return int(mode, 8)


def _switch(name: str, table: Table) -> Switch:
    default = Switch(name)
    switch = Switch(name, table.latency("latency", default.latency), table.text("power"))
    table.close()
    return switch


def _node(name: str, table: Table) -> NodeSite:
    default, clock = NodeSite(name), Clock()
    if (times := table.table("clock")) is not None:
        clock = Clock(
            times.time("offset", signed=True) or 0,
            times.whole("drift_ppm", 0, -999_999, 999_999),
        )
        times.close()
    node = NodeSite(
        name,
        nics={nic: _nic(nic, t) for nic, t in table.tables("nic").items()},
        power=table.text("power") or default.power,
        boot=table.latency("boot", default.boot),
        heartbeat=cast(StartMode, table.text("heartbeat", ("on-boot", "manual")) or "on-boot"),
        clock=clock,
        first_pid=table.whole("first_pid", default.first_pid, 2, 4_000_000),
        generation=_generation(table),
        watchdog=_watchdog(table),
    )
    table.close()
    return node


def _watchdog(node: Table) -> Watchdog | None:
    default, table = Watchdog(), node.table("watchdog")
    if table is None:
        return None
    dog = Watchdog(
        table.text("kind", WATCHDOGS) or default.kind,
        _flag(table, "nowayout"),
        table.text("wording", WORDINGS) or default.wording,
        table.latency("reset", default.reset),
    )
    table.close()
    return dog


def _generation(table: Table) -> int | None:
    given = "generation" in table.data
    generation = table.whole("generation", 1, 1, 4_000_000_000)
    return generation if given else None


def _needed(table: Table, key: str, example: str) -> str:
    value = table.text(key)
    if key not in table.data:
        where = ".".join(str(p) for p in table.path)
        table.complain(None, f"[{where}] has no {key!r}", f"write {example}")
    return value or ""


def _nic(name: str, table: Table) -> Nic:
    nic = Nic(name, _needed(table, "on", 'on = "SWITCH"'), table.text("address"))
    table.close()
    return nic


def _host(name: str, table: Table) -> Host:
    on = _needed(table, "on", 'on = "SWITCH"')
    host = Host(name, on, table.text("power") or UTILITY, table.text("probes"))
    table.close()
    return host


def _disk(name: str, table: Table) -> Disk:
    disk = Disk(name, table.texts("seen_as"), table.text("path") or "direct")
    table.close()
    return disk


def _service(address: str, table: Table) -> Service:
    service = Service(address, table.time("recovery") or 0)
    table.close()
    return service


def _stonith(name: str, table: Table) -> Stonith:
    default = Stonith(name, "")
    device = Stonith(
        name,
        kind=_needed(table, "kind", 'kind = "apcmaster"'),
        on=table.text("on"),
        power=table.text("power") or UTILITY,
        plugs=table.texts("plugs"),
        off=table.latency("off", default.off),
        reboot=table.latency("reboot", default.reboot),
        action=table.text("action", ("reboot", "off")) or default.action,
        answers=table.text("answers", ("on", "off")) or default.answers,
        fails=table.whole("fails", 0, 0, 1_000_000),
        timeout=table.latency("timeout", default.timeout),
        operator=table.maybe_latency("operator"),
    )
    table.close()
    return device


def _daemon(root: Table) -> Daemon:
    default, table = Daemon(), root.table("daemon")
    if table is None:
        return default
    daemon = Daemon(
        table.latency("start", default.start),
        table.latency("up", default.up),
        table.per_mille("io_late", default.io_late_per_mille),
        table.whole("processors", default.processors, 1, 4096),
        table.latency("creep", default.creep),
    )
    table.close()
    return daemon


def _scripts(
    root: Table, nodes: Mapping[str, NodeSite]
) -> tuple[dict[str, ScriptTimes], dict[str, dict[str, ScriptTimes]]]:
    """Read ``[script]``, where a key that is a node's name holds that node's own durations."""
    table = root.table("script")
    common: dict[str, ScriptTimes] = {}
    own: dict[str, dict[str, ScriptTimes]] = {}
    for name in table.data if table else ():
        assert table is not None
        value = table.data[name]
        if name in nodes:
            inner = table.table(name)
            own[name] = {script: _script(inner, script) for script in inner.data} if inner else {}
        elif isinstance(value, dict) and any(_is_times(v) for v in value.values()):
            text = f"[script.{name[:60]}] holds tables, but no node has this name"
            table.complain(name, text + nearest(name, nodes), f"nodes: {', '.join(nodes)}")
        else:
            common[name] = _script(table, name)
    return common, own


def _is_times(value: object) -> bool:
    return isinstance(value, dict) and not {"p50", "p99"} & set(value)


def _script(table: Table, name: str) -> ScriptTimes:
    value = table.data[name]
    if not isinstance(value, dict) or set(value) == {"p50", "p99"}:
        return ScriptTimes(run=table.maybe_latency(name))
    inner = table.table(name)
    assert inner is not None
    times = ScriptTimes(
        inner.maybe_latency("start"),
        inner.maybe_latency("stop"),
        inner.maybe_latency("status"),
        inner.maybe_latency("run"),
        fails=_operations(inner, "fails"),
        hangs=_operations(inner, "hangs"),
        lies=inner.text("lies", ("running", "stopped")),
        stopped_code=inner.whole("stopped_code", 3, 0, 255) if "stopped_code" in value else None,
        missing=_flag(inner, "missing"),
        exits=inner.whole("exits", 0, 0, 255),
        signs_on=_flag(inner, "signs_on"),
        keeps_channel=_flag(inner, "keeps_channel"),
    )
    inner.close()
    return times


def _operations(table: Table, key: str) -> tuple[str, ...]:
    """Read a list of operations; each counts once, in the order start, stop, status."""
    found = set()
    for word, _ in table.strings(key):
        if word in _OPERATIONS:
            found.add(word)
        else:
            known = ", ".join(_OPERATIONS)
            table.complain(
                key, f"{key}: {shown(word)} is none of {known}{nearest(word, _OPERATIONS)}"
            )
    return tuple(op for op in _OPERATIONS if op in found)


def _flag(table: Table, key: str) -> bool:
    value = table.get(key)
    if value is None or isinstance(value, bool):
        return bool(value)
    table.complain(key, f"{key} = {shown(value)}: true or false is needed")
    return False
