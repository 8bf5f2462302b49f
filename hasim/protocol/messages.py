"""Messages between the master processes (semantics 3)."""

from __future__ import annotations

from typing import NamedTuple

from hasim.units import Micros

__all__ = ["UNSEQUENCED", "Auth", "Letter", "Message", "Request"]

#: Types that carry no sequence number (semantics 3.2); they are processed once per copy.
UNSEQUENCED = frozenset({"NS_st", "NS_rexmit", "NS_nak_rexmit", "NS_ackmsg"})


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
    ``ttl`` is how many hops a serial ring has left for it, 0 where it has not been forwarded yet.
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
    ttl: int = 0

    def get(self, name: str) -> str:
        """Return a field of the body, or an empty text."""
        for key, value in self.body:
            if key == name:
                return value
        return ""


class Letter(NamedTuple):
    """A message as a script or a client writes it: the master adds the control fields and sends it.

    `tag` is the number of the record behind it, as of :class:`Message`.
    """

    type: str
    dest: str | None = None
    status: str | None = None
    body: tuple[tuple[str, str], ...] = ()
    tag: int | None = None


class Request(NamedTuple):
    """One request of a client over its channel; the master serves one per client and pass.

    Attributes
    ----------
    client : str
        Name it signed on with (``ipfail``).
    what : str
        ``send`` (deliver `letter` to the cluster), ``node list``, ``node status`` and ``node type``
        of `arg`, ``resources`` (who holds what, or ``transition``), ``parameter`` `arg`,
        ``filter``, ``signal``, ``sign off``.
    """

    client: str
    what: str
    arg: str = ""
    letter: Letter | None = None
