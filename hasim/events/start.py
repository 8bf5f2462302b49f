"""Lines of a daemon that starts: versions, generation, media (semantics 15.2)."""

from __future__ import annotations

from dataclasses import dataclass

from hasim.events.base import Event

__all__ = [
    "Banner",
    "ConfigValidated",
    "CoreDumpsCouldBeLost",
    "CorePatternAdvice",
    "CoreUsesPidAdvice",
    "DaemonVersion",
    "DailyStatistics",
    "DailyStatisticsHarmless",
    "FifoCreated",
    "GenerationSet",
    "LoggingDaemonDisabled",
    "MediumClosed",
    "MediumOpened",
    "MemoryLockFailed",
    "NoPreviousGeneration",
    "PacemakerSupport",
    "PingGroupStarted",
    "PingStarted",
    "RsctmpRecreated",
    "SignalHandlerAdded",
    "TriggerHandlerAdded",
    "UcastOption",
    "UuidGenerated",
    "WatchdogOpened",
    "WatchdogUnopened",
]


@dataclass(frozen=True, slots=True)
class CoreDumpsCouldBeLost(Event):
    """The kernel's core settings are the defaults; 3.0.6, first line of the parent."""

    says = "Core dumps could be lost."


@dataclass(frozen=True, slots=True)
class CorePatternAdvice(Event):
    """Advice of the 3.0.6 parent."""

    says = "The kernel's core_pattern should be changed."


@dataclass(frozen=True, slots=True)
class CoreUsesPidAdvice(Event):
    """Advice of the 3.0.6 parent."""

    says = "The kernel's core_uses_pid should be set."


@dataclass(frozen=True, slots=True)
class PacemakerSupport(Event):
    """Line of the 3.0.6 parent; `value` as ha.cf writes it."""

    says = "Pacemaker support: {value}."
    value: str = "false"


@dataclass(frozen=True, slots=True)
class LoggingDaemonDisabled(Event):
    """Logging is configured without a logging daemon."""

    says = "The logging daemon is not enabled."


@dataclass(frozen=True, slots=True)
class Banner(Event):
    """Row of stars before the verdict on the configuration."""

    says = "The parent draws a line of stars."


@dataclass(frozen=True, slots=True)
class ConfigValidated(Event):
    """The parent has accepted the configuration."""

    says = "The configuration is valid and heartbeat {version} starts."
    version: str


@dataclass(frozen=True, slots=True)
class DaemonVersion(Event):
    """First line of the master process."""

    says = "The master process of heartbeat {version} runs."
    version: str


@dataclass(frozen=True, slots=True)
class NoPreviousGeneration(Event):
    """First start of a node (semantics 3.3)."""

    says = "There is no stored generation; counting starts at {generation}."
    generation: int


@dataclass(frozen=True, slots=True)
class GenerationSet(Event):
    """One line per life of the daemon (semantics 3.3)."""

    says = "A life of the daemon begins with generation {generation}."
    generation: int


@dataclass(frozen=True, slots=True)
class UuidGenerated(Event):
    """First start under 3.0.6."""

    says = "The node has no uuid and generates one."


@dataclass(frozen=True, slots=True)
class FifoCreated(Event):
    """First start."""

    says = "The FIFO {path} is created."
    path: str


@dataclass(frozen=True, slots=True)
class RsctmpRecreated(Event):
    """2.0.8 at every start, 3.0.6 on failure only."""

    says = "The directory {directory} is recreated."
    directory: str


@dataclass(frozen=True, slots=True)
class TriggerHandlerAdded(Event):
    """2.0.8 only, twice a start."""

    says = "A handler for manual triggers is added."


@dataclass(frozen=True, slots=True)
class SignalHandlerAdded(Event):
    """2.0.8 only."""

    says = "A handler for signal {signal} is added."
    signal: int


@dataclass(frozen=True, slots=True)
class MediumOpened(Event):
    """A bcast, ucast, mcast or serial medium starts."""

    says = "The {kind} medium on {device} is opened."
    kind: str
    device: str
    port: int | None = None
    peer: str | None = None
    group: str | None = None
    ttl: int | None = None
    loop: int | None = None
    baud: int | None = None


@dataclass(frozen=True, slots=True)
class MediumClosed(Event):
    """Right after the I/O children are forked (semantics 2.1)."""

    says = "The master closes its copy of the {kind} medium on {device}."
    kind: str
    device: str
    port: int | None = None


@dataclass(frozen=True, slots=True)
class UcastOption(Event):
    """Socket options of a ucast medium, in the words of `conform`."""

    says = "A ucast medium sets a socket option: {what}."
    what: str
    device: str = ""


@dataclass(frozen=True, slots=True)
class PingStarted(Event):
    """Ping medium of one ping node."""

    says = "A ping medium starts."


@dataclass(frozen=True, slots=True)
class PingGroupStarted(Event):
    """Ping medium of a group."""

    says = "A ping group medium starts."


@dataclass(frozen=True, slots=True)
class MemoryLockFailed(Event):
    """3.0.6 where the locked-memory limit is small."""

    says = "The daemon cannot lock itself into memory."


@dataclass(frozen=True, slots=True)
class WatchdogOpened(Event):
    """The master opens the watchdog (semantics 10)."""

    says = "The watchdog {device} is armed."
    device: str


@dataclass(frozen=True, slots=True)
class WatchdogUnopened(Event):
    """Start goes on without it (semantics 10)."""

    says = "The watchdog {device} cannot be opened."
    device: str


@dataclass(frozen=True, slots=True)
class DailyStatistics(Event):
    """2.0.8, every 24 hours."""

    says = "The daily memory statistics follow."


@dataclass(frozen=True, slots=True)
class DailyStatisticsHarmless(Event):
    """2.0.8, end of the daily statistics."""

    says = "The daily statistics are nothing to worry about."
