"""The rows of a timeline below the nodes: hardware, STONITH devices, outside clients."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Protocol

from hasim import events as ev
from hasim.render.rows import Band, Bar, Row, bar
from hasim.render.window import Known, time_text
from hasim.trace import Record, Span
from hasim.units import Micros, duration_text

__all__ = ["Lost", "Parted", "other_bands", "outage_band", "permille"]

# A change of a part: what it is called, its key, its new state; None where it works again.
_Change = tuple[str, str, str | None]


class Lost(Protocol):
    """An outage, as :class:`hasim.run.outage.Outage` tells it."""

    @property
    def service(self) -> str:
        """Key of the group."""

    @property
    def client(self) -> str | None:
        """The client that saw it."""

    @property
    def begin(self) -> Micros:
        """From when."""

    @property
    def end(self) -> Micros:
        """To when."""

    @property
    def open(self) -> bool:
        """Whether it lasted at the end."""


class Parted(Lost, Protocol):
    """An outage of which is known who served before and after, and where its time went."""

    @property
    def before(self) -> str:
        """Who served before."""

    @property
    def after(self) -> str | None:
        """Who served next."""

    @property
    def breakdown(self) -> Any:
        """Where the time went: a named tuple of phases in microseconds."""


def permille(amount: int) -> str:
    """Return parts in a thousand as a share: ``30 %``, ``2.5 %``."""
    whole, tenth = divmod(amount, 10)
    return f"{whole}.{tenth} %" if tenth else f"{whole} %"


def _quality(event: ev.Event) -> _Change | None:
    """Return what a fact changes in parts of which the trace keeps no spans."""
    match event:
        case ev.LossSet(wire=wire, direction=way, per_mille=amount):
            value = f"loses {permille(amount)}" if amount else None
            return f"cable {_wire(wire, way)}", "loss", value
        case ev.DelaySet(wire=wire, direction=way, delay_us=amount):
            value = f"delays by {duration_text(amount)}" if amount else None
            return f"cable {_wire(wire, way)}", "delay", value
        case ev.DuplicateSet(wire=wire, direction=way, per_mille=amount):
            value = f"doubles {permille(amount)}" if amount else None
            return f"cable {_wire(wire, way)}", "double", value
        case ev.FeedDown(feed=feed):
            return f"feed {feed}", "feed", "off"
        case ev.FeedUp(feed=feed):
            return f"feed {feed}", "feed", None
        case ev.HostDown(host=host):
            return f"host {host}", "host", "off"
        case ev.HostUp(host=host):
            return f"host {host}", "host", None
    return None


def _wire(wire: str, way: str) -> str:
    return wire if way == "both" else f"{wire} {way}"


def _changed(records: Iterable[Record], end: Micros) -> list[Span]:
    """Return the spans of parts of which the trace keeps none; `who` is what a part is called."""
    since: dict[tuple[str, str], tuple[Micros, str]] = {}
    out: list[Span] = []
    for record in records:
        change = _quality(record.event) if record.event.truth else None
        if change is None:
            continue
        label, what, value = change
        before = since.pop((label, what), None)
        if before is not None:
            out.append(Span(label, what, before[1], before[0], record.at, False))
        if value is not None:
            since[label, what] = (record.at, value)
    out += (
        Span(label, what, value, at, max(end, at), True)
        for (label, what), (at, value) in since.items()
    )
    return sorted(out, key=lambda s: (s.begin, s.end, s.who, s.what))


def _part(span: Span) -> str:
    if span.value == "cut":
        return f"cable {_wire(span.who, span.what)}"
    return f"disk {span.who}" if span.value == "corrupt" else f"switch {span.who}"


def _hardware(known: Known) -> Iterator[Row]:
    found: dict[str, list[Span]] = {}
    for span in known.spans("part"):
        found.setdefault(_part(span), []).append(span)
    for label, spans in sorted(found.items()):
        keys = tuple(dict.fromkeys(("part", s.who, s.what) for s in spans))
        style = "off" if spans[0].value == "off" else "dead"
        bars = tuple(_plain(span, label, style) for span in spans)
        yield Row(label, bars, keys)
    qualities: dict[tuple[str, str], list[Span]] = {}
    for span in _changed(known.records, known.end):
        qualities.setdefault((span.who, span.what), []).append(span)
    for (label, _), spans in sorted(qualities.items()):
        style = "off" if spans[0].value == "off" else "start"
        yield Row(label, tuple(_plain(span, label, style) for span in spans))


def _plain(span: Span, label: str, style: str) -> Bar:
    """Return the bar of a part, which is nobody's: its tooltip begins with what it is called."""
    made = bar(span, "is", style)
    return made._replace(title=f"{label}{made.title.removeprefix(f'{span.who}:')}")


# ---- STONITH ------------------------------------------------------------------------------------


