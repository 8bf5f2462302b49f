"""Whom a client runs as, and who may sign on as which client (semantics 1.2, ``apiauth``)."""

from __future__ import annotations

from hasim.config.hacf import ApiAuth, HaConfig

__all__ = ["FIRST_USER", "HACLUSTER", "may_sign_on", "numbers_of", "user_of"]

#: (uid, gid) of hacluster and haclient: as the founding document prints them, and Debian's package.
HACLUSTER = {"2.0.8": (694, 694), "3.0.6": (102, 105)}
#: Users that are neither root nor hacluster are taken to have uid and gid from here on.
FIRST_USER = 1000


def user_of(config: HaConfig, command: str) -> str:
    """Return the user that ha.cf runs a command as; hacluster, should it not name the command."""
    users = (respawn.user for respawn in config.respawn if respawn.command == command)
    return next(users, "hacluster")


def numbers_of(config: HaConfig, user: str) -> tuple[int, int]:
    """Return uid and gid of a user.

    Those of others than root and hacluster are assumed: counted from :data:`FIRST_USER` in the
    order in which the respawn directives name them, each with a group of its own name.
    """
    if user == "root":
        return 0, 0
    if user == "hacluster":
        return HACLUSTER[config.dialect]
    named = [r.user for r in config.respawn if r.user not in ("root", "hacluster")]
    others = [*dict.fromkeys(named)]
    number = FIRST_USER + (others.index(user) if user in others else len(others))
    return number, number


def may_sign_on(config: HaConfig, client: str, user: str) -> bool:
    """Tell whether a process of `user` may sign on under the name of a client.

    Its uid must be in the list of uids or its gid in the list of gids of the client's apiauth
    directive, else of the one for ``default``.  Names and numbers are both read.  The semantics
    leave open what holds where there is no directive, or one without any list: here, that anybody
    may.
    """
    found: dict[str, ApiAuth] = {auth.client: auth for auth in config.apiauth}
    auth = found.get(client, found.get("default"))
    if auth is None or not (auth.uids or auth.gids):
        return True
    uid, gid = numbers_of(config, user)
    groups = {"haclient": HACLUSTER[config.dialect][1], "root": 0, user: gid}
    named_users = (str(uid), user)
    return any(one in named_users for one in auth.uids) or any(
        one == str(gid) or groups.get(one) == gid for one in auth.gids
    )
