"""The daemon as pure state machines: time is an argument, outputs are returned."""

from __future__ import annotations

from hasim.protocol.core import MSGFREE_PERIOD, Setting
from hasim.protocol.dialect import Dialect, dialect
from hasim.protocol.master import Master
from hasim.protocol.messages import Auth, Message
from hasim.protocol.outputs import Happened, Output, Restart, RunScript, Send, Silence, StartClients
from hasim.protocol.state import Link, MasterState, Peer

__all__ = [
    "MSGFREE_PERIOD",
    "Auth",
    "Dialect",
    "Happened",
    "Link",
    "Master",
    "MasterState",
    "Message",
    "Output",
    "Peer",
    "Restart",
    "RunScript",
    "Send",
    "Setting",
    "Silence",
    "StartClients",
    "dialect",
]
