"""The rows of a timeline: who was in which state from when to when, node by node."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from hasim import events as ev
from hasim.render.window import Known, time_text
from hasim.trace import Kind, Span
from hasim.units import Micros

__all__ = ["KEYS", "Band", "Bar", "Key", "Row", "band_of_node", "bar", "daemon_row", "node_bands"]

#: Which spans a row tells: their kind, who held the state, and of what.
Key = tuple[str, str, str]

#: Styles of bars, and what they mean.
KEYS = (
    ("good", "as it should be"),
    ("start", "starting, or impaired"),
    ("dead", "dead, cut, corrupt, no answer"),
    ("hung", "stands still"),
    ("off", "without power"),
    ("gone", "no daemon"),
    ("work", "STONITH request"),
)
_GOOD = frozenset({"active", "on", "ping"})
_STARTING = frozenset({"booting", "init", "up"})


class Bar(NamedTuple):
    """A state in a row, from when to when; `style` says how it is drawn, `title` is the tooltip."""

    begin: Micros
    end: Micros
    value: str
    style: str
    title: str


class Row(NamedTuple):
    """A line of bars. `thin` rows are many and tell of links; `keys` are the spans they show."""

    label: str
    bars: tuple[Bar, ...]
    keys: tuple[Key, ...] = ()
    thin: bool = False


class Band(NamedTuple):
    """Rows that belong together; `colour` is the number of the node, None where there is none."""

    name: str
    colour: int | None
    rows: tuple[Row, ...]


def bar(span: Span, what: str, style: str, value: str | None = None) -> Bar:
    """Return the bar of a span, with a tooltip that tells who, what, which state, from, to."""
    said = span.value if value is None else value
    until = "the end" if span.open else time_text(span.end)
    title = f"{span.who}: {what} {said}, from {time_text(span.begin)} to {until}"
    return Bar(span.begin, span.end, said, style, title)


def _style(value: str, kind: Kind = "status") -> str:
    if value in _GOOD or (kind == "link" and value == "up"):
        return "good"
    if value in _STARTING:
        return "start"
    return "off" if value == "off" else "dead"


def _of(spans: Iterable[Span], who: str) -> dict[str, list[Span]]:
    """Return the spans of a node by what they are of, in the order in which those appear."""
    out: dict[str, list[Span]] = {}
    for span in spans:
        if span.who == who:
            out.setdefault(span.what, []).append(span)
    return out


# ---- power and daemon ---------------------------------------------------------------------------


def _power(known: Known, node: str) -> list[Span]:
    """Return when a node was on, off or booting; nothing where its power never changed."""
    found = [s for s in known.spans("power") if s.who == node]
    if not found:
        return []
    first = found[0]
    before = "off" if first.value == "on" else "on"
    out = [Span(node, node, before, 0, first.begin, False)] if first.begin else []
    boots = [
        r.at for r in known.records if isinstance(r.event, ev.NodeBooted) and r.event.node == node
    ]
    for span in found:
        if span.value != "on":
            out.append(span)
            continue
        up = next((at for at in boots if span.begin <= at <= span.end), None)
        if up is None:
            out.append(span._replace(value="booting"))
        else:
            out.append(span._replace(value="booting", end=up, open=False))
            out.append(span._replace(begin=up))
    return out


def _lives(known: Known, node: str) -> list[Span]:
    """Return from when to when a daemon ran, as far as its start and end are facts."""
    out: list[Span] = []
    since: Micros | None = None
    for record in known.records:
        match record.event:
            case ev.DaemonStarted(node=name) if name == node:
                since = record.at
            case ev.DaemonExited(node=name) | ev.NodePoweredOff(node=name) if name == node:
                if since is not None:
                    out.append(Span(node, node, "init", since, record.at, False))
                since = None
    if since is not None:
        out.append(Span(node, node, "init", since, max(known.end, since), True))
    return out


def _pauses(known: Known, node: str) -> list[Span]:
    """Return when the daemon, or every process of the node, stood still."""
    out = [s for s in known.spans("hang") if s.who == node]
    since: Micros | None = None
    for record in known.records:
        match record.event:
            case ev.DaemonStopped(node=name) if name == node:
                since = record.at if since is None else since
            case (
                ev.DaemonContinued(node=name)
                | ev.DaemonExited(node=name)
                | ev.NodePoweredOff(node=name)
            ) if name == node and since is not None:
                out.append(Span(node, node, "paused", since, record.at, False))
                since = None
    if since is not None:
        out.append(Span(node, node, "paused", since, max(known.end, since), True))
    return sorted(out, key=lambda s: (s.begin, s.end))


def _rest(spans: Sequence[Span], over: Sequence[Span]) -> Iterator[Span]:
    """Yield what is left of spans where others lie over them."""
    for span in spans:
        at = span.begin
        for top in over:
            if top.end <= at or top.begin >= span.end:
                continue
            if top.begin > at:
                yield span._replace(begin=at, end=top.begin, open=False)
            at = max(at, top.end)
        if at < span.end or span.begin == span.end:
            yield span._replace(begin=at)


def daemon_row(known: Known, node: str) -> Row:
    """Return the own status of a daemon, with the times in which it stood still or was not there.

    It is ``init`` until it has said its first status, and stopped while the node has power and no
    daemon.
    """
    local = [s for s in known.spans("local") if s.who == node]
    pauses = _pauses(known, node)
    alive = sorted([*local, *_rest(_lives(known, node), local)], key=lambda s: (s.begin, s.end))
    off = [s for s in _power(known, node) if s.value == "off"]
    all_time = [Span(node, node, "stopped", 0, known.end, True)]
    taken = sorted([*alive, *off, *pauses], key=lambda s: (s.begin, s.end))
    gone = _rest(all_time, taken) if known.end else iter(())
    bars = [bar(s, "daemon", _style(s.value)) for s in _rest(alive, pauses)]
    bars += [bar(s, "daemon", "hung") for s in pauses]
    bars += [bar(s, "daemon", "gone") for s in gone]
    return Row("daemon", tuple(sorted(bars)), (("local", node, node), ("hang", node, node)))


# ---- beliefs ------------------------------------------------------------------------------------


def _deaths(spans: Iterable[Span]) -> frozenset[tuple[Micros, Micros]]:
    return frozenset((s.begin, s.end) for s in spans if s.value == "dead")


def _links(known: Known, node: str) -> Iterator[Row]:
    """Yield a row for each link.

    Left out are those to the node itself that never die, and the link of a ping node that dies
    when the ping node does: its status tells the same.
    """
    status = _of(known.spans("status"), node)
    for what, spans in sorted(_of(known.spans("link"), node).items()):
        peer, _, medium = what.partition(":")
        deaths = _deaths(spans)
        if peer == node and not deaths:
            continue
        if peer == medium and deaths <= _deaths(status.get(peer, ())):
            continue
        bars = tuple(bar(s, f"link {what}", _style(s.value, "link")) for s in spans)
        yield Row(f"link {what}", bars, (("link", node, what),), thin=True)


def _sights(known: Known, node: str) -> Iterator[Row]:
    """Yield a row for each peer and ping node: the status that the node believes it has."""
    for peer, spans in sorted(_of(known.spans("status"), node).items()):
        label = "sees itself" if peer == node else f"sees {peer}"
        bars = tuple(bar(s, label, _style(s.value)) for s in spans)
        yield Row(label, bars, (("status", node, peer),), thin=True)


# ---- resources ----------------------------------------------------------------------------------


def _shown_by(call: str, things: Iterable[str]) -> str | None:
    """Return the address or directory that a script brings up, among those that are shown."""
    words = call.split()[1:]
    for thing in things:
        bare = thing.partition("/")[0] or thing
        if any(word == thing or word.partition("/")[0] == bare for word in words if word):
            return thing
    return None


def _resources(known: Known, node: str, style: str) -> Iterator[Row]:
    """Yield a row for each address, mount and script of a node.

    A script whose address or directory is shown has no row of its own.
    """
    addresses = _of(known.spans("address"), node)
    mounts = _of(known.spans("mount"), node)
    scripts = _of(known.spans("script"), node)
    shown: dict[str, list[Key]] = {}
    for call in list(scripts):
        thing = _shown_by(call, (*addresses, *mounts))
        if thing is not None:
            shown.setdefault(thing, []).append(("script", node, call))
            del scripts[call]
    table: tuple[tuple[Kind, str, str, dict[str, list[Span]]], ...] = (
        ("address", "address", "up", addresses),
        ("mount", "mount", "mounted", mounts),
        ("script", "script", "started", scripts),
    )
    for kind, word, value, things in table:
        for what, spans in sorted(things.items()):
            bars = tuple(bar(s, f"{word} {what}", style, value) for s in spans)
            keys = ((kind, node, what), *shown.get(what, ()))
            label = f"script {what}" if kind == "script" else what
            yield Row(label, bars, keys)


def band_of_node(known: Known, node: str, number: int) -> Band:
    """Return the rows of a node; `number` chooses the colour of what it holds."""
    power = tuple(bar(s, "power", _style(s.value)) for s in _power(known, node))
    rows = [Row("power", power, (("power", node, node),)), daemon_row(known, node)]
    rows += [*_links(known, node), *_sights(known, node)]
    rows += _resources(known, node, f"node{number % 4}")
    return Band(node, number, tuple(row for row in rows if row.bars))


def node_bands(known: Known) -> list[Band]:
    """Return a band for each node, in the order of the header."""
    return [band_of_node(known, node, i) for i, node in enumerate(known.nodes)]
