"""What a cluster manager changes in the daemon's own behaviour (semantics 13).

Resources are none of the daemon's business then: :attr:`~hasim.config.HaConfig.manages` turns that
off where it stands.  What is left is the respawn of the manager's clients.
"""

from __future__ import annotations

from hasim.config import crm_respawn
from hasim.protocol.core import Core

__all__ = ["hasty"]


def hasty(core: Core, command: str) -> bool:
    """Tell whether a dead client is started anew before its old registration is removed.

    So it was on the machine of the founding document's excerpt (2.0.7): the dispatch of SIGCHLD
    that forked the new ccm took so long that its sign-on was there before the loop came to the
    closed channel of the old one.  Taken here for every client that ``crm`` stands for in 2.0.8;
    in 3.0.6 nothing of the kind is known.
    """
    config, version = core.config, core.setting.dialect.version
    if version != "2.0.8" or config.manages:
        return False
    return any(respawn.command == command for respawn in crm_respawn(config.crm, version))
