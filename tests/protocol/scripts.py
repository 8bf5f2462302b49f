"""What scripts and helpers take and write, as the cluster of the harness plays them."""

from __future__ import annotations

from collections.abc import Sequence

from hasim.protocol import Letter, RunHelper, RunScript, claims
from hasim.units import MS, Micros

__all__ = ["TAKES", "letters", "what"]

#: How long a script or helper runs, by :func:`what`; anything else takes 200 ms.
TAKES: dict[str, Micros] = {
    "status": 30 * MS,
    "req_our_resources": 100 * MS,
    "hb_giveup_resources": 600 * MS,
}


def what(output: RunScript | RunHelper) -> str:
    """Return what is run: the script, ``mach_down``, the helper, or act and set of a standby."""
    match output:
        case RunScript("status", _, "dead"):
            return "mach_down"
        case RunScript(script):
            return script
        case RunHelper(kind, act, share):
            return f"{act} {share}" if act else kind


def letters(
    node: str, output: RunScript | RunHelper, mine: int, groups: Sequence[str], nice: bool
) -> list[Letter]:
    """Return what a script has written to the FIFO of its node by its exit.

    `mine` is the claim at that moment: helpers share the master's memory (semantics 5.4).
    """
    match output:
        case RunScript("status", dead, "dead") if nice and "." not in dead:
            return [Letter("resource", body=(("rsc_hold", "foreign"), ("info", "mach_down")))]
        case RunScript("ip-request", origin, _, body):
            return [Letter("ip-request-resp", origin, body=(*body, ("ok", "OK")))]
        case RunScript("hb_takeover", origin, _, body) if origin != node:
            share = claims.turned(dict(body)["rsc_hold"])
            share = share if share in ("local", "foreign") else "all"
            return [Letter("ask_resources", body=(("rsc_hold", share), ("info", "me")))]
        case RunHelper("req_our_resources"):
            held = (("rsc_hold", claims.word(mine)), ("rtype", "full"), ("isstable", "1"))
            info = ("info", "req_our_resources()")
            return [
                *(_key(node, key, output.legacy_peer) for key in groups),
                Letter("resource", body=(*held, info)),
            ]
        case RunHelper("go_standby"):
            body = (("rsc_hold", output.asked), ("info", "done"))
            return [Letter("ask_resources", body=body)]
        case RunHelper("hb_giveup_resources"):
            return [Letter("shutdone", status="dead")]
    return []


def _key(node: str, key: str, ask_peer: bool) -> Letter:
    if ask_peer:
        return Letter("ip-request", body=(("ipaddr", key),))
    body = (("ipaddr", key), ("ok", "OK"), ("weown", "yes"))
    return Letter("ip-request-resp", node, body=body)
