"""Events drawn for an entry of the catalogue, with values its wording can carry."""

from __future__ import annotations

from string import Formatter
from typing import Any

from hypothesis import strategies as st

from hasim.catalogue import ENTRIES, Entry
from hasim.events import Event, field_types

NAMES = st.sampled_from(["node1", "a", "db-2.example.org", "eth0", "192.168.60.1", "10.0.0.200"])
PATHS = st.sampled_from(["/dev/sdb5", "/webdata", "/etc/ha.d/resource.d/IPaddr", "/dev/ttyS0"])
WORDS = st.from_regex(r"[a-zA-Z0-9_][a-zA-Z0-9._-]{0,11}", fullmatch=True)
PHRASES = st.lists(WORDS, min_size=1, max_size=4).map(" ".join)
FORMS: dict[str, st.SearchStrategy[Any]] = {
    "act": st.sampled_from(["give up", "acquire"]),
    "head": NAMES,
    "inner": PHRASES,
    "last": PATHS,
    "name": WORDS,
    "quoted": PHRASES | PATHS,
    "rest": PHRASES,
    "signal": st.integers(1, 64),
    "yesno": st.booleans(),
}
# What the daemon itself puts into these fields.
SETS = st.sampled_from(["all", "local", "foreign"])
PROPER: dict[str, st.SearchStrategy[Any]] = {
    "BothOwn.set": st.sampled_from(["our", "foreign"]),
    "ChildExited.what": st.sampled_from(
        ["STONITH node2", "STONITH-stat", "/usr/lib/heartbeat/ipfail"]
    ),
    "ChildKilled.what": st.sampled_from(["HBREAD", "HBFIFO", "/usr/lib/heartbeat/ipfail"]),
    "ScriptFailed.script": st.sampled_from(["/etc/ha.d/resource.d/IPaddr"]),
    "StandbyWorkDone.act": st.sampled_from(["release", "acquisition"]),
    "child": st.sampled_from(["HBREAD", "HBWRITE", "HBFIFO"]),
    "command": st.sampled_from(["/usr/lib/heartbeat/ipfail", "/usr/libexec/heartbeat/ccm"]),
    "msg": st.sampled_from(["me", "other", "done"]),
    "set": SETS,
    "source": st.sampled_from(["Gmain_timeout_dispatch", "G_SIG_dispatch"]),
    "status": st.sampled_from(["init", "up", "active", "dead", "ping"]),
    "why": st.sampled_from(["Other side is", "local resources"]),
}


def value_of(kind: type[Event], field: str, form: str) -> st.SearchStrategy[Any]:
    for key in (f"{kind.__name__}.{field}", field):
        if key in PROPER:
            return PROPER[key]
    if form:
        return FORMS[form]
    if int in field_types(kind)[field]:
        return st.integers(0, 2**40)
    return (
        NAMES | WORDS | PATHS if field in ("path", "device", "command", "script") else NAMES | WORDS
    )


def wordings() -> list[tuple[Entry, str]]:
    """Every entry with every dialect that has its line."""
    return [(entry, dialect) for entry in ENTRIES for dialect in entry.texts]


def name_of(pair: tuple[Entry, str]) -> str:
    entry, dialect = pair
    return "-".join([entry.kind.__name__, *map(str, entry.when.values()), dialect])


def events_for(entry: Entry, dialect: str) -> st.SearchStrategy[Event]:
    """Events that this entry prints in that dialect; what it does not show has its default."""
    values: dict[str, st.SearchStrategy[Any]] = {}
    for template in (entry.tags[dialect], entry.texts[dialect]):
        for _, field, form, _ in Formatter().parse(template.text):
            if field:
                values[field] = value_of(entry.kind, field, form or "")
    if entry.level.startswith("{"):
        values["level"] = st.sampled_from(["ERROR", "WARN", "info"])
    values.update({field: st.just(value) for field, value in entry.when.items()})
    return st.builds(entry.kind, **values)
