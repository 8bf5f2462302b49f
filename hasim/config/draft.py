"""What has been read of an ha.cf so far: the mutable stage between its lines and an HaConfig."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from hasim.config.hacf import ApiAuth, Given, Medium, Respawn, StonithDevice, TableEntry
from hasim.config.lexer import BLANKS, ascii_lower, shown, words
from hasim.config.times import parse_bool

__all__ = ["MAX_MEDIA", "MAX_NODES", "Complaint", "Draft"]

#: A bad value: what is wrong, and what to do.
Complaint = tuple[str, str]

#: Rows of the node table, ping nodes included (semantics 1.1).
MAX_NODES = 100
MAX_MEDIA = 64


@dataclass(slots=True)
class Draft:
    """Values as far as read; a directive that is missing here has its default.

    Parameters
    ----------
    local : str or None
        Name of the own node, lower case; decides which ``stonith_host`` lines apply.
    values : dict
        Value of each plain directive, by its name.
    bad : set of str
        Directives with a refused value; checks that rest on them are left out.
    last_line : dict
        Line of the last occurrence of each directive.
    """

    local: str | None
    values: dict[str, Any] = field(default_factory=dict)
    table: dict[str, TableEntry] = field(default_factory=dict)
    media: list[Medium] = field(default_factory=list)
    respawn: list[Respawn] = field(default_factory=list)
    apiauth: dict[str, ApiAuth] = field(default_factory=dict)
    env: list[str] = field(default_factory=list)
    stonith: StonithDevice | None = None
    given: list[Given] = field(default_factory=list)
    bad: set[str] = field(default_factory=set)
    last_line: dict[str, int] = field(default_factory=dict)

    def add_node(self, name: str, kind: str) -> Complaint | None:
        """Append a row to the node table; names are lower-cased."""
        name = ascii_lower(name)
        if name in self.table:
            what = "node" if self.table[name].kind == "normal" else "ping node"
            return (
                f"{shown(name)} is declared twice",
                f"remove one of the two: it already is a {what}",
            )
        if len(self.table) >= MAX_NODES:
            return (
                f"{shown(name)} is one node too many",
                f"{MAX_NODES} nodes are allowed, ping nodes included",
            )
        self.table[name] = TableEntry(name, kind)
        return None

    def add_medium(self, medium: Medium) -> Complaint | None:
        """Append a medium."""
        if len(self.media) >= MAX_MEDIA:
            return (
                f"{medium.kind} {shown(medium.device)} is one medium too many",
                f"{MAX_MEDIA} media are allowed, ping nodes included",
            )
        self.media.append(medium)
        return None

    def add_ping(self, medium: Medium) -> Complaint | None:
        """Append a ping node, which is a row of the node table and a medium."""
        complaint = self.add_node(medium.device, "ping")
        return complaint or self.add_medium(medium)

    def set_auto_failback(self, value: str) -> Complaint | None:
        """Take a boolean word or ``legacy``."""
        answer = parse_bool(value)
        if answer is None and value.lower() != "legacy":
            return f"auto_failback cannot be [{shown(value)}]", "write on, off or legacy"
        self.values["auto_failback"] = "legacy" if answer is None else "on" if answer else "off"
        return None

    def set_crm(self, value: str, modes: Sequence[str]) -> Complaint | None:
        """Take a boolean word or one of the modes of the dialect."""
        answer = parse_bool(value)
        if answer is None and value not in modes:
            return f"crm cannot be [{shown(value)}]", f"write on, off or {' or '.join(modes)}"
        self.values["crm"] = value if answer is None else "on" if answer else "off"
        return None

    def add_respawn(self, value: str, line: int, failfast: bool) -> Complaint | None:
        """Take ``user command args``; the command must be absolute."""
        name = "failfast" if failfast else "respawn"
        user = words(value)[0] if value else ""
        command = value[len(user) :].strip(BLANKS)
        if not command:
            return (
                f"{name} [{shown(value)}] has no command",
                f"write '{name} USER /absolute/path/of/command'",
            )
        if not command.startswith("/"):
            return (
                f"{name} command [{shown(command)}] is not absolute",
                "write its whole path, such as /usr/lib/heartbeat/ipfail",
            )
        self.respawn.append(Respawn(user, command, failfast, line))
        return None

    def add_apiauth(self, parts: Sequence[str]) -> Complaint | None:
        """Take ``client [uid=list] [gid=list]``, one per client."""
        usage = "write 'apiauth CLIENT uid=USER,... gid=GROUP,...'"
        if not parts:
            return "apiauth names no client", usage
        client = parts[0]
        lists: dict[str, tuple[str, ...]] = {"uid": (), "gid": ()}
        if client in self.apiauth:
            return f"apiauth for [{shown(client)}] is given twice", "join the two lines"
        for part in parts[1:]:
            key, equals, names = part.partition("=")
            if key not in lists or not equals:
                return f"apiauth has [{shown(part)}], which is neither uid= nor gid=", usage
            lists[key] = tuple(name for name in names.split(",") if name)
        self.apiauth[client] = ApiAuth(client, lists["uid"], lists["gid"])
        return None

    def set_stonith(self, parts: Sequence[str], line: int) -> Complaint | None:
        """Take ``type configfile``."""
        if len(parts) < 2:
            text = f"Invalid Stonith {'config file' if parts else 'type'} []"
            return text, "write 'stonith TYPE CONFIGFILE', or 'stonith_host * TYPE PARAMETERS'"
        self.stonith = StonithDevice(parts[0], " ".join(parts[1:]), None, line)
        return None

    def set_stonith_host(self, parts: Sequence[str], line: int) -> Complaint | None:
        """Take ``host type params...``; ignored unless the host is ``*`` or the own node."""
        if len(parts) < 2:
            return "Invalid Stonith type []", "write 'stonith_host HOST TYPE PARAMETERS'"
        host = ascii_lower(parts[0])
        if host == "*" or host == self.local:
            self.stonith = StonithDevice(parts[1], " ".join(parts[2:]), host, line)
        return None
