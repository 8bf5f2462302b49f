"""Lines of a daemon, and of its ccm, where a cluster manager is enabled (semantics 13)."""

from __future__ import annotations

from dataclasses import dataclass

from hasim.events.base import Event

__all__ = ["CcmExit", "CcmReason", "ResourcesFileExists", "ResourcesFileUnused"]


@dataclass(frozen=True, slots=True)
class ResourcesFileExists(Event):
    """The parent finds a haresources that nobody will read."""

    says = "There is a resource file {path}."
    path: str


@dataclass(frozen=True, slots=True)
class ResourcesFileUnused(Event):
    """Second line of that warning."""

    says = "The resource file is not used, because a cluster manager is enabled."


@dataclass(frozen=True, slots=True)
class CcmReason(Event):
    """The client library's word for a refused sign-on."""

    says = "The ccm cannot sign on: {reason}."
    reason: str


@dataclass(frozen=True, slots=True)
class CcmExit(Event):
    """A ccm that was refused ends."""

    says = "The ccm gives up."
