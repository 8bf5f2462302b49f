"""``site.toml`` out: what :func:`hasim.site.parse_site` reads back as the same site."""

from __future__ import annotations

import re
from collections.abc import Mapping

from hasim.site.parts import Latency, NodeSite, ScriptTimes, Site, Watchdog
from hasim.units import duration_text

__all__ = ["render_site", "toml_key", "toml_text"]

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_ESCAPED = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def toml_text(value: str) -> str:
    """Return a text as a basic TOML string."""
    out = []
    for c in value:
        if c in _ESCAPED:
            out.append(_ESCAPED[c])
        elif ord(c) < 32 or ord(c) == 127:
            out.append(f"\\u{ord(c):04x}")
        else:
            out.append(c)
    return f'"{"".join(out)}"'


def toml_key(*parts: str) -> str:
    """Return a dotted TOML key, quoted where it has to be."""
    return ".".join(p if _BARE.fullmatch(p) else toml_text(p) for p in parts)


def _latency(value: Latency) -> str:
    if value.p50_us is not None and value.p99_us is not None:
        p50, p99 = duration_text(value.p50_us), duration_text(value.p99_us)
        return f'{{ p50 = "{p50}", p99 = "{p99}" }}'
    return f'"{value}"'


def _inline(pairs: Mapping[str, str]) -> str:
    return "{ " + ", ".join(f"{toml_key(k)} = {v}" for k, v in pairs.items()) + " }"


def _percent(per_mille: int) -> str:
    whole, tenths = divmod(per_mille, 10)
    return f'"{whole}.{tenths}%"' if tenths else f'"{whole}%"'


class _Writer:
    """Lines of a file; comments stand above the key they speak of."""

    def __init__(self, comments: Mapping[str, str]) -> None:
        self.lines: list[str] = []
        self.comments = dict(comments)
        self.prefix: tuple[str, ...] = ()

    def say(self, path: str) -> None:
        for line in self.comments.pop(path, "").splitlines():
            self.lines.append(f"# {line}".rstrip())

    def table(self, *path: str) -> None:
        if self.lines:
            self.lines.append("")
        self.prefix = path
        self.say(".".join(path))
        self.lines.append(f"[{toml_key(*path)}]")

    def pair(self, key: str | tuple[str, ...], value: str | None) -> None:
        if value is not None:
            keys = (key,) if isinstance(key, str) else key
            self.say(".".join((*self.prefix, *keys)))
            self.lines.append(f"{toml_key(*keys)} = {value}")


def _maybe(text: str | None) -> str | None:
    return None if text is None else toml_text(text)


def _times(times: ScriptTimes) -> str:
    if times.run is not None and times == ScriptTimes(run=times.run):
        return _latency(times.run)
    given = {n: getattr(times, n) for n in ("start", "stop", "status", "run")}
    pairs = {n: _latency(v) for n, v in given.items() if v is not None}
    for name in ("fails", "hangs"):
        if operations := getattr(times, name):
            pairs[name] = f"[{', '.join(toml_text(op) for op in operations)}]"
    if times.lies is not None:
        pairs["lies"] = toml_text(times.lies)
    if times.stopped_code is not None:
        pairs["stopped_code"] = str(times.stopped_code)
    if times.exits:
        pairs["exits"] = str(times.exits)
    for name in ("missing", "signs_on", "keeps_channel"):
        if getattr(times, name):
            pairs[name] = "true"
    return _inline(pairs)


def _watchdog(dog: Watchdog) -> str:
    usual, pairs = Watchdog(), {"kind": toml_text(dog.kind)}
    if dog.kind != "none":
        pairs["nowayout"] = str(dog.nowayout).lower()
    if dog.wording != usual.wording:
        pairs["wording"] = toml_text(dog.wording)
    if dog.reset != usual.reset:
        pairs["reset"] = _latency(dog.reset)
    return _inline(pairs)


