"""Lines of the scripts: harc, mach_down, ResourceManager, agents (semantics 8, 15.3)."""

from __future__ import annotations

from dataclasses import dataclass

from hasim.events.base import Event

__all__ = [
    "AddressArp",
    "AddressBroadcast",
    "AddressConfigure",
    "AddressNetmask",
    "AddressNic",
    "AddressUnconfigure",
    "AgentError",
    "AgentResult",
    "GoingStandby",
    "GroupAcquire",
    "GroupFailed",
    "GroupRelease",
    "KillingUngracefully",
    "MachDownComplete",
    "MachDownForeign",
    "MountBegun",
    "MountFailed",
    "MountPresent",
    "RcScriptRun",
    "RebootAvoided",
    "RequestAnswered",
    "ScriptFailed",
    "ScriptMissing",
    "ScriptMustStop",
    "ScriptNotLsb",
    "ScriptRetry",
    "ScriptRun",
    "StopFailed",
    "TakingOver",
    "UnmountBegun",
    "UnmountBusy",
    "UnmountDone",
    "UnmountFailed",
    "UnmountSignalled",
    "UnmountTried",
]


@dataclass(frozen=True, slots=True)
class RcScriptRun(Event):
    """harc starts (semantics 5.3)."""

    says = "The script queue runs {type}."
    type: str


@dataclass(frozen=True, slots=True)
class RequestAnswered(Event):
    """ip-request-resp (semantics 8.2)."""

    says = "The group {key} may be acquired: {ok}."
    key: str
    ok: bool


@dataclass(frozen=True, slots=True)
class TakingOver(Event):
    """mach_down (semantics 5.7)."""

    says = "mach_down takes over the group {key}."
    key: str


@dataclass(frozen=True, slots=True)
class MachDownForeign(Event):
    """mach_down (semantics 5.7)."""

    says = "mach_down has acquired the foreign resources."


@dataclass(frozen=True, slots=True)
class MachDownComplete(Event):
    """mach_down (semantics 5.7)."""

    says = "mach_down is complete for {peer}."
    peer: str


@dataclass(frozen=True, slots=True)
class GoingStandby(Event):
    """hb_standby run by a script (semantics 7.1)."""

    says = "hb_standby asks to hand over the {set} resources."
    set: str


@dataclass(frozen=True, slots=True)
class GroupAcquire(Event):
    """ResourceManager (semantics 8.1); `group` is its line of haresources."""

    says = "The group {group} is being acquired."
    group: str


@dataclass(frozen=True, slots=True)
class GroupRelease(Event):
    """ResourceManager (semantics 8.1)."""

    says = "The group {group} is being released."
    group: str


@dataclass(frozen=True, slots=True)
class ScriptRun(Event):
    """Script name, arguments and operation (semantics 8.1)."""

    says = "ResourceManager runs {call}."
    call: str
    directory: str = "/etc/ha.d/resource.d"


@dataclass(frozen=True, slots=True)
class ScriptRetry(Event):
    """Semantics 8.3."""

    says = "The stop of {resource} is tried again."
    resource: str


@dataclass(frozen=True, slots=True)
class ScriptFailed(Event):
    """Semantics 8.1."""

    says = "The script {script} has failed with {code}."
    code: int
    script: str


@dataclass(frozen=True, slots=True)
class ScriptMissing(Event):
    """Semantics 8.1."""

    says = "The script {script} cannot be found."
    script: str


@dataclass(frozen=True, slots=True)
class GroupFailed(Event):
    """Semantics 8.4."""

    says = "The group is given up because {resource} has failed."
    resource: str


@dataclass(frozen=True, slots=True)
class StopFailed(Event):
    """Semantics 8.3."""

    says = "A resource cannot be stopped and the node must reboot."


@dataclass(frozen=True, slots=True)
class KillingUngracefully(Event):
    """Semantics 8.3."""

    says = "Heartbeat is killed ungracefully."


@dataclass(frozen=True, slots=True)
class ScriptNotLsb(Event):
    """Semantics 8.3."""

    says = "The script of {resource} does not behave like an init script."
    resource: str


