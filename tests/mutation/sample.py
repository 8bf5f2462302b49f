"""Which mutants are tried, and how sure a share of them is."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterable

__all__ = ["batches", "chosen", "module_of", "status"]

_STATUS = {0: "survived", 1: "killed", 3: "killed", 5: "no tests", 33: "no tests"}


def module_of(mutant: str) -> str:
    """Return the module of a mutant: ``p.core`` of ``p.core.x_f__mutmut_2``."""
    return mutant.rpartition(".")[0]


def _rank(mutant: str) -> bytes:
    return hashlib.blake2b(mutant.encode(), digest_size=8).digest()


def chosen(mutants: Iterable[str], count: int) -> list[str]:
    """Return `count` mutants (all, where there are fewer), each module in proportion to its own.

    A hash of the name chooses, so that the same code has the same sample, and a larger sample of
    a module contains the smaller one.
    """
    rooms: dict[str, list[str]] = defaultdict(list)
    for mutant in sorted(set(mutants)):
        rooms[module_of(mutant)].append(mutant)
    total = sum(map(len, rooms.values()))
    count = min(count, total)
    shares = {room: divmod(count * len(found), total) for room, found in rooms.items()}
    takes = Counter({room: whole for room, (whole, _) in shares.items()})
    by_rest = sorted(rooms, key=lambda room: (-shares[room][1], room))
    takes.update(by_rest[: count - takes.total()])
    return sorted(
        m for room, found in rooms.items() for m in sorted(found, key=_rank)[: takes[room]]
    )


def batches(mutants: Iterable[str], size: int) -> list[list[str]]:
    """Return the mutants in batches, no two of one function together, in an order by hash."""
    out: list[list[str]] = []
    for mutant in sorted(set(mutants), key=_rank):
        function = mutant.rpartition("__mutmut_")[0]
        for batch in out:
            others = {m.rpartition("__mutmut_")[0] for m in batch}
            if len(batch) < size and function not in others:
                batch.append(mutant)
                break
        else:
            out.append([mutant])
    return out


def status(exit_code: int | None) -> str:
    """Return what an exit code that mutmut wrote down means; what is not listed is a limit hit."""
    return "not tried" if exit_code is None else _STATUS.get(exit_code, "timeout")
