"""The checks behind test_tidy.py: each takes text and returns complaints, one line each."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator, Mapping

__all__ = [
    "LAYERS",
    "check_all",
    "check_clock",
    "check_cycles",
    "check_layers",
    "check_lengths",
    "check_model",
    "check_print",
    "check_randomness",
    "check_top_level",
    "check_words",
    "imports_of",
    "room_of",
]

#: Room -> layer. A file imports from its own layer and from lower ones.
LAYERS: Mapping[str, int] = {
    room: number
    for number, rooms in enumerate(
        (
            "errors units draws version statistics files budget",
            "config events catalogue",
            "trace protocol",
            "site world",
            "faults monitors folder lint reading",
            "model scenario run render conform library search testing experiment plot report",
            "cli __init__ __main__",
        )
    )
    for room in rooms.split()
}
#: Plain data that must stay free of the simulation, whatever the layers allow.
DATA_ROOMS = ("site", "faults")
SIMULATION_ROOMS = ("world",)

FILE_LINES_MAX = 500
FUNCTION_LINES_MAX = 80

TOP_LEVEL = frozenset(
    "CHANGELOG.md CONTRIBUTING.md LICENSE Makefile README.md docs experiments hasim mkdocs.yml "
    "models notebooks pyproject.toml tests uv.lock".split()
)
MODEL_FILES = ("README.md", "authkeys", "ha.cf", "haresources")

# Written in pieces, so that this file does not contain what it forbids.
FORBIDDEN_WORDS = re.compile(
    "|".join(
        (
            r"(?<![\w.$}])/(?:work|farm|root|home/\w+)/",
            r"\bTO" r"DO\b",
            r"\bFIX" r"ME\b",
            r"\bXX" r"X\b",
            r"NotImplemented" r"Error",
            r"pragma: no " r"cover",
            r"mark\.x" r"fail",
            r"type: ign" r"ore(?!\[)",
            r"pypi\.org" r"/simple",
        )
    )
)

CLOCK_MODULES = frozenset({"sched", "timeit"})
CLOCK_NAMES: Mapping[str, frozenset[str]] = {
    "time": frozenset(
        "time time_ns monotonic monotonic_ns perf_counter perf_counter_ns process_time "
        "process_time_ns thread_time localtime mktime ctime sleep tzset".split()
    ),
    "datetime": frozenset("now utcnow today".split()),
    "date": frozenset({"today"}),
}
RANDOM_MODULES = frozenset({"random", "secrets", "uuid", "numpy.random"})
RANDOM_NAMES: Mapping[str, frozenset[str]] = {
    "os": frozenset({"urandom", "getrandom"}),
    "np": frozenset({"random"}),
    "numpy": frozenset({"random"}),
}


def imports_of(
    text: str, module: str, modules: Iterable[str], package: bool = False
) -> Iterator[tuple[int, str]]:
    """Yield line and name of every module of `modules` that the text imports, wherever in it.

    ``from a import b`` is an import of ``a.b`` where that is a module, and of ``a`` otherwise.
    """
    known = frozenset(modules)
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parts = module.split(".")
                up = parts[: len(parts) - node.level + (1 if package else 0)]
                base = ".".join([*up, base] if base else up)
            names = [f"{base}.{a.name}" for a in node.names]
            names = [n if n in known else base for n in names]
        else:
            continue
        yield from ((node.lineno, name) for name in names if name in known)


def room_of(module: str) -> str:
    """Return the room of a module: ``hasim.config.parse`` is in ``config``."""
    return module.split(".")[1] if "." in module else "__init__"


def check_layers(sources: Mapping[str, str], packages: Iterable[str] = ()) -> list[str]:
    """Complain about imports that go up, and about rooms without a layer."""
    bad = []
    pack = frozenset(packages)
    for module, text in sorted(sources.items()):
        room = room_of(module)
        if room not in LAYERS:
            bad.append(f"{module}: no layer is known for the room {room!r}")
            continue
        for line, target in imports_of(text, module, sources, module in pack):
            other = room_of(target)
            if other in LAYERS and LAYERS[other] > LAYERS[room]:
                bad.append(f"{module}:{line}: imports {target}, which lies above it")
            elif room in DATA_ROOMS and other in SIMULATION_ROOMS:
                bad.append(f"{module}:{line}: data imports the simulation ({target})")
    return bad


def check_cycles(edges: Mapping[str, Iterable[str]]) -> list[str]:
    """Complain about every group of names that import each other in a circle."""
    graph = {a: sorted({b for b in targets if b != a}) for a, targets in edges.items()}
    reach: dict[str, set[str]] = {}
    for start in graph:
        seen: set[str] = set()
        todo = list(graph[start])
        while todo:
            name = todo.pop()
            if name not in seen:
                seen.add(name)
                todo.extend(graph.get(name, ()))
        reach[start] = seen
    groups = {
        tuple(sorted(b for b in reach[a] if a in reach.get(b, ()))) for a in graph if a in reach[a]
    }
    return [f"import cycle: {', '.join(group)}" for group in sorted(groups)]


def check_lengths(text: str, name: str) -> list[str]:
    """Complain about a file, and about functions, that have grown too long."""
    bad = []
    lines = text.count("\n")
    if lines > FILE_LINES_MAX:
        bad.append(f"{name}: {lines} lines, more than {FILE_LINES_MAX}")
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or node.lineno) - node.lineno + 1
            if length > FUNCTION_LINES_MAX:
                bad.append(f"{name}:{node.lineno}: {node.name} has {length} lines")
    return bad


def _targets(node: ast.stmt) -> list[str]:
    if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return [node.name]
    if isinstance(node, ast.Assign):
        found = [n for t in node.targets for n in ast.walk(t) if isinstance(n, ast.Name)]
        return [n.id for n in found if isinstance(n.ctx, ast.Store)]
    if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
        return [node.target.id]
    return []


def _flat(body: Iterable[ast.stmt]) -> Iterator[ast.stmt]:
    """Yield the statements of a module's top level, those inside ``if`` and ``try`` too."""
    for node in body:
        yield node
        for part in ("body", "orelse", "finalbody"):
            if isinstance(node, ast.If | ast.Try):
                yield from _flat(getattr(node, part, []))