@dataclass(frozen=True, slots=True)
class ScriptMustStop(Event):
    """Semantics 8.3."""

    says = "The script of {resource} must succeed when already stopped."
    resource: str


@dataclass(frozen=True, slots=True)
class RebootAvoided(Event):
    """Semantics 8.3."""

    says = "A reboot has been narrowly avoided."


@dataclass(frozen=True, slots=True)
class AgentResult(Event):
    """Wrapper of an OCF agent (semantics 8.5)."""

    says = "The agent {agent} says: {result}."
    agent: str
    result: str
    instance: str = ""


@dataclass(frozen=True, slots=True)
class AgentError(Event):
    """Wrapper of an OCF agent (semantics 8.5)."""

    says = "The agent {agent} fails: {result}."
    agent: str
    result: str
    instance: str = ""


@dataclass(frozen=True, slots=True)
class AddressNetmask(Event):
    """IPaddr start."""

    says = "The netmask of {address} is {netmask}."
    address: str
    netmask: str
    instance: str = ""


@dataclass(frozen=True, slots=True)
class AddressNic(Event):
    """IPaddr start without an interface."""

    says = "The interface for {address} is {nic}."
    address: str
    nic: str
    instance: str = ""


@dataclass(frozen=True, slots=True)
class AddressBroadcast(Event):
    """IPaddr start, 2.0.8, debug."""

    says = "The broadcast address of {address} is {broadcast}."
    address: str
    broadcast: str
    instance: str = ""


@dataclass(frozen=True, slots=True)
class AddressConfigure(Event):
    """IPaddr start."""

    says = "The address {address} is configured on {alias}."
    alias: str
    address: str
    netmask: str
    broadcast: str
    instance: str = ""


@dataclass(frozen=True, slots=True)
class AddressArp(Event):
    """IPaddr start, 2.0.8, debug."""

    says = "The address {address} is announced on {nic}."
    address: str
    alias: str
    nic: str
    instance: str = ""


@dataclass(frozen=True, slots=True)
class AddressUnconfigure(Event):
    """IPaddr stop."""

    says = "The address {address} is taken off {alias}."
    alias: str
    address: str = ""
    instance: str = ""


@dataclass(frozen=True, slots=True)
class MountBegun(Event):
    """Filesystem start."""

    says = "{device} is being mounted on {directory}."
    device: str
    directory: str
    instance: str = ""


@dataclass(frozen=True, slots=True)
class MountPresent(Event):
    """Filesystem start."""

    says = "{directory} is mounted already."
    directory: str
    instance: str = ""


@dataclass(frozen=True, slots=True)
class MountFailed(Event):
    """Filesystem start."""

    says = "{device} cannot be mounted on {directory}."
    device: str
    directory: str
    instance: str = ""


@dataclass(frozen=True, slots=True)
class UnmountBegun(Event):
    """Filesystem stop."""

    says = "{device} is being unmounted from {directory}."
    device: str
    directory: str
    instance: str = ""


@dataclass(frozen=True, slots=True)
class UnmountTried(Event):
    """Filesystem stop."""

    says = "An unmount of {directory} is tried."
    directory: str
    instance: str = ""


@dataclass(frozen=True, slots=True)
class UnmountDone(Event):
    """Filesystem stop."""

    says = "{directory} has been unmounted."
    directory: str
    instance: str = ""


@dataclass(frozen=True, slots=True)
class UnmountBusy(Event):
    """Filesystem stop."""

    says = "{directory} is busy; its users get {signal}."
    directory: str
    signal: str
    instance: str = ""


@dataclass(frozen=True, slots=True)
class UnmountSignalled(Event):
    """Filesystem stop."""

    says = "{some} processes on {directory} were signalled."
    some: str
    directory: str
    instance: str = ""


@dataclass(frozen=True, slots=True)
class UnmountFailed(Event):
    """Filesystem stop."""

    says = "{directory} cannot be unmounted."
    directory: str
    instance: str = ""
