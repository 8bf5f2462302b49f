"""Messages between the master processes (semantics 3)."""

from __future__ import annotations

from typing import NamedTuple

from hasim.units import Micros

__all__ = ["SEQUENCED", "Auth", "Message"]

#: Types that carry a sequence number (semantics 3.2); all others are processed once per copy.
SEQUENCED = frozenset({"status", "reqnodes", "repnodes", "stonith", "hbapi-clstat"})


class Auth(NamedTuple):
    """What a signature proves: the key number, its method and the key itself (semantics 1.5).

    Two nodes accept each other's packets iff number, method and key are the same in both files;
    computing real digests would add nothing but time.
    """

    number: int
    method: str
    key: str


class Message(NamedTuple):
    """One message as its sender made it.

    ``seqno`` is 0 for unsequenced types; ``deadtime`` is the sender's announced limit (`dt`),
    0 where the message carries none; ``body`` holds the remaining fields by name.  ``tag`` is
    opaque: the number that the sender's host set, by which a reader's host finds the cause.
    """

    type: str
    origin: str
    generation: int
    seqno: int
    dest: str | None
    status: str | None
    deadtime: Micros
    sent_at: Micros
    auth: Auth | None
    body: tuple[tuple[str, str], ...] = ()
    tag: int | None = None

    def get(self, name: str) -> str:
        """Return a field of the body, or an empty text."""
        for key, value in self.body:
            if key == name:
                return value
        return ""
