"""Messages on the wire, their signatures, and what 3.0.6 says of a wrong one (semantics 1.5, 3.1).

Every message of 3.0.6 goes out in netstring form: its fields, and a digest over them behind.  The
fields hold an older signature as well, ``auth``, over the same fields in the classic form.  Both
are made here of a simulated message, in the order of the fields that recordings show.  What a
simulated machine does not have is filled in: an idle load, a uuid that follows from the name of
its node, an address of no meaning.
"""

from __future__ import annotations

import hmac
from base64 import b64encode
from collections.abc import Callable, Sequence
from hashlib import blake2b
from typing import NamedTuple
from zlib import crc32

from hasim.events import (
    AuthFailedNetstring,
    AuthFailedToken,
    Event,
    MessageDumped,
    MessageFieldDumped,
)
from hasim.protocol.messages import Auth, Message
from hasim.units import MS, Micros

__all__ = ["Field", "WallSecond", "digest", "fields_of", "netstring", "refusal", "uuid_of"]

#: (node, instant) -> the whole seconds since 1970 that the node's wall clock shows.
WallSecond = Callable[[str, Micros], int]

#: ``/proc/loadavg`` of a machine that has nothing else to do.
_IDLE = "0.00 0.00 0.00 1/64 64"
_TTL = "4"
#: Fields of the body that are hexadecimal on the wire, by type of the message (semantics 3.1).
_HEX = {"NS_ackmsg": "ackseq", "NS_nak_rexmit": "firstseq"}
#: Where the heap of a process begins, as recorded addresses suggest, and what is used of it.
_HEAP, _HEAP_CELLS = 0x55C60E280000, 0x2000


class Field(NamedTuple):
    """One field on the wire; a value of bytes is binary and only uuids are."""

    name: str
    value: str | bytes

    @property
    def classic(self) -> bytes:
        """The line of the classic form, binary values in base 64."""
        if isinstance(self.value, bytes):
            return b"(1)%s=%s\n" % (self.name.encode(), b64encode(self.value))
        return f"{self.name}={self.value}\n".encode()

    @property
    def net(self) -> bytes:
        """What stands between the length and the comma of the netstring form."""
        if isinstance(self.value, bytes):
            return b"(1)%s=%s" % (self.name.encode(), self.value)
        return f"(0){self.name}={self.value}".encode()


def digest(auth: Auth, data: bytes) -> str:
    """Return the signature of data: HMAC with md5 or sha1, or a checksum (semantics 1.5)."""
    if auth.method == "crc":
        return f"{crc32(data):x}"
    return hmac.new(auth.key.encode(), data, auth.method).hexdigest()


def uuid_of(node: str) -> bytes:
    """Return the uuid of a simulated node: always the same for a name, and no control characters.

    A real one is random and kept on disk.
    """
    raw = bytearray(b | 0x80 for b in blake2b(f"uuid {node}".encode(), digest_size=16).digest())
    raw[6] = 0x40 | (raw[6] & 0x0F)  # version 4
    raw[8] &= 0xBF
    return bytes(raw)


def fields_of(message: Message, ts: int) -> list[Field]:
    """Return the fields of a message as its sender writes them, ``auth`` last.

    `ts` is the sender's wall clock, in seconds since 1970.  A message without a key has no
    ``auth``.
    """
    out = [Field("t", message.type)]
    if message.status is not None:
        out.append(Field("st", message.status))
    if message.type == "status":
        out += [Field("dt", f"{message.deadtime // MS:x}"), Field("protocol", "1")]
    if message.dest is not None:
        out.append(Field("dest", message.dest))
    out += _body(message)
    if message.dest is not None:
        out.append(Field("destuuid", uuid_of(message.dest)))
    if message.type != "hbapi-clstat":
        out.append(Field("src", message.origin))
    out.append(Field("srcuuid", uuid_of(message.origin)))
    if message.seqno:
        out.append(Field("seq", f"{message.seqno:x}"))
    out += [Field("hg", f"{message.generation:x}"), Field("ts", f"{ts:x}")]
    if message.seqno:
        out.append(Field("ld", _IDLE))
    out.append(Field("ttl", _TTL))
    if message.auth is not None:
        lines = b"".join(field.classic for field in out)
        out.append(Field("auth", f"{message.auth.number} {digest(message.auth, lines)}"))
    return out


def _body(message: Message) -> list[Field]:
    hexadecimal = _HEX.get(message.type)
    out = [
        Field(name, f"{int(value):x}" if name == hexadecimal else value)
        for name, value in message.body
    ]
    if message.type == "hbapi-clstat":
        # A client's coming and going names its origin before the comment, and counts clients.
        info = next((i for i, field in enumerate(out) if field.name == "info"), len(out))
        out.insert(info, Field("src", message.origin))
        out.append(Field("client_gen", "0"))
    return out


def netstring(fields: Sequence[Field]) -> bytes:
    """Return a message in netstring form, without the signature behind it (semantics 3.1)."""
    nets = (field.net for field in fields)
    return b"".join([b"###\n", *(b"%d:%s," % (len(net), net) for net in nets), b"%%%\n"])


def refusal(message: Message, known: Auth, ts: int) -> list[Event]:
    """Return what 3.0.6 says of a packet signed with another key of a known number.

    Two lines and a dump of the message, for each copy (semantics 15.2).  `known` is the reader's
    key of that number.  Bytes that are no ASCII are shown as replaced.
    """
    assert message.auth is not None
    fields = fields_of(message, ts)
    packet = netstring(fields)
    theirs, ours = digest(message.auth, packet), digest(known, packet)
    token = f"{message.auth.number} {theirs}"
    text = packet.decode("ascii", "replace")
    said: list[Event] = [
        AuthFailedToken(theirs, ours),
        AuthFailedNetstring(f"{text}{len(token)}:{token},", f"{token},"),
        MessageDumped(len(fields)),
    ]
    said += [MessageFieldDumped(i, _dumped(i, field, packet)) for i, field in enumerate(fields)]
    return said


def _dumped(index: int, field: Field, packet: bytes) -> str:
    """Return a field as the dump shows it; of a binary one its address and its two lengths."""
    if isinstance(field.value, str):
        return f"{field.name}={field.value}"
    cell = int.from_bytes(blake2b(b"%d %s" % (index, packet), digest_size=8).digest())
    address = _HEAP + cell % _HEAP_CELLS * 16
    return f"(1){field.name}=0x{address:x}({len(field.classic)} {len(field.net)})"
