"""A scenario: start times, fault schedule, horizon, expectations, pins and what-if edits."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path as FilePath
from typing import Any, Protocol

from hasim.config import DIALECTS, HaConfig, Haresources
from hasim.errors import ConfigError, NotBuiltError, Problem, nearest
from hasim.faults import Fault, parse_fault, require_built
from hasim.folder.sources import Sources
from hasim.monitors import LIVENESS, PROPERTIES
from hasim.site import Site
from hasim.site.positions import Path
from hasim.site.render import toml_key, toml_text
from hasim.site.tables import Document, Table, read_toml, shown
from hasim.units import Micros, duration_text, micros

__all__ = [
    "Expect",
    "Held",
    "Scenario",
    "Simulable",
    "Timely",
    "parse_scenario",
    "pin_values",
    "render_scenario",
]


_DIGITS = {str(digit): digit for digit in range(10)}


class Simulable(Protocol):
    """What a scenario needs of a model: configurations on a site."""

    @property
    def name(self) -> str:
        """Name of the model."""

    @property
    def configs(self) -> Mapping[str, HaConfig]:
        """Configuration of each node."""

    @property
    def haresources(self) -> Mapping[str, Haresources]:
        """Resource groups of each node."""

    @property
    def site(self) -> Site:
        """The hardware."""

    @property
    def dialect(self) -> str:
        """Version of Heartbeat."""

    @property
    def scenarios(self) -> Mapping[str, Scenario]:
        """Scenarios by name."""

    @property
    def edits(self) -> Mapping[str, str]:
        """Directives changed after the files were read."""

    @property
    def path(self) -> FilePath:
        """The folder it was read from."""

    @property
    def digests(self) -> Mapping[str, str]:
        """Digest of each file the model was read from."""

    @property
    def sources(self) -> Sources:
        """The texts of the files."""

    def changed(self, ha_cf: Mapping[str, str]) -> Any:
        """Return the model with directives of ``ha.cf`` changed."""

    def python(self) -> str:
        """Return an expression that makes the model again."""


@dataclass(frozen=True, slots=True)
class Held:
    """Expectation: at an instant, a resource group is held by `node`."""

    at: Micros
    group: str
    node: str


@dataclass(frozen=True, slots=True)
class Timely:
    """Expectation: `node` logs a line with `text` at `after` or up to `within` later."""

    node: str
    text: str
    after: Micros
    within: Micros


@dataclass(frozen=True, slots=True)
class Expect:
    """What a run must show; anything missed is exit code 1.

    Parameters
    ----------
    violated : tuple of str, or None
        Properties that must be violated, no others; None: none of them, as without expectations.
    holds : tuple of Held
        Who holds which group when: on that node the whole of it stands in truth, its addresses up,
        its file systems mounted, its other scripts started.
    log : mapping
        Node to texts that must appear in its log, in this order.
    never : tuple of str
        Texts that no line of any log may contain, unless it contains one of `ignore`.
    timely : tuple of Timely
        Lines that must come within a time.
    """

    violated: tuple[str, ...] | None = None
    holds: tuple[Held, ...] = ()
    log: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    never: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    timely: tuple[Timely, ...] = ()


@dataclass(frozen=True, slots=True)
class Scenario:
    """What happens to a model in a run.

    Parameters
    ----------
    heartbeat : str or None
        The only version of Heartbeat that it is meant for; None: any.
    start : mapping or None
        Node to the first start of its daemon, in microseconds; absent nodes never start.
        None: all nodes at 0.
    until : int or None
        Horizon in microseconds; None: chosen by the run.
    settled : int or None
        Instant from which on the cluster is to be well again: all groups served, all nodes
        agreeing, nothing restarting.
    audits : tuple of int
        Instants at which every group must be served exactly once and whole (semantics 14); also
        judged where a scenario was changed and its expectations are not.
    pin : mapping
        Named draws fixed: stream name to text, or to a table of texts.
    change : mapping
        What-if edits of ``ha.cf``: directive to value.
    file, lines
        Where it was read, for messages; they do not take part in comparison.
    """

    name: str = ""
    title: str = ""
    start: Mapping[str, Micros] | None = None
    faults: tuple[Fault, ...] = ()
    until: Micros | None = None
    audits: tuple[Micros, ...] = ()
    settled: Micros | None = None
    expect: Expect | None = None
    pin: Mapping[str, Mapping[str, str] | str] = field(default_factory=dict)
    change: Mapping[str, str] = field(default_factory=dict)
    heartbeat: str | None = None
    file: str = field(default="scenario", compare=False, repr=False)
    lines: Mapping[Path, int] = field(default_factory=dict, compare=False, repr=False)

    def line(self, *path: str | int) -> int | None:
        """Return the line where a key stands, or the nearest table around it."""
        return Document(self.file, {}, self.lines).line(path)

    def fault_place(self, index: int) -> tuple[str, int | None]:
        """Return file and line of a fault; one that no file holds was given beside it."""
        if self.lines and ("faults", index) not in self.lines:
            return "--fault", None
        return self.file, self.line("faults", index)

    def require_dialect(self, dialect: str) -> None:
        """Raise :class:`ConfigError` if it is meant for another version of Heartbeat."""
        if self.heartbeat not in (None, dialect):
            text = f"this scenario is one of Heartbeat {self.heartbeat}, the model runs {dialect}"
            remedy = f"add --dialect {self.heartbeat}, or remove the line"
            line = self.line("heartbeat")
            raise ConfigError([Problem(self.file, line, "ERROR", text, remedy)])

    def require_built(self) -> None:
        """Raise :class:`NotBuiltError` if it asks for what this version does not simulate."""
        said = []
        for i, fault in enumerate(self.faults):
            try:
                require_built(fault)
            except NotBuiltError as x:
                file, line = self.fault_place(i)
                said.append(f"{file if line is None else f'{file}:{line}'}: {x}")
        if said:
            raise NotBuiltError("\n".join(said))


def pin_values(scenario: Scenario) -> tuple[dict[str, int], list[Problem]]:
    """Return the pinned draws by their full names, and a problem for each that is no value.

    ``"node1/boot1/io-start" = { "read eth1" = "1s" }`` pins ``node1/boot1/io-start/read eth1``.
    Values are durations, in microseconds; of acknowledgements (``.../ack NODE``) a single digit.
    """
    values: dict[str, int] = {}
    problems: list[Problem] = []
    for name, value in scenario.pin.items():
        texts = {name: value} if isinstance(value, str) else value
        if not isinstance(value, str):
            texts = {f"{name}/{k}": v for k, v in value.items()}
        for full, text in texts.items():
            counted = full.rpartition("/")[2].startswith("ack ")
            try:
                values[full] = _DIGITS[text] if counted else micros(text)
            except (LookupError, ValueError) as x:
                said = f"{shown(text)} is no digit, '0' to '9'" if counted else str(x)
                line = scenario.line("pin", name)
                problems.append(Problem(scenario.file, line, "ERROR", f"pin {shown(full)}: {said}"))
    return values, problems


def parse_scenario(text: str | bytes, file: str = "scenario.toml", name: str = "") -> Scenario:
    """Read a scenario file.

    Raises
    ------
    ConfigError
        With every problem of the file, each with its line.
    """
    document = read_toml(text, file)
    root = document.root()
    root.whole("schema", 1, 1, 1)
    title = root.text("title") or ""
    scenario = Scenario(
        name=name,
        title=title,
        start=_start(root),
        faults=_faults(root),
        until=root.time("until"),
        audits=_audits(root),
        settled=root.time("settled"),
        expect=_expect(root),
        pin=_pin(root),
        change=_change(root),
        heartbeat=root.text("heartbeat", DIALECTS),
        file=file,
        lines=document.lines,
    )
    root.close()
    document.finish()
    return scenario


def _start(root: Table) -> Mapping[str, Micros] | None:
    table = root.table("start")
    if table is None:
        return None
    found = {node: table.time(node) for node in table.data}
    return {node: at for node, at in found.items() if at is not None}


def _faults(root: Table) -> tuple[Fault, ...]:
    faults = []
    for line, number in root.strings("faults"):
        if root.document.full:
            break
        try:
            faults.append(parse_fault(line, root.document.file, number))
        except ConfigError as x:
            root.document.problems += x.problems
    return tuple(faults)


def _expect(root: Table) -> Expect | None:
    table = root.table("expect")
    if table is None:
        return None
    violated = table.strings("violated")
    for i, (name, _) in enumerate(violated):
        known = (*PROPERTIES, *LIVENESS)
        if name not in known:
            text = f"violated: no property {shown(name)}{nearest(name, known)}"
            path = (*table.path, "violated", i)
            table.document.complain(path, text, f"known: {', '.join(known)}")
    log = table.table("log")
    texts = {node: tuple(t for t, _ in log.strings(node)) for node in log.data} if log else {}
    expect = Expect(
        tuple(v for v, _ in violated) if "violated" in table.data else None,
        _holds(table),
        texts,
        tuple(text for text, _ in table.strings("never")),
        tuple(text for text, _ in table.strings("ignore")),
        _timely(table),
    )
    table.close()
    return expect


def _audits(root: Table) -> tuple[Micros, ...]:
    out = []
    for i, (text, _) in enumerate(root.strings("audits")):
        try:
            out.append(micros(text))
        except ValueError as x:
            root.document.complain(("audits", i), f"audits: {x}")
    return tuple(out)


def _entries(table: Table, key: str, needed: tuple[str, ...], example: str) -> Iterator[Table]:
    """Yield the tables of a list; those that lack a key are complained of, and come too."""
    value = table.get(key)
    if value is not None and not isinstance(value, list):
        table.complain(key, f"{key} = {shown(value)}: a list of tables is needed")
        return
    for i, item in enumerate(value or ()):
        path: Path = (*table.path, key, i)
        if not isinstance(item, dict):
            table.document.complain(path, f"{key}: {shown(item)} is not a table")
            continue
        one = Table(table.document, path, item)
        yield one
        one.close()
        missing = [name for name in needed if name not in item]
        if missing:
            text = f"an entry of {key} has no {' and no '.join(map(repr, missing))}"
            one.complain(None, text, f"write {example}")


def _holds(table: Table) -> tuple[Held, ...]:
    out = []
    example = '{ at = "75m", group = "KEY", node = "node2" }'
    for one in _entries(table, "holds", ("at", "group", "node"), example):
        at, group, node = one.time("at"), one.text("group"), one.text("node")
        if at is not None and group is not None and node is not None:
            out.append(Held(at, group, node))
    return tuple(out)


def _timely(table: Table) -> tuple[Timely, ...]:
    out = []
    example = '{ node = "node2", text = "node node1: is dead", after = "4m", within = "60s" }'
    for one in _entries(table, "timely", ("node", "text", "after", "within"), example):
        node, text = one.text("node"), one.text("text")
        after, within = one.time("after"), one.time("within")
        if node is not None and text is not None and after is not None and within is not None:
            out.append(Timely(node, text, after, within))
    return tuple(out)


def _pin(root: Table) -> dict[str, Mapping[str, str] | str]:
    table = root.table("pin")
    pins: dict[str, Mapping[str, str] | str] = {}
    for name in table.data if table else ():
        assert table is not None
        if isinstance(table.data[name], dict):
            pins[name] = table.texts(name)
        elif (text := table.text(name)) is not None:
            pins[name] = text
    return pins


def _change(root: Table) -> dict[str, str]:
    table = root.table("change")
    if table is None:
        return {}
    edits, out = table.table("ha_cf"), {}
    for name in edits.data if edits else ():
        assert edits is not None
        value = edits.get(name)
        if isinstance(value, bool):
            out[name] = "on" if value else "off"
        elif isinstance(value, (int, float)) and abs(value) < 1e15:
            out[name] = str(value)
        elif (text := edits.text(name)) is not None:
            out[name] = text
    table.close()
    return out


def _list(items: list[str]) -> str:
    if len(items) < 2:
        return f"[{', '.join(items)}]"
    return "[\n" + "".join(f"  {item},\n" for item in items) + "]"


def _table(pairs: Mapping[str, str]) -> str:
    return "{ " + ", ".join(f"{toml_key(k)} = {toml_text(v)}" for k, v in pairs.items()) + " }"


def _expect_lines(expect: Expect) -> list[str]:
    lines = ["", "[expect]"]
    if expect.violated is not None:
        lines.append(f"violated = {_list([toml_text(v) for v in expect.violated])}")
    if expect.holds:
        entries = [
            _table({"at": duration_text(h.at), "group": h.group, "node": h.node})
            for h in expect.holds
        ]
        lines.append(f"holds = {_list(entries)}")
    for key, unwanted in (("never", expect.never), ("ignore", expect.ignore)):
        if unwanted:
            lines.append(f"{key} = {_list([toml_text(t) for t in unwanted])}")
    for node, texts in expect.log.items():
        lines.append(f"{toml_key('log', node)} = {_list([toml_text(t) for t in texts])}")
    if expect.timely:
        entries = [
            _table(
                {
                    "node": t.node,
                    "text": t.text,
                    "after": duration_text(t.after),
                    "within": duration_text(t.within),
                }
            )
            for t in expect.timely
        ]
        lines.append(f"timely = {_list(entries)}")
    return lines


def render_scenario(scenario: Scenario) -> str:
    """Return a scenario as a file that :func:`parse_scenario` reads back."""
    lines = ["schema = 1"]
    if scenario.title:
        lines.append(f"title = {toml_text(scenario.title)}")
    if scenario.heartbeat is not None:
        lines.append(f"heartbeat = {toml_text(scenario.heartbeat)}")
    if scenario.start is not None:
        start = {node: duration_text(at) for node, at in scenario.start.items()}
        lines.append(f"start = {_table(start)}")
    if scenario.faults:
        lines.append(f"faults = {_list([toml_text(str(f)) for f in scenario.faults])}")
    if scenario.until is not None:
        lines.append(f"until = {toml_text(duration_text(scenario.until))}")
    if scenario.audits:
        lines.append(f"audits = {_list([toml_text(duration_text(at)) for at in scenario.audits])}")
    if scenario.settled is not None:
        lines.append(f"settled = {toml_text(duration_text(scenario.settled))}")
    if scenario.expect is not None:
        lines += _expect_lines(scenario.expect)
    if scenario.pin:
        lines += ["", "[pin]"]
        for name, value in scenario.pin.items():
            text = toml_text(value) if isinstance(value, str) else _table(value)
            lines.append(f"{toml_key(name)} = {text}")
    if scenario.change:
        lines += ["", "[change]", f"ha_cf = {_table(scenario.change)}"]
    return "\n".join(lines) + "\n"
