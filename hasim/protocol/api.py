"""The master's side of its clients' channels: requests, respawn, leaving (semantics 2.2, 6.7)."""

from __future__ import annotations

from hasim.events import (
    ChildExited,
    ChildKilled,
    ClientRespawn,
    ClientRespawnTooFast,
    RebootForced,
)
from hasim.protocol import crm, liveness, registry, shutdown
from hasim.protocol.claims import word
from hasim.protocol.core import Core
from hasim.protocol.holding import stable
from hasim.protocol.messages import Request
from hasim.protocol.outputs import Answer, Reboot
from hasim.units import SECOND, Micros

__all__ = ["QUICK_DEATH", "QUICK_DEATHS_MAX", "client_ended", "client_name", "serve"]

#: A client that lives less dies quickly; after so many in a row it is not started again (6.7).
QUICK_DEATH: Micros = 30 * SECOND
QUICK_DEATHS_MAX = 10
#: A client that ends with this code wants no new life.
_DO_NOT_RESPAWN = 100


def client_name(command: str) -> str:
    """Return the name under which a respawn command signs on: that of its program."""
    return command.split()[0].rpartition("/")[2]


def serve(core: Core, now: Micros, request: Request) -> None:
    """Serve one request."""
    state = core.state
    if request.client not in state.signed_on:
        return
    match request.what:
        case "send":
            letter = request.letter
            assert letter is not None
            body = (*letter.body, ("from_id", request.client), ("to_id", request.client))
            core.send(
                now, letter.type, dest=letter.dest, status=letter.status, body=body, tag=letter.tag
            )
        case "sign off":
            registry.leave(core, now, request.client, "signoff")
        case "node list":
            rows = (
                (p.name, "ping" if p.ping else "normal", p.status) for p in state.peers.values()
            )
            core.out.append(Answer(request, tuple(rows)))
        case "node status" | "node type":
            peer = state.peers.get(request.arg)
            kind = "ping" if peer is not None and peer.ping else "normal"
            status = "" if peer is None else peer.status
            core.out.append(Answer(request, status if request.what == "node status" else kind))
        case "resources":
            held = word(core.resources.mine) if stable(core) else "transition"
            core.out.append(Answer(request, held if core.config.manages else ""))
        case "parameter":
            core.out.append(Answer(request, _parameter(core, request.arg)))
        case _:
            core.out.append(Answer(request, ""))


def _parameter(core: Core, name: str) -> str:
    match name:
        case "keepalive":
            return f"{core.config.keepalive // 1000}ms"
        case "auto_failback":
            return core.config.auto_failback
        case _:
            return ""


def client_ended(
    core: Core, now: Micros, command: str, pid: int, code: int | None, signal: int | None
) -> None:
    """A respawn client has ended: start it anew, or go on with the shutdown (6.3, 6.7)."""
    state, life, name = core.state, core.state.clients[command], client_name(command)
    life.running = False
    # What it wrote before it ended lies in its channel still; nobody waits for answers.
    said = list[Request]()
    if registry.owns(core, name, pid):
        said = [r for r in state.requests if r.client == name and r.what in ("send", "sign off")]
        state.requests = [r for r in state.requests if r.client != name]
    for request in said:
        serve(core, now, request)
    registry.process_ended(core, now, command, name, pid)
    if state.shutdown.asked:
        if state.shutdown.phase == "clients" and state.shutdown.phase_due is None:
            shutdown.stop_next_client(core, now)
        return
    if signal is not None:
        core.tell(ChildKilled(command, pid, signal))
    else:
        core.tell(ChildExited(command, pid, code or 0))
    if (signal is not None or code) and _must_live(core, command):
        core.tell(RebootForced(command))
        core.out.append(Reboot(core.config.keepalive))
        return
    if code == _DO_NOT_RESPAWN:
        return
    life.quick_deaths = life.quick_deaths + 1 if now - life.since < QUICK_DEATH else 0
    if life.quick_deaths > QUICK_DEATHS_MAX:
        core.tell(ClientRespawnTooFast(command))
        return
    core.tell(ClientRespawn(command))
    late, slow = life.quick_deaths > 0, crm.hasty(core, command)
    liveness.start_client(core, now, command, late=late, slow=slow)


def _must_live(core: Core, command: str) -> bool:
    """Whether a client is one of those without which the machine is to reboot (semantics 6.7)."""
    return any(r.failfast for r in core.config.respawn if r.command == command)