def _requests(known: Known) -> Iterator[tuple[str, Span, str]]:
    """Yield what a row is called, a request with who asked, and how it ended.

    A request to a device lasts until the device answers. The child of the master that fences lasts
    from its first line to its verdict, or to the next try.
    """
    open_: dict[tuple[str, str], tuple[Micros, str]] = {}

    def ended(row: str, key: str, at: Micros, how: str) -> Iterator[tuple[str, Span, str]]:
        begun = open_.pop((row, key), None)
        if begun is not None:
            yield row, Span(begun[1], key, f"reset {key}", begun[0], at, False), how

    for record in known.records:
        node = record.source.node or "-"
        match record.event:
            case ev.FenceAsk(peer=peer):
                yield from ended(f"{node} fences {peer}", peer, record.at, "tried again")
                open_[f"{node} fences {peer}", peer] = (record.at, node)
            case ev.FenceOk(peer=peer):
                yield from ended(f"{node} fences {peer}", peer, record.at, "done")
            case ev.FenceFailed(peer=peer):
                yield from ended(f"{node} fences {peer}", peer, record.at, "failed")
            case ev.StonithRequested(device=device, victim=victim):
                yield from ended(f"device {device}", victim, record.at, "asked again")
                open_[f"device {device}", victim] = (record.at, node)
            case ev.StonithAnswered(device=device, victim=victim, code=code):
                how = "done" if code == 0 else f"failed with {code}"
                yield from ended(f"device {device}", victim, record.at, how)
            case ev.StonithOrphaned(device=device, victim=victim):
                yield from ended(f"device {device}", victim, record.at, "nobody waited")
            case ev.NodePoweredOff(node=off):
                rows = [key for key in open_ if key[0] == f"{off} fences {key[1]}"]
                for row, key in rows:
                    yield from ended(row, key, record.at, f"{off} lost power")
            case ev.StonithUnreachable(device=device):
                at = Span(node, device, "unreachable", record.at, record.at, False)
                yield f"device {device}", at, "unreachable"
    for (row, key), (begin, node) in open_.items():
        lasts = Span(node, key, f"reset {key}", begin, max(known.end, begin), True)
        yield row, lasts, "no answer"


def _stonith(known: Known) -> Iterator[Row]:
    found: dict[str, list[Bar]] = {}
    for label, span, how in _requests(known):
        value = how if how == span.value else f"{span.value}: {how}"
        style = "work" if how in ("done", "no answer", "nobody waited") else "dead"
        found.setdefault(label, []).append(bar(span, label, style, value))
    for label, bars in sorted(found.items()):
        yield Row(label, tuple(sorted(bars)))


# ---- clients ------------------------------------------------------------------------------------


def _clients(known: Known, colours: dict[str, int]) -> Iterator[Row]:
    """Yield for each client and address who answers it; from the first answer on also silence."""
    found: dict[tuple[str, str], list[Span]] = {}
    for span in known.spans("answer"):
        found.setdefault((span.who, span.what), []).append(span)
    for (client, address), spans in sorted(found.items()):
        bars: list[Bar] = []
        heard = spans[0].begin
        for span in spans:
            if span.begin > heard:
                silent = span._replace(value="nobody", begin=heard, end=span.begin, open=False)
                bars.append(bar(silent, f"{address} answered by", "dead"))
            style = f"node{colours.get(span.value, 3) % 4}"
            bars.append(bar(span, f"{address} answered by", style))
            heard = span.end
        if heard < known.end:
            silent = spans[-1]._replace(value="nobody", begin=heard, end=known.end, open=True)
            bars.append(bar(silent, f"{address} answered by", "dead"))
        label = address if client == "client" else f"{client}: {address}"
        yield Row(label, tuple(bars), (("answer", client, address),))


def other_bands(known: Known) -> list[Band]:
    """Return the bands below the nodes: hardware, STONITH, who answers clients; none is empty."""
    colours = {node: number for number, node in enumerate(known.nodes)}
    bands = [
        Band("hardware", None, tuple(_hardware(known))),
        Band("STONITH", None, tuple(_stonith(known))),
        Band("who answers", None, tuple(_clients(known, colours))),
    ]
    return [band for band in bands if band.rows]


# ---- outages ------------------------------------------------------------------------------------


def outage_band(outages: Iterable[Lost]) -> Band | None:
    """Return a row for each service and client that had an outage; None where there was none."""
    found: dict[tuple[str, str | None], list[Bar]] = {}
    clients: dict[str, set[str | None]] = {}
    for lost in outages:
        how_long = time_text(lost.end - lost.begin)
        until = "the end" if lost.open else time_text(lost.end)
        title = f"{lost.service}: outage of {how_long}, from {time_text(lost.begin)} to {until}"
        made = Bar(lost.begin, lost.end, how_long, "dead", title)
        found.setdefault((lost.service, lost.client), []).append(made)
        clients.setdefault(lost.service, set()).add(lost.client)
    rows = []
    for (service, client), bars in sorted(found.items(), key=lambda f: (f[0][0], f[0][1] or "")):
        several = client is not None and len(clients[service]) > 1
        rows.append(Row(f"{client}: {service}" if several else service, tuple(bars)))
    return Band("outage", None, tuple(rows)) if rows else None
