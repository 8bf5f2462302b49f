"""The hardware a cluster runs on, as data: cables, switches, power feeds, disks, script times.

Durations are microseconds. Every class is frozen; mappings are plain dictionaries in file order.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

from hasim.units import MS, SECOND, Micros, duration_text

__all__ = [
    "DEFAULT_SCRIPTS",
    "UTILITY",
    "WATCHDOGS",
    "WORDINGS",
    "Clock",
    "Daemon",
    "Disk",
    "Host",
    "Latency",
    "Nic",
    "NodeSite",
    "ScriptTimes",
    "Service",
    "Site",
    "StartMode",
    "Stonith",
    "Switch",
    "Watchdog",
]

#: The feed that needs no entry: the mains.
UTILITY = "utility"

StartMode = Literal["on-boot", "manual"]

#: Kinds of a watchdog, and the kernels whose words a softdog uses.
WATCHDOGS = ("softdog", "hardware", "none")
WORDINGS = ("2.6", "2.4")


@dataclass(frozen=True, slots=True)
class Latency:
    """A time that is constant, uniform between two bounds, or given by two percentiles.

    Parameters
    ----------
    lo_us, hi_us : int
        Least and greatest value ever drawn; equal for a constant.
    p50_us, p99_us : int or None
        Median and 99th percentile; both None for a constant or uniform time.

    Notes
    -----
    The percentile form is piecewise uniform: half of the values lie between ``lo_us`` and the
    median, 49 % between the median and ``p99_us``, 1 % above. :meth:`percentiles` chooses the
    bounds: ``p50*p50/p99`` below, ``2*p99`` above.
    """

    lo_us: Micros
    hi_us: Micros
    p50_us: Micros | None = None
    p99_us: Micros | None = None

    @classmethod
    def constant(cls, us: Micros) -> Latency:
        """Return a time that is always `us`."""
        return cls(us, us)

    @classmethod
    def percentiles(cls, p50_us: Micros, p99_us: Micros) -> Latency:
        """Return a time with the given median and 99th percentile."""
        return cls(p50_us * p50_us // max(p99_us, 1), 2 * p99_us, p50_us, p99_us)

    def pick(self, u: int) -> Micros:
        """Return the value for a uniform draw `u`, an integer with ``0 <= u < 2**32``.

        Grows with `u`; uses integer arithmetic only, so every machine gives the same value.
        """
        if self.p50_us is None or self.p99_us is None:
            return self.lo_us + (u * (self.hi_us - self.lo_us + 1) >> 32)
        part = u * 100
        half, most, whole = 50 << 32, 99 << 32, 100 << 32
        if part < half:
            return self.lo_us + part * (self.p50_us - self.lo_us) // half
        if part < most:
            return self.p50_us + (part - half) * (self.p99_us - self.p50_us) // (most - half)
        return self.p99_us + (part - most) * (self.hi_us - self.p99_us) // (whole - most)

    def __str__(self) -> str:
        if self.p50_us is not None and self.p99_us is not None:
            return f"p50 {duration_text(self.p50_us)}, p99 {duration_text(self.p99_us)}"
        if self.lo_us == self.hi_us:
            return duration_text(self.lo_us)
        return f"{duration_text(self.lo_us)}..{duration_text(self.hi_us)}"


@dataclass(frozen=True, slots=True)
class Switch:
    """A broadcast domain; a crossover or serial cable is a switch without power.

    `latency` is one-way, from NIC to NIC. `power` is None for a cable.
    """

    name: str
    latency: Latency = Latency(100, 300)
    power: str | None = None


@dataclass(frozen=True, slots=True)
class Nic:
    """A network interface or serial port of a node, plugged into the switch `on`."""

    name: str
    on: str
    address: str | None = None


@dataclass(frozen=True, slots=True)
class Clock:
    """How a node's wall clock departs from true time, in microseconds and parts per million."""

    offset_us: Micros = 0
    drift_ppm: int = 0


@dataclass(frozen=True, slots=True)
class Watchdog:
    """The device behind the watchdog directive of ha.cf (semantics 10).

    Parameters
    ----------
    kind : str
        ``softdog``: a timer of the kernel, which reboots; ``hardware``: a timer of its own, which
        cuts the machine off as a reset button does; ``none``: the device cannot be opened.
    nowayout : bool
        Closing it properly does not stop it.
    wording : str
        Which kernel's words a softdog uses, ``2.6`` or ``2.4``.  A hardware watchdog says nothing.
    reset : Latency
        From the end of a hardware watchdog's time to the reset.
    """

    kind: str = "softdog"
    nowayout: bool = False
    wording: str = "2.6"
    reset: Latency = Latency(0, 0)


#: What a node has where its site says nothing: the init script loads softdog (semantics 6.8).
_SOFTDOG = Watchdog()