def _node(out: _Writer, node: NodeSite) -> None:
    out.table("node", node.name)
    out.pair("power", toml_text(node.power))
    out.pair("boot", _latency(node.boot))
    out.pair("heartbeat", toml_text(node.heartbeat))
    clock = {"offset": toml_text(duration_text(node.clock.offset_us))}
    out.pair("clock", _inline(clock | {"drift_ppm": str(node.clock.drift_ppm)}))
    out.pair("first_pid", str(node.first_pid))
    if node.generation is not None:
        out.pair("generation", str(node.generation))
    if node.watchdog is not None:
        out.pair("watchdog", _watchdog(node.watchdog))
    for nic in node.nics.values():
        pairs = {"on": toml_text(nic.on)}
        if nic.address is not None:
            pairs["address"] = toml_text(nic.address)
        out.pair(("nic", nic.name), _inline(pairs))


def _scripts(out: _Writer, site: Site) -> None:
    if site.scripts:
        out.table("script")
        for name, times in site.scripts.items():
            out.pair(name, _times(times))
    for node, own in site.node_scripts.items():
        out.table("script", node)
        for name, times in own.items():
            out.pair(name, _times(times))


def render_site(site: Site, comments: Mapping[str, str] | None = None) -> str:
    """Return a site as a ``site.toml``.

    Parameters
    ----------
    comments : mapping, optional
        Dotted key (``node.node1.nic.eth0``, or ``""`` for the head of the file) to the text of the
        comment above it. A comment whose key is not written stands at the end.
    """
    out = _Writer(comments or {})
    out.say("")
    out.pair("schema", str(site.schema))
    out.pair("heartbeat", toml_text(site.heartbeat))
    out.pair("epoch", toml_text(site.epoch))
    if site.authkeys_mode is not None:
        out.pair("config", _inline({"authkeys_mode": toml_text(f"{site.authkeys_mode:04o}")}))
    for switch in site.switches.values():
        out.table("switch", switch.name)
        out.pair("latency", _latency(switch.latency))
        out.pair("power", _maybe(switch.power))
    for node in site.nodes.values():
        _node(out, node)
    for host in site.hosts.values():
        out.table("host", host.name)
        out.pair("on", toml_text(host.on))
        out.pair("power", _maybe(host.power))
        out.pair("probes", _maybe(host.probes))
    if site.feeds:
        out.table("feed")
        for child, parent in site.feeds.items():
            out.pair(child, toml_text(parent))
    for disk in site.disks.values():
        out.table("disk", disk.name)
        out.pair("seen_as", _inline({n: toml_text(d) for n, d in disk.seen_as.items()}))
        out.pair("path", toml_text(disk.path))
    _scripts(out, site)
    for device in site.stonith.values():
        out.table("stonith", device.name)
        out.pair("kind", toml_text(device.kind))
        out.pair("on", _maybe(device.on))
        out.pair("power", _maybe(device.power))
        out.pair("plugs", _inline({n: toml_text(f) for n, f in device.plugs.items()}))
        out.pair("off", _latency(device.off))
        out.pair("reboot", _latency(device.reboot))
        out.pair("action", toml_text(device.action))
        out.pair("answers", toml_text(device.answers))
        out.pair("fails", str(device.fails))
        out.pair("timeout", _latency(device.timeout))
        out.pair("operator", None if device.operator is None else _latency(device.operator))
    for service in site.services.values():
        out.table("service", service.address)
        out.pair("recovery", toml_text(duration_text(service.recovery_us)))
    out.table("daemon")
    out.pair("start", _latency(site.daemon.start))
    out.pair("up", _latency(site.daemon.up))
    out.pair("io_late", _percent(site.daemon.io_late_per_mille))
    out.pair("processors", str(site.daemon.processors))
    out.pair("creep", _latency(site.daemon.creep))
    for path in [*out.comments]:
        out.say(path)
    return "\n".join(out.lines) + "\n"
