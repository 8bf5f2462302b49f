"""Complaints of the daemon about its configuration (semantics 1.3)."""

from __future__ import annotations

from dataclasses import dataclass

from hasim.events.base import Event

__all__ = [
    "AuthConfigUnusable",
    "AutojoinAdvice",
    "AutojoinConflict",
    "BadNodename",
    "ConfigComplaint",
    "ConfigUnopened",
    "ConfigUnparsed",
    "DeadtimeTooSmall",
    "InitdeadAdvice",
    "InitdeadMayBeSmall",
    "InitdeadNote",
    "InitdeadTooSmall",
    "LegacyFailbackConvert",
    "LegacyFailbackDeprecated",
    "LegacyFailbackSeeDocs",
    "LocalNodeMissing",
    "LogEntryMissing",
    "MediaMissing",
    "NodesMissing",
    "NodesNamedByUname",
    "NotStarted",
    "PingDeadtimeTooSmall",
    "ResourcesUnopened",
]


@dataclass(frozen=True, slots=True)
class LogEntryMissing(Event):
    """Neither logfile nor logfacility is given; the logging daemon is used."""

    says = "The configuration names no log."


@dataclass(frozen=True, slots=True)
class InitdeadMayBeSmall(Event):
    """initdead is less than ten seconds."""

    says = "The initial dead time of {initdead_ms} ms may be too small."
    initdead_ms: int


@dataclass(frozen=True, slots=True)
class InitdeadNote(Event):
    """Second line of the initdead complaint."""

    says = "The initial dead time covers a slow start of the network."


@dataclass(frozen=True, slots=True)
class InitdeadAdvice(Event):
    """Third line of the initdead complaint."""

    says = "The initial dead time should be ten seconds or more."


@dataclass(frozen=True, slots=True)
class LegacyFailbackDeprecated(Event):
    """First line of the complaint about auto_failback legacy."""

    says = "The legacy value of auto_failback is deprecated."


@dataclass(frozen=True, slots=True)
class LegacyFailbackConvert(Event):
    """Its second line."""

    says = "The legacy value of auto_failback should be replaced."


@dataclass(frozen=True, slots=True)
class LegacyFailbackSeeDocs(Event):
    """Its third line."""

    says = "The documentation tells how to replace the legacy value."


@dataclass(frozen=True, slots=True)
class ConfigComplaint(Event):
    """Any complaint about the configuration, in the daemon's words."""

    says = "The configuration is found wanting: {text}"
    level: str
    text: str


@dataclass(frozen=True, slots=True)
class ConfigUnopened(Event):
    """Fatal at start."""

    says = "The configuration file {path} cannot be opened."
    path: str


@dataclass(frozen=True, slots=True)
class ConfigUnparsed(Event):
    """Fatal at start."""

    says = "The configuration has errors and heartbeat does not start."


@dataclass(frozen=True, slots=True)
class AuthConfigUnusable(Event):
    """Fatal at start."""

    says = "The authentication keys cannot be used."


@dataclass(frozen=True, slots=True)
class MediaMissing(Event):
    """Fatal at start."""

    says = "The configuration defines no medium."


@dataclass(frozen=True, slots=True)
class NodesMissing(Event):
    """Fatal at start."""

    says = "The configuration defines no node."


@dataclass(frozen=True, slots=True)
class LocalNodeMissing(Event):
    """Fatal at start."""

    says = "The configuration does not name {node} itself."
    node: str


@dataclass(frozen=True, slots=True)
class NodesNamedByUname(Event):
    """Hint after the complaint about the local node."""

    says = "Nodes are named as the kernel names them."


@dataclass(frozen=True, slots=True)
class DeadtimeTooSmall(Event):
    """Fatal at start (milliseconds)."""

    says = "The dead time {deadtime} is too small for the keepalive {keepalive}."
    deadtime: str
    keepalive: str


@dataclass(frozen=True, slots=True)
class InitdeadTooSmall(Event):
    """Fatal at start (milliseconds)."""

    says = "The initial dead time {initdead} is smaller than the dead time {deadtime}."
    initdead: str
    deadtime: str


@dataclass(frozen=True, slots=True)
class PingDeadtimeTooSmall(Event):
    """Fatal at start (milliseconds)."""

    says = "The ping dead time {deadping} is too small for the keepalive {keepalive}."
    deadping: str
    keepalive: str


@dataclass(frozen=True, slots=True)
class AutojoinConflict(Event):
    """Fatal at start."""

    says = "Joining automatically conflicts with haresources."


@dataclass(frozen=True, slots=True)
class AutojoinAdvice(Event):
    """Second line of the autojoin complaint."""

    says = "The directive autojoin has to be unset."


@dataclass(frozen=True, slots=True)
class ResourcesUnopened(Event):
    """Fatal at start."""

    says = "The resource file {path} cannot be opened."
    path: str


@dataclass(frozen=True, slots=True)
class BadNodename(Event):
    """Fatal at start."""

    says = "The resource file {path} names the unknown node {node}."
    path: str
    node: str


@dataclass(frozen=True, slots=True)
class NotStarted(Event):
    """Last line of a parent that refuses."""

    says = "The configuration is wrong and heartbeat is not started."
