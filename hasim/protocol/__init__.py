"""The daemon as pure state machines: time is an argument, outputs are returned."""

from __future__ import annotations

from hasim.protocol.core import MSGFREE_PERIOD, Setting
from hasim.protocol.dialect import Dialect, dialect
from hasim.protocol.master import Master
from hasim.protocol.messages import Auth, Letter, Message, Request
from hasim.protocol.outputs import (
    Answer,
    CloseWatchdog,
    Exit,
    Happened,
    KillChildren,
    OpenWatchdog,
    Output,
    Reboot,
    RefuseClient,
    RunHelper,
    RunScript,
    RunStonith,
    Send,
    Silence,
    StartClient,
    StopClient,
    TellClients,
    Tickle,
)
from hasim.protocol.state import (
    ClientLife,
    Link,
    MasterState,
    Peer,
    Registration,
    ResourceState,
    ShutdownState,
)

__all__ = [
    "MSGFREE_PERIOD",
    "Answer",
    "Auth",
    "ClientLife",
    "CloseWatchdog",
    "Dialect",
    "Exit",
    "Happened",
    "KillChildren",
    "Letter",
    "Link",
    "Master",
    "MasterState",
    "Message",
    "OpenWatchdog",
    "Output",
    "Peer",
    "Reboot",
    "RefuseClient",
    "Registration",
    "Request",
    "ResourceState",
    "RunHelper",
    "RunScript",
    "RunStonith",
    "Send",
    "Setting",
    "ShutdownState",
    "Silence",
    "StartClient",
    "StopClient",
    "TellClients",
    "Tickle",
    "dialect",
]
