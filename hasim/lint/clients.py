"""Rules about clients of the daemon, and about a cluster manager in its place."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import get_close_matches

from hasim.config import may_sign_on
from hasim.lint.rule import Hit, Rule, rule
from hasim.lint.subject import Subject, program_of

__all__ = ["CLIENT_RULES"]

#: Users that exist wherever Heartbeat is installed, and the group that is taken for one.
_USERS = ("hacluster", "root")
_GROUP = "haclient"


@rule(
    "respawn-user-misspelt",
    "warning",
    "A respawn client runs as a user that is probably misspelt",
    why="The user must exist, or the client is never started: without ipfail, say, no failed "
    "network moves anything, and nobody notices before it does.",
    source="semantics 1.2, respawn",
    remedy="write hacluster",
)
def _user(subject: Subject) -> Iterator[Hit]:
    for view in subject.views:
        for respawn in view.config.respawn if view.config else ():
            if (meant := _meant(respawn.user)) is not None:
                text = f"the user {respawn.user[:40]} of {program_of(respawn)} is "
                text += "a group" if respawn.user == _GROUP else "probably misspelt"
                yield Hit(view.on_line(respawn.line), text, f"write {meant}")


def _meant(user: str) -> str | None:
    """Return the user that another word is probably meant for."""
    if user in _USERS:
        return None
    if user == _GROUP:
        return "hacluster"
    return next(iter(get_close_matches(user.lower()[:40], _USERS, n=1, cutoff=0.75)), None)


@rule(
    "client-not-authorized",
    "warning",
    "A client runs as a user who may not sign on under its name",
    why="The daemon compares user and group with the apiauth directive of the client, or with its "
    "defaults: ipfail and ccm must be hacluster. It refuses everybody else, the client exits, and "
    "is started again until the daemon gives it up.",
    source="semantics 1.2, apiauth, and 6.7",
    remedy="run it as hacluster, or allow the user in an apiauth directive",
)
def _refused(subject: Subject) -> Iterator[Hit]:
    for view in subject.views:
        config = view.sure("respawn", "apiauth")
        for respawn in config.respawn if config else ():
            name = program_of(respawn)
            known = name in ("ipfail", "ccm") and _meant(respawn.user) is None
            if config and known and not may_sign_on(config, name, respawn.user):
                text = f"{name} runs as {respawn.user[:40]}, who may not sign on as {name}"
                yield Hit(view.on_line(respawn.line), text)


@rule(
    "ipfail-with-legacy-failback",
    "warning",
    "ipfail refuses to work with auto_failback legacy",
    why="ipfail hands resources over by the protocol that auto_failback on and off bring. With "
    "legacy, which is the default, it logs an error, exits with code 100, and is not started "
    "again.",
    source="semantics 5.8 and 11.1",
    remedy="write 'auto_failback on' or 'auto_failback off'",
)
def _legacy(subject: Subject) -> Iterator[Hit]:
    for view in subject.views:
        config = view.sure("auto_failback", "nice_failback", "respawn", "crm", "pacemaker")
        if config and config.manages and view.ipfail and config.auto_failback == "legacy":
            text = "auto_failback set to incompatible legacy option."
            place = view.at("auto_failback", "nice_failback")
            if place.line is None:
                place = view.on_line(view.ipfail.line)
            yield Hit(place, f"ipfail will exit: {text}")


@rule(
    "ipfail-under-crm",
    "warning",
    "ipfail has nothing to do under a cluster manager",
    why="With crm or pacemaker the daemon manages no resources. ipfail logs 'No managed resources' "
    "and exits with code 100; the cluster manager has a ping attribute of its own.",
    source="semantics 11.1 and 13",
    remedy="remove the respawn line",
)
def _ipfail_crm(subject: Subject) -> Iterator[Hit]:
    for view in subject.views:
        config = view.sure("crm", "pacemaker", "respawn")
        if config and not config.manages and view.ipfail:
            yield Hit(view.on_line(view.ipfail.line), "ipfail will exit: No managed resources")


@rule(
    "crm-beside-haresources",
    "warning",
    "haresources is not used, because a cluster manager is switched on",
    why="With crm or pacemaker the daemon starts no resource itself. Groups in haresources look as "
    "if they counted; they do not, and the daemon says so at each start.",
    source="semantics 13",
    remedy="remove haresources, or the crm line, whichever is not meant",
)
def _crm(subject: Subject) -> Iterator[Hit]:
    for view in subject.views:
        config = view.sure("crm", "pacemaker")
        if config and not config.manages and view.groups:
            place = view.group_at(view.groups[0])
            line = view.at("crm", "pacemaker").line
            text = f"This file is not used because crm is enabled (line {line} of ha.cf)"
            yield Hit(place, text)


@rule(
    "stonith-under-crm",
    "warning",
    "A STONITH directive is not used, because a cluster manager is switched on",
    why="With crm or pacemaker the daemon fences nobody. The device must be a resource of the "
    "cluster manager; the line in ha.cf protects nothing.",
    source="semantics 13",
    remedy="configure the device in the cluster manager, and remove the line",
)
def _stonith_crm(subject: Subject) -> Iterator[Hit]:
    for view in subject.views:
        config = view.sure("crm", "pacemaker")
        if config and not config.manages:
            for given in config.given:
                if given.directive in ("stonith", "stonith_host"):
                    text = f"{given.directive} is off because crm is enabled"
                    yield Hit(view.on_line(given.line), text)


CLIENT_RULES: tuple[Rule, ...] = (
    _user,
    _refused,
    _legacy,
    _ipfail_crm,
    _crm,
    _stonith_crm,
)