@dataclass(frozen=True, slots=True)
class NodeSite:
    """The machine of one cluster node.

    `boot` is the time from power to the init scripts, `heartbeat` tells whether they start the
    daemon, `first_pid` is the process id of the first process the daemon starts after power-on.
    `generation` is the last generation the daemon used before the run, kept on stable storage
    with its uuid and FIFO; None where it has never been started (semantics 3.3).
    `watchdog` is its watchdog as the site gives it; :attr:`dog` the one that the daemon finds.
    """

    name: str
    nics: Mapping[str, Nic] = field(default_factory=dict)
    power: str = UTILITY
    boot: Latency = Latency(40 * SECOND, 60 * SECOND)
    heartbeat: StartMode = "on-boot"
    clock: Clock = Clock()
    first_pid: int = 2000
    generation: int | None = None
    watchdog: Watchdog | None = None

    @property
    def dog(self) -> Watchdog:
        """The watchdog device of the node: a softdog where the site says nothing."""
        return _SOFTDOG if self.watchdog is None else self.watchdog


@dataclass(frozen=True, slots=True)
class Host:
    """A ping node or an outside client; `probes` is the address a client watches."""

    name: str
    on: str
    power: str | None = UTILITY
    probes: str | None = None


@dataclass(frozen=True, slots=True)
class Disk:
    """A shared disk: `seen_as` maps nodes to device names, `path` is "direct" or a switch."""

    name: str
    seen_as: Mapping[str, str] = field(default_factory=dict)
    path: str = "direct"


@dataclass(frozen=True, slots=True)
class Service:
    """What is behind a service address: users are served only so long after its group stands.

    `recovery_us` is the time an application needs after the start of the last resource of its
    group: journal replay, warm-up, reconnection.
    """

    address: str
    recovery_us: Micros = 0


@dataclass(frozen=True, slots=True)
class ScriptTimes:
    """One script: durations by operation (``start stop status``, ``run`` for any), and its faults.

    Parameters
    ----------
    start, stop, status, run : Latency or None
        How long a call takes; None where the site does not say.
    fails : tuple of str
        Operations that fail each time, before they change anything; a status call that fails says
        nothing, which ResourceManager takes for "not running".
    hangs : tuple of str
        Operations that never end.
    lies : str or None
        What a status call says whatever is true: ``running`` or ``stopped``.
    stopped_code : int or None
        Exit code of status where nothing runs, of a script that wraps no OCF agent; None: 3.
    missing : bool
        The script is not installed.
    exits : int
        Of a respawn client: the code with which it ends after ``run``; without a ``run`` it stays.
    signs_on : bool
        Of a respawn client: it signs on with the daemon's API.
    keeps_channel : bool
        Of a respawn client that signs on: a child of it holds its channel open after its death.
    """

    start: Latency | None = None
    stop: Latency | None = None
    status: Latency | None = None
    run: Latency | None = None
    fails: tuple[str, ...] = ()
    hangs: tuple[str, ...] = ()
    lies: str | None = None
    stopped_code: int | None = None
    missing: bool = False
    exits: int = 0
    signs_on: bool = False
    keeps_channel: bool = False


@dataclass(frozen=True, slots=True)
class Stonith:
    """A STONITH device, or the human behind ``meatware`` (semantics 9).

    Parameters
    ----------
    kind : str
        The type that ``stonith`` or ``stonith_host`` of ha.cf name, as ``external/ipmi``.
    on : str or None
        The switch over which nodes reach it; None: a cable of its own to every node.
    power : str or None
        Its feed; None: it needs none.
    plugs : mapping
        Node to what is switched off for it: a feed, or the name of a node for a management board,
        which switches that one machine.  A wrong entry is a wrong plug.
    off, reboot : Latency
        From a request until the plug is off, and until it is on again.
    action : str
        What a reset does: ``reboot``, or ``off``: the plug stays off until somebody powers it.
    answers : str
        When the device answers a reset: ``off`` or ``on``, with the plug in that state.
    fails : int
        So many first requests of a run fail.
    timeout : Latency
        After so long a node gives up a device that cannot be reached.
    operator : Latency or None
        Of ``meatware``: from the request until somebody has power-cycled the node and says so;
        None: nobody ever comes.
    """

    name: str
    kind: str
    on: str | None = None
    power: str | None = UTILITY
    plugs: Mapping[str, str] = field(default_factory=dict)
    off: Latency = Latency(3 * SECOND, 3 * SECOND)
    reboot: Latency = Latency(8 * SECOND, 8 * SECOND)
    action: str = "reboot"
    answers: str = "on"
    fails: int = 0
    timeout: Latency = Latency(10 * SECOND, 10 * SECOND)
    operator: Latency | None = None


_CREEP = Latency.percentiles(500, 1500)


@dataclass(frozen=True, slots=True)
class Daemon:
    """Times of the daemon's own start, measured on two CPUs (semantics 2.1, 19.2).

    Parameters
    ----------
    start : Latency
        From the init script to ``Configuration validated``.
    up : Latency
        From there to ``Local status now set to: 'up'``.
    io_late_per_mille : int
        Chance, of 1000, that an I/O child sleeps one second at its start.
    creep : Latency
        By how much later in a second the half-second timer comes that serves clients and the
        network between heartbeats (semantics 2.2; recorded 0.25 to 1.3 ms); 0: never.
    processors : int
        Of each node.  With one, a client runs only when the master forks or sleeps, so that most
        of its requests wait for the next wake; with more, some are served in the wake that
        provoked them (semantics 2.2).
    """

    start: Latency = Latency(10 * MS, 120 * MS)
    up: Latency = Latency(14 * MS, 117 * MS)
    io_late_per_mille: int = 200
    processors: int = 2
    creep: Latency = _CREEP


