"""The hardware of a site as an SVG picture: who is connected to what, and what feeds whom.

Parts lie in ranks, from above: outside clients and pinged hosts; switches; nodes with their
interfaces; crossover cables and disks; STONITH devices; feeds. Within a rank their order is that
which keeps lines short.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from hasim.render.picture import Picture, hover, text
from hasim.render.svg import shorten, tag, text_width
from hasim.site import Site

__all__ = ["topology_svg"]

_PITCH = 92.0
_GAP = 28.0
_EDGE = 16.0
_BOX_MAX = 230.0


class _Part(NamedTuple):
    """A box: its rank, its look, its lines of text, what the tooltip says."""

    key: str
    rank: int
    look: str
    lines: tuple[str, ...]
    title: str

    @property
    def width(self) -> float:
        """How wide its text is."""
        first = text_width(self.lines[0], 11, bold=True)
        rest = [text_width(line, 10) for line in self.lines[1:]]
        return min(max([first, *rest, 56]) + 20, _BOX_MAX)

    @property
    def height(self) -> float:
        """How high it is."""
        return 12.0 + 13 * len(self.lines)


class _Line(NamedTuple):
    """A connection: of cable, disk, power or plug."""

    one: str
    other: str
    look: str
    title: str


def _is_cable(site: Site, switch: str) -> bool:
    """Return whether a switch is a cable between two ends."""
    ends = [n for node in site.nodes.values() for n in node.nics.values() if n.on == switch]
    hosts = [h for h in site.hosts.values() if h.on == switch]
    return site.switches[switch].power is None and len(ends) <= 2 and not hosts


def _fed(feed: str | None) -> str:
    return "needs no power" if feed is None else f"power of {feed}"


def _parts(site: Site) -> Iterator[_Part]:
    for host in site.hosts.values():
        role = f"probes {host.probes}" if host.probes else "ping node"
        title = f"{host.name}: {role}; {_fed(host.power)}"
        yield _Part(host.name, 0, "host", (host.name, role), title)
    for switch in site.switches.values():
        cable = _is_cable(site, switch.name)
        what = "cable" if cable else "switch"
        look = "link" if cable else "switch"
        title = f"{what} {switch.name}, latency {switch.latency}; {_fed(switch.power)}"
        yield _Part(f"switch {switch.name}", 3 if cable else 1, look, (switch.name, what), title)
    for node in site.nodes.values():
        nics = [f"{nic.name}  {nic.address or ''}".rstrip() for nic in node.nics.values()]
        title = f"{node.name}: {', '.join(nics) or 'no interface'}; power of {node.power}"
        yield _Part(f"node {node.name}", 2, "node", (node.name, *nics), title)
    for disk in site.disks.values():
        devices = dict.fromkeys(disk.seen_as.values())
        title = f"disk {disk.name}, seen as {', '.join(devices) or '-'}; path {disk.path}"
        lines = f"disk {disk.name}", " ".join(devices) or "unseen"
        yield _Part(f"disk {disk.name}", 3, "disk", lines, title)
    for device in site.stonith.values():
        title = f"STONITH device {device.name}, {device.kind}; {_fed(device.power)}"
        lines = device.name, f"STONITH {device.kind}"
        yield _Part(f"stonith {device.name}", 4, "fence", lines, title)
    feeds = [*site.feed_names]
    for feed in feeds:
        rank = 5 if feed in site.feeds else 6
        yield _Part(f"feed {feed}", rank, "feed", (feed, "power"), f"feed {feed}")


def _lines(site: Site) -> Iterator[_Line]:
    for host in site.hosts.values():
        yield _Line(host.name, f"switch {host.on}", "cable", f"{host.name} on {host.on}")
    for node in site.nodes.values():
        for nic in node.nics.values():
            title = f"cable {node.name}:{nic.name}"
            yield _Line(f"node {node.name}", f"switch {nic.on}", "cable", title)
        yield _power(node.power, f"node {node.name}", node.name)
    for disk in site.disks.values():
        ends = [f"node {n}" for n in disk.seen_as]
        for end in ends if disk.path == "direct" else [f"switch {disk.path}"]:
            yield _Line(end, f"disk {disk.name}", "path", f"path of disk {disk.name}")
    for device in site.stonith.values():
        here = f"stonith {device.name}"
        if device.on is not None:
            title = f"STONITH device {device.name} on {device.on}"
            yield _Line(here, f"switch {device.on}", "cable", title)
        for victim, feed in device.plugs.items():
            yield _Line(here, f"feed {feed}", "plug", f"{device.name} switches {feed} for {victim}")
    for feed, above in site.feeds.items():
        yield _power(above, f"feed {feed}", feed)


def _power(feed: str, end: str, name: str) -> _Line:
    return _Line(f"feed {feed}", end, "power", f"{feed} feeds {name}")


def _ordered(ranks: Mapping[int, list[_Part]], lines: Sequence[_Line]) -> list[list[_Part]]:
    """Return the ranks that are not empty, each in an order that keeps its lines short."""
    rows = [ranks[rank] for rank in sorted(ranks)]
    near: dict[str, list[str]] = {}
    for line in lines:
        if line.look != "power":
            near.setdefault(line.one, []).append(line.other)
            near.setdefault(line.other, []).append(line.one)
    place: dict[str, float] = {}
    for row in rows:
        for i, part in enumerate(row):
            place[part.key] = (i + 0.5) / len(row)
    for row in [*rows, *reversed(rows), *rows]:

        def middle(part: _Part) -> float:
            ends = [place[key] for key in near.get(part.key, ()) if key in place]
            return sum(ends) / len(ends) if ends else place[part.key]

        if any(part.rank == 2 for part in row):
            continue  # nodes stand in the order of the site
        row.sort(key=middle)
        for i, part in enumerate(row):
            place[part.key] = (i + 0.5) / len(row)
    return rows


class _Spot(NamedTuple):
    """Where a part lies: its middle, its edges above and below."""

    x: float
    top: float
    bottom: float


def _box(part: _Part, spot: _Spot) -> str:
    left = spot.x - part.width / 2
    size = {"width": part.width, "height": part.height}
    round_ = {"switch": 4, "disk": 12, "link": 12, "host": 12}.get(part.look, 4)
    drawn = [tag("rect", x=left, y=spot.top, rx=round_, class_=f"part-{part.look}", **size)]
    for i, line in enumerate(part.lines):
        class_ = "bold" if i == 0 else "small quiet"
        room = part.width - 12
        short = shorten(line, room, 11 if i == 0 else 10, i == 0)
        drawn.append(text(spot.x, spot.top + 16 + 13 * i, short, class_, "middle"))
    return hover(part.title, *drawn, class_="spot")


def _route(line: _Line, spots: Mapping[str, _Spot], beside: float) -> str:
    """Return a line between two parts; one that would cross a rank between them bends around."""
    one, other = spots[line.one], spots[line.other]
    high, low = (one, other) if one.top <= other.top else (other, one)
    if low.top - high.bottom < _PITCH:
        middle = (high.bottom + low.top) / 2
        way = f"M{high.x:.1f},{high.bottom:.1f}C{high.x:.1f},{middle:.1f} "
        way += f"{low.x:.1f},{middle:.1f} {low.x:.1f},{low.top:.1f}"
    else:
        a, b = high.bottom + 22, low.top - 14
        way = f"M{high.x:.1f},{high.bottom:.1f}C{high.x:.1f},{a:.1f} {beside:.1f},{high.bottom:.1f}"
        way += f" {beside:.1f},{a + 24:.1f}L{beside:.1f},{b - 24:.1f}"
        way += f"C{beside:.1f},{low.top:.1f} {low.x:.1f},{b:.1f} {low.x:.1f},{low.top:.1f}"
    return hover(line.title, tag("path", d=way, class_=f"way-{line.look}"), class_="way")


def topology_svg(site: Site) -> str:
    """Return a picture of the hardware of a site; the same site gives the same bytes.

    Lines of power lead to nodes only; what feeds the others is in their tooltips.
    """
    parts = {part.key: part for part in _parts(site)}
    lines = [x for x in _lines(site) if x.one in parts and x.other in parts]
    ranks: dict[int, list[_Part]] = {}
    for part in parts.values():
        ranks.setdefault(part.rank, []).append(part)
    rows = _ordered(ranks, lines)
    widths = [sum(p.width for p in row) + _GAP * (len(row) - 1) for row in rows]
    inner = max([*widths, 300.0])
    width = inner + 2 * _EDGE + 60
    spots: dict[str, _Spot] = {}
    y = _EDGE
    for row, wide in zip(rows, widths, strict=True):
        gap = (inner - wide + _GAP * (len(row) - 1)) / (len(row) + 1)
        x = _EDGE + 30 + gap
        tallest = max(part.height for part in row)
        for part in row:
            top = y + (tallest - part.height) / 2
            spots[part.key] = _Spot(x + part.width / 2, top, top + part.height)
            x += part.width + gap
        y += tallest + 46
    sides = (_EDGE, width - _EDGE)
    out = []
    for i, line in enumerate(sorted(lines, key=lambda x: x.look != "power")):
        middle = (spots[line.one].x + spots[line.other].x) / 2
        side = sides[0] + 4 * (i % 7) if middle < width / 2 else sides[1] - 4 * (i % 7)
        out.append(_route(line, spots, side))
    out += [_box(part, spots[part.key]) for part in parts.values()]
    names = ", ".join(site.nodes) or "no node"
    described = f"The hardware: {names}, switches, disks, feeds and what connects them."
    picture = Picture.named("Topology", described, "topology", site)
    return picture.document(width, y - 46 + _EDGE, out)
