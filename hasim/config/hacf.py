"""What an ha.cf says, as the daemon understands it: values, node table and media."""

from __future__ import annotations

from dataclasses import dataclass, field

from hasim.config.authkeys import AuthKeys
from hasim.units import Micros

__all__ = ["ApiAuth", "Given", "HaConfig", "Medium", "Respawn", "StonithDevice", "TableEntry"]


@dataclass(frozen=True, slots=True)
class Given:
    """One directive as written: its word, its value without comment, and where it stands."""

    directive: str
    value: str
    line: int = field(compare=False)


@dataclass(frozen=True, slots=True)
class Medium:
    """One medium that a directive opens, in the order of ha.cf; ping directives open media too.

    Parameters
    ----------
    kind : str
        ``bcast mcast ucast serial ping ping_group``, in 3.0.6 also ``mcast6 ucast6``.
    device : str
        Interface or tty; the pinged address for ``ping``, the group's name for ``ping_group``.
    port : int or None
        UDP port: of ``mcast`` its own, of ``bcast`` and ``ucast`` the ``udpport`` in force at the
        line of the directive (semantics 1.1).
    peer : str or None
        Address that ``ucast`` sends to.
    group, ttl, loop
        Of ``mcast``: address of the group, time to live, whether own packets come back.
    baud : int or None
        Of ``serial``: the ``baud`` in force at the line of the directive.
    hosts : tuple of str
        Pinged addresses: one for ``ping``, the members for ``ping_group``.
    line : int
        Line of ha.cf, from 1; not compared.
    """

    kind: str
    device: str
    port: int | None = None
    peer: str | None = None
    group: str | None = None
    ttl: int | None = None
    loop: int | None = None
    baud: int | None = None
    hosts: tuple[str, ...] = ()
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class TableEntry:
    """One row of the node table; kind is ``normal`` or ``ping`` (semantics 1.1, 4.4)."""

    name: str
    kind: str


@dataclass(frozen=True, slots=True)
class Respawn:
    """A client that the daemon starts and restarts: user, full command line as written.

    With `failfast` (3.0.6 only) its death reboots the machine.
    """

    user: str
    command: str
    failfast: bool = False
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class StonithDevice:
    """The device of the last ``stonith`` or ``stonith_host`` directive that applies.

    `host` is None for ``stonith``, whose `params` name a configuration file.
    """

    type: str
    params: str
    host: str | None = None
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True)
class ApiAuth:
    """Users and groups that may connect as an API client of this name."""

    client: str
    uids: tuple[str, ...] = ()
    gids: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HaConfig:
    """The effective configuration of one node: what ha.cf says, completed by the defaults.

    Times are microseconds, always whole milliseconds. Fields carry the names of the directives
    (semantics 1.2). ``crm`` is ``off``, ``on`` or the word given, and ``respawn`` and ``apiauth``
    hold what it stands for as well (semantics 13); ``use_logd`` is True also where nothing was
    said about logging at all; ``rtprio`` is None for the middle of the range.
    """

    keepalive: Micros
    deadtime: Micros
    warntime: Micros
    initdead: Micros
    deadping: Micros
    auto_failback: str
    table: tuple[TableEntry, ...]
    media: tuple[Medium, ...]
    respawn: tuple[Respawn, ...] = ()
    apiauth: tuple[ApiAuth, ...] = ()
    stonith: StonithDevice | None = None
    watchdog: str | None = None
    hopfudge: int = 1
    baud: int = 19200
    udpport: int = 694
    debug: int = 0
    debugfile: str | None = None
    logfile: str | None = None
    logfacility: str | None = None
    use_logd: bool = False
    conn_logd_time: Micros = 60_000_000
    syslogmsgfmt: bool = True
    realtime: bool = True
    rtprio: int | None = None
    hbgenmethod: str = "file"
    msgfmt: str = "classic"
    autojoin: str = "none"
    uuidfrom: str = "file"
    crm: str = "off"
    max_rexmit_delay: Micros = 250_000
    memreserve: int = 6500
    cluster: str | None = None
    quorum_server: str | None = None
    compression: str | None = None
    compression_threshold: int | None = None
    traditional_compression: bool | None = None
    coredumps: bool | None = None
    coreroot: str | None = None
    env: tuple[str, ...] = ()
    log_badpack: bool = True
    use_apphbd: bool | None = None
    record_config_changes: bool | None = None
    record_pengine_inputs: bool | None = None
    enable_config_writes: bool | None = None
    normalpoll: int | None = None
    given: tuple[Given, ...] = ()
    local: str | None = None
    dialect: str = "3.0.6"
    authkeys: AuthKeys | None = None

    @property
    def nodes(self) -> tuple[str, ...]:
        """Names of the cluster's members in the order of the node table."""
        return tuple(entry.name for entry in self.table if entry.kind == "normal")

    @property
    def ping_nodes(self) -> tuple[str, ...]:
        """Names of the ping nodes and ping groups in the order of the node table."""
        return tuple(entry.name for entry in self.table if entry.kind == "ping")

    @property
    def nice_failback(self) -> bool:
        """True where the daemon speaks the "nice_failback" protocol (semantics 5.8)."""
        return self.auto_failback != "legacy"

    @property
    def manages(self) -> bool:
        """True where the daemon manages resources itself, and no cluster manager (semantics 13)."""
        return self.crm == "off"

    def is_given(self, directive: str) -> bool:
        """Tell whether ha.cf has a directive of this name."""
        return any(entry.directive == directive for entry in self.given)