#: Script durations where the site gives none (semantics 19.2).
DEFAULT_SCRIPTS: Mapping[str, ScriptTimes] = {
    "IPaddr": ScriptTimes(
        start=Latency(108 * MS, 452 * MS),
        stop=Latency(45 * MS, 195 * MS),
        status=Latency(43 * MS, 216 * MS),
    ),
    "Filesystem": ScriptTimes(
        start=Latency(85 * MS, 341 * MS),
        stop=Latency(89 * MS, 507 * MS),
        status=Latency(61 * MS, 265 * MS),
    ),
    "harc": ScriptTimes(run=Latency(8 * MS, 63 * MS)),
}
_OTHER_SCRIPT = DEFAULT_SCRIPTS["IPaddr"]
_PLAIN = ScriptTimes()


@dataclass(frozen=True, slots=True)
class Site:
    """Everything a cluster runs on; what :func:`hasim.site.parse_site` reads.

    Parameters
    ----------
    heartbeat : str
        Dialect: behaviour and wording of this Heartbeat version.
    epoch : str
        Wall clock of a node with offset 0 at t = 0, ISO 8601 without zone.
    authkeys_mode : int or None
        Mode of the authkeys file; None: the file's own.
    feeds : mapping
        Power feed to the feed it hangs on; feeds without an entry are sources.
    scripts, node_scripts : mapping
        Durations by script; and by node, then script.
    services : mapping
        Service address, without mask, to what is behind it.
    """

    heartbeat: str = "3.0.6"
    epoch: str = "2007-11-26T07:52:21"
    authkeys_mode: int | None = None
    switches: Mapping[str, Switch] = field(default_factory=dict)
    nodes: Mapping[str, NodeSite] = field(default_factory=dict)
    hosts: Mapping[str, Host] = field(default_factory=dict)
    feeds: Mapping[str, str] = field(default_factory=dict)
    disks: Mapping[str, Disk] = field(default_factory=dict)
    scripts: Mapping[str, ScriptTimes] = field(default_factory=dict)
    node_scripts: Mapping[str, Mapping[str, ScriptTimes]] = field(default_factory=dict)
    stonith: Mapping[str, Stonith] = field(default_factory=dict)
    daemon: Daemon = Daemon()
    services: Mapping[str, Service] = field(default_factory=dict)
    schema: int = 1

    @property
    def epoch_at(self) -> datetime:
        """The epoch as a date and time without zone."""
        return datetime.fromisoformat(self.epoch)

    @property
    def feed_names(self) -> tuple[str, ...]:
        """Every feed that a table names, sources included, in alphabetical order."""
        names = {UTILITY, *self.feeds, *self.feeds.values()}
        return tuple(sorted(names))

    def feed_line(self, feed: str) -> tuple[str, ...]:
        """Return a feed and the feeds above it, up to the source."""
        line = [feed]
        while line[-1] in self.feeds and self.feeds[line[-1]] not in line:
            line.append(self.feeds[line[-1]])
        return tuple(line)

    def recovery_us(self, address: str) -> Micros:
        """Return how long the application behind an address, without mask, takes to recover."""
        service = self.services.get(address)
        return 0 if service is None else service.recovery_us

    def script_time(self, node: str, script: str, operation: str) -> Latency:
        """Return how long a script's operation takes on a node.

        Looks in ``[script.NODE]``, then ``[script]``, then the measured defaults; a script of
        unknown kind takes as long as IPaddr. ``run`` answers for any operation.
        """
        tables = (self.node_scripts.get(node, {}), self.scripts, DEFAULT_SCRIPTS)
        for times in (*(t[script] for t in tables if script in t), _OTHER_SCRIPT):
            found: Latency | None = getattr(times, operation, None) or times.run
            if found is not None:
                return found
        return Latency.constant(0)

    def given_time(self, node: str, script: str, operation: str) -> Latency | None:
        """Return how long an operation takes if the site says so, None where it is as measured.

        ``run`` answers for any operation. A site that repeats the measured bounds, as a derived one
        does, says nothing of its own.
        """
        for table in (self.node_scripts.get(node, {}), self.scripts):
            if script in table:
                times = table[script]
                found: Latency | None = getattr(times, operation, None) or times.run
                if found is not None:
                    measured = DEFAULT_SCRIPTS.get(script, ScriptTimes())
                    usual = getattr(measured, operation, None) or measured.run
                    return None if found == usual else found
        return None

    def script_traits(self, node: str, script: str) -> ScriptTimes:
        """Return what the site says of a script on a node, its own entry before the common one."""
        own = self.node_scripts.get(node, {})
        return own.get(script, self.scripts.get(script, _PLAIN))