def _sort_key(name: str) -> tuple[int, list[tuple[int, str]]]:
    kind = 0 if name.isupper() and len(name) > 1 else 1 if name[:1].isupper() else 2
    parts = re.findall(r"\d+|\D+", name)
    return kind, [(int(p), "") if p.isdigit() else (-1, p) for p in parts]


def check_all(text: str, module: str) -> list[str]:
    """Complain about an ``__all__`` that is missing, unsorted, incomplete or names nothing.

    Sorted means constants, then classes, then the rest, each by name. What a package re-exports
    is not looked at here: the linter reports an import that is neither used nor listed.
    """
    tree = ast.parse(text)
    listed: list[str] | None = None
    public: set[str] = set()
    bound: set[str] = set()
    for node in _flat(tree.body):
        names = _targets(node)
        if "__all__" in names and isinstance(node, ast.Assign | ast.AnnAssign):
            if not isinstance(node.value, ast.List | ast.Tuple):
                return [f"{module}: __all__ is not a plain list of names"]
            listed = list(ast.literal_eval(node.value))
            continue
        bound.update(names)
        public.update(n for n in names if not n.startswith("_"))
        if isinstance(node, ast.Import | ast.ImportFrom):
            bound.update(a.asname or a.name.split(".")[0] for a in node.names)
    if listed is None:
        return [f"{module}: no __all__, but public names: {sorted(public)}"] if public else []
    bad = []
    if listed != sorted(set(listed), key=_sort_key):
        bad.append(f"{module}: __all__ is not sorted, or has a name twice")
    if missing := sorted(public - set(listed)):
        bad.append(f"{module}: not in __all__: {missing}")
    if "__getattr__" not in bound and (unknown := sorted(set(listed) - bound - {"__version__"})):
        bad.append(f"{module}: in __all__, but not there: {unknown}")
    return bad


def _dotted(node: ast.expr) -> str:
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else "?"


def _uses(
    text: str, name: str, modules: frozenset[str], attributes: Mapping[str, frozenset[str]]
) -> list[str]:
    found: dict[int, str] = {}
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Import):
            used = [a.name for a in node.names if a.name in modules]
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            banned = attributes.get(base, frozenset())
            used = [
                f"{base}.{a.name}"
                for a in node.names
                if base in modules or a.name in banned or f"{base}.{a.name}" in modules
            ]
        elif isinstance(node, ast.Attribute):
            owner = _dotted(node.value).rsplit(".", 1)[-1]
            used = [_dotted(node)] if node.attr in attributes.get(owner, frozenset()) else []
        else:
            continue
        if used:
            found.setdefault(node.lineno, ", ".join(used))
    return [f"{name}:{line}: {what}" for line, what in sorted(found.items())]


def check_clock(text: str, name: str) -> list[str]:
    """Complain about reading the machine's clock or time zone."""
    return _uses(text, name, CLOCK_MODULES, CLOCK_NAMES)


def check_randomness(text: str, name: str) -> list[str]:
    """Complain about randomness that is not an addressed draw."""
    return _uses(text, name, RANDOM_MODULES, RANDOM_NAMES)


def check_print(text: str, name: str) -> list[str]:
    """Complain about calls of print."""
    return [
        f"{name}:{node.lineno}: print"
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Call) and _dotted(node.func) == "print"
    ]


def check_words(text: str, name: str) -> list[str]:
    """Complain about paths of one machine, unfinished work and blunt silencers."""
    return [
        f"{name}:{number}: {hit[0]!r}"
        for number, line in enumerate(text.splitlines(), 1)
        if (hit := FORBIDDEN_WORDS.search(line))
    ]


def check_top_level(names: Iterable[str]) -> list[str]:
    """Complain about entries of the project's folder that have no business there."""
    return [
        f"unexpected entry {name!r}"
        for name in sorted(names)
        if name not in TOP_LEVEL and not name.startswith(".")
    ]


def check_model(files: Iterable[str], readme: str, name: str) -> list[str]:
    """Complain about a model folder without its parts, or a README without its two chapters."""
    have = frozenset(files)
    bad = [f"{name}: {f} is missing" for f in MODEL_FILES if f not in have]
    if not any(re.fullmatch(r"scenarios/[^/]+\.toml", f) for f in have):
        bad.append(f"{name}: no scenario")
    bad += [f"{name}: {f} is code" for f in sorted(have) if f.endswith(".py")]
    chapters = re.findall(r"^## (.+)$", readme, re.MULTILINE)
    if not chapters or not chapters[0].startswith("Scope and limits"):
        bad.append(f"{name}: README.md does not open with 'Scope and limits'")
    if not chapters or not chapters[-1].startswith("Validation"):
        bad.append(f"{name}: README.md does not end with 'Validation'")
    return bad
