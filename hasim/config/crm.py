"""What ``crm`` and ``pacemaker`` stand for: further respawn and apiauth directives (semantics 13).

The daemon reads such a line as if the clients of a cluster manager had been written in its place.
What those clients decide is no business of the daemon.

Of the words of 3.0.6 the semantics describe ``on`` and ``respawn`` only.  Taken here: ``minimal``
and ``valgrind`` start what ``respawn`` does, ``ccm-only`` the ccm alone, ``manual`` nothing, in
both versions: whoever writes it has respawn lines of his own.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from hasim.config.hacf import ApiAuth, Respawn

__all__ = [
    "CRM_CHILDREN",
    "CRM_PROGRAMS",
    "CRM_SIGNS_ON",
    "crm_apiauth",
    "crm_children",
    "crm_respawn",
    "with_crm",
]

_FOLDER = "/usr/lib/heartbeat/"
_H, _R = "hacluster", "root"
#: User and command of each client, in the order in which they are started.
_CLIENTS = {
    "2.0.8": (
        (_H, "ccm"), (_H, "cib"), (_R, "lrmd -r"), (_R, "stonithd"), (_H, "attrd"), (_H, "crmd"),
        (_R, "mgmtd -v"),
    ),
    "3.0.6": (
        (_H, "ccm"), (_H, "cib"), (_R, "stonithd"), (_R, "lrmd -r"), (_H, "attrd"), (_H, "pengine"),
        (_H, "crmd"),
    ),
}  # fmt: skip
#: Whose death reboots the machine under ``pacemaker on`` (3.0.6).
_FAILFAST = frozenset({"ccm", "cib", "crmd", "pengine"})
#: What crmd starts itself in 2.0.8; in 3.0.6 the daemon starts pengine, and there is no tengine.
CRM_CHILDREN = ("pengine", "tengine")
CRM_PROGRAMS = ("attrd", "ccm", "cib", "crmd", "lrmd", "mgmtd", "pengine", "stonithd", "tengine")
#: Clients that sign on with the daemon; the others talk to each other only.
CRM_SIGNS_ON = frozenset({"attrd", "ccm", "cib", "crmd", "mgmtd", "stonithd"})


def crm_respawn(mode: str, dialect: str, line: int = 0) -> tuple[Respawn, ...]:
    """Return the respawn directives that a value of ``crm`` stands for, in their order.

    Parameters
    ----------
    mode : str
        ``off``, ``on`` or the word given, as in :class:`~hasim.config.HaConfig`.
    dialect : str
        ``2.0.8`` or ``3.0.6``; only in the latter a death can reboot the machine.
    line : int
        Line of ha.cf of the directive.
    """
    if mode in ("off", "manual"):
        return ()
    flagged = _FAILFAST if (mode, dialect) == ("on", "3.0.6") else frozenset()
    return tuple(
        Respawn(user, _FOLDER + command, command in flagged, line)
        for user, command in _CLIENTS[dialect]
        if mode != "ccm-only" or command == "ccm"
    )


def crm_children(program: str, crm: str, dialect: str) -> tuple[str, ...]:
    """Return the commands that a client starts as children of its own."""
    if crm == "off" or dialect != "2.0.8" or program != "crmd":
        return ()
    return tuple(_FOLDER + child for child in CRM_CHILDREN)


def crm_apiauth(mode: str, dialect: str) -> tuple[ApiAuth, ...]:
    """Return who may sign on as those clients: the user that each is started as (assumed)."""
    found = ((r.command.split()[0].rpartition("/")[2], r.user) for r in crm_respawn(mode, dialect))
    return tuple(ApiAuth(name, (user,)) for name, user in found if name in CRM_SIGNS_ON)


def with_crm(given: Iterable[Respawn], implied: Sequence[Respawn]) -> tuple[Respawn, ...]:
    """Return all clients in the order in which ha.cf is read; a command counts once, the first."""
    at = implied[0].line if implied else 0
    before, after = list[Respawn](), list[Respawn]()
    for respawn in given:
        (before if respawn.line < at else after).append(respawn)
    if not implied:
        return tuple(after)
    known: dict[str, Respawn] = {}
    for respawn in (*before, *implied, *after):
        known.setdefault(respawn.command, respawn)
    return tuple(known.values())
