"""Physical facts: power, processes, wires, clocks, faults, packets."""

from __future__ import annotations

from dataclasses import dataclass

from hasim.events.base import Truth
from hasim.units import duration_text

__all__ = [
    "ClockDrifted",
    "ClockStepped",
    "DaemonContinued",
    "DaemonExited",
    "DaemonStarted",
    "DaemonStopped",
    "DelaySet",
    "DuplicateSet",
    "FaultHealed",
    "FaultInjected",
    "FeedDown",
    "FeedUp",
    "HostDown",
    "HostUp",
    "LossSet",
    "NodeBooted",
    "NodeHung",
    "NodePoweredOff",
    "NodePoweredOn",
    "NodeThawed",
    "PacketForged",
    "PacketReceived",
    "PacketSent",
    "PacketsReplayed",
    "ProcessExited",
    "ProcessStarted",
    "RebootAsked",
    "SwitchDown",
    "SwitchUp",
    "WireCut",
    "WireRestored",
]


@dataclass(frozen=True, slots=True)
class NodePoweredOn(Truth):
    """Power arrives."""

    says = "{node} gets power."
    node: str


@dataclass(frozen=True, slots=True)
class NodeBooted(Truth):
    """The kernel runs."""

    says = "{node} has booted."
    node: str


@dataclass(frozen=True, slots=True)
class NodePoweredOff(Truth):
    """Pulled, fenced, reset or rebooted."""

    says = "{node} loses power ({how})."
    node: str
    how: str


@dataclass(frozen=True, slots=True)
class NodeHung(Truth):
    """Its processes stop; its kernel goes on."""

    says = "{node} hangs."
    node: str


@dataclass(frozen=True, slots=True)
class NodeThawed(Truth):
    """Its processes run again."""

    says = "{node} goes on after a hang."
    node: str


@dataclass(frozen=True, slots=True)
class RebootAsked(Truth):
    """A script, the watchdog or a failfast client."""

    says = "{node} asks for a reboot."
    node: str


@dataclass(frozen=True, slots=True)
class DaemonStarted(Truth):
    """The master process runs."""

    says = "Heartbeat starts on {node} as process {pid}, generation {generation}."
    node: str
    pid: int
    generation: int


@dataclass(frozen=True, slots=True)
class DaemonExited(Truth):
    """The master process has ended."""

    says = "Heartbeat ends on {node} ({how})."
    node: str
    pid: int
    how: str


@dataclass(frozen=True, slots=True)
class DaemonStopped(Truth):
    """SIGSTOP: the daemon's processes stand still, all others go on."""

    says = "Heartbeat stands still on {node}."
    node: str


@dataclass(frozen=True, slots=True)
class DaemonContinued(Truth):
    """SIGCONT: the daemon's processes run again."""

    says = "Heartbeat goes on after a pause on {node}."
    node: str


@dataclass(frozen=True, slots=True)
class ProcessStarted(Truth):
    """Any process."""

    says = "Process {pid} ({role}) starts on {node}."
    node: str
    role: str
    pid: int


@dataclass(frozen=True, slots=True)
class ProcessExited(Truth):
    """By a code or by a signal."""

    says = "Process {pid} ({role}) ends on {node}."
    node: str
    role: str
    pid: int
    code: int | None = None
    signal: int | None = None


@dataclass(frozen=True, slots=True)
class WireCut(Truth):
    """A cause was added."""

    says = "The wire {wire} is cut ({direction})."
    wire: str
    direction: str


@dataclass(frozen=True, slots=True)
class WireRestored(Truth):
    """One cause is gone; the wire works where it was the last (see :mod:`hasim.trace.spans`)."""

    says = "The wire {wire} works again ({direction})."
    wire: str
    direction: str


@dataclass(frozen=True, slots=True)
class LossSet(Truth):
    """Random loss."""

    says = "The wire {wire} loses {per_mille} of 1000 packets ({direction})."
    wire: str
    direction: str
    per_mille: int


@dataclass(frozen=True, slots=True)
class DelaySet(Truth):
    """Added delay."""

    says = "The wire {wire} delays packets by {delay_us} us ({direction})."
    wire: str
    direction: str
    delay_us: int


@dataclass(frozen=True, slots=True)
class DuplicateSet(Truth):
    """Random copies."""

    says = "The wire {wire} doubles {per_mille} of 1000 packets ({direction})."
    wire: str
    direction: str
    per_mille: int


@dataclass(frozen=True, slots=True)
class SwitchDown(Truth):
    """A cause was added."""

    says = "The switch {switch} stops."
    switch: str


@dataclass(frozen=True, slots=True)
class SwitchUp(Truth):
    """The last cause is gone."""

    says = "The switch {switch} works again."
    switch: str


@dataclass(frozen=True, slots=True)
class FeedDown(Truth):
    """A cause was added."""

    says = "The power feed {feed} fails."
    feed: str


@dataclass(frozen=True, slots=True)
class FeedUp(Truth):
    """The last cause is gone."""

    says = "The power feed {feed} returns."
    feed: str


@dataclass(frozen=True, slots=True)
class HostDown(Truth):
    """A cause was added."""

    says = "The pinged host {host} stops."
    host: str


@dataclass(frozen=True, slots=True)
class HostUp(Truth):
    """The last cause is gone."""

    says = "The pinged host {host} works again."
    host: str


@dataclass(frozen=True, slots=True)
class ClockStepped(Truth):
    """Wall clock only."""

    says = "The clock of {node} is stepped by {by_us}."
    node: str
    by_us: int

    def sentence(self) -> str:
        """Return the sentence with the step as a duration."""
        by = ("-" if self.by_us < 0 else "+") + duration_text(abs(self.by_us))
        return self.says.format(node=self.node, by_us=by)


@dataclass(frozen=True, slots=True)
class ClockDrifted(Truth):
    """Wall clock only."""

    says = "The clock of {node} drifts by {ppm} ppm."
    node: str
    ppm: int


@dataclass(frozen=True, slots=True)
class FaultInjected(Truth):
    """One per entry of the schedule, in order."""

    says = "Fault {index} is injected: {line}."
    index: int
    line: str


@dataclass(frozen=True, slots=True)
class FaultHealed(Truth):
    """The same cause is removed."""

    says = "Fault {index} is healed: {line}."
    index: int
    line: str


@dataclass(frozen=True, slots=True)
class PacketReceived(Truth):
    """`sent_at` in microseconds of the run."""

    says = "A {type} packet of {origin} arrives on {medium}."
    origin: str
    type: str
    generation: int
    seqno: int | None
    medium: str
    sent_at: int


@dataclass(frozen=True, slots=True)
class PacketSent(Truth):
    """One per packet and medium."""

    says = "{origin} sends a {type} packet on {medium}."
    origin: str
    type: str
    generation: int
    seqno: int | None
    medium: str


@dataclass(frozen=True, slots=True)
class PacketForged(Truth):
    """Somebody else has made it; `signed` with the key of the cluster."""

    says = "A {type} packet in the name of {origin} is put on {wire}."
    origin: str
    type: str
    wire: str
    signed: bool = False


@dataclass(frozen=True, slots=True)
class PacketsReplayed(Truth):
    """What was sent before comes once more."""

    says = "{count} packets of {origin} are put on {wire} once more."
    origin: str
    wire: str
    count: int
