"""A whole trace: records with their provenance, and what can be asked of them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from hashlib import blake2b
from typing import Literal, TextIO, get_args

from hasim.catalogue import canonical, line_of
from hasim.events import PacketReceived, PacketSent, encode
from hasim.trace import jsonl
from hasim.trace.record import Header, Record
from hasim.trace.spans import Kind, Span, spans
from hasim.units import Micros

__all__ = ["Projection", "Trace"]

#: Parts of a trace with a digest of their own.
Projection = Literal["decisions", "log", "packets"]


class Trace:
    """The only output of a run; everything else is a function of it.

    Parameters
    ----------
    header : Header
        What the run was made of.
    records : sequence of Record
        Records in order.
    """

    __slots__ = ("header", "records")

    def __init__(self, header: Header, records: Iterable[Record]) -> None:
        self.header = header
        self.records: Sequence[Record] = tuple(records)

    def __len__(self) -> int:
        return len(self.records)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Trace):
            return NotImplemented
        return self.header == other.header and self.records == other.records

    __hash__ = None  # type: ignore[assignment]

    def __repr__(self) -> str:
        name = self.header.scenario or "anonymous"
        return f"<Trace {name}: {len(self.records)} records, digest {self.digest()}>"

    @property
    def end(self) -> Micros:
        """Time at which the trace ends: its horizon, or its last record."""
        last = self.records[-1].at if self.records else 0
        return last if self.header.until_us is None else max(last, self.header.until_us)

    # ---- projections ----------------------------------------------------------------------------

    def decisions(self) -> Iterator[Record]:
        """Yield the records that the judge's vocabulary names."""
        return (r for r in self.records if canonical(r.event) is not None)

    def log(self) -> Iterator[Record]:
        """Yield the records that are log lines of this dialect."""
        dialect = self.header.dialect
        return (
            r for r in self.records if not r.event.truth and line_of(r.event, dialect) is not None
        )

    def packets(self) -> Iterator[Record]:
        """Yield the packets sent and received."""
        return (r for r in self.records if isinstance(r.event, PacketSent | PacketReceived))

    def lines(self, projection: Projection | None = None) -> Iterator[str]:
        """Yield one canonical line for each record of a projection, or of the whole trace.

        Lines of a projection hold neither numbers nor causes: two runs that differ only in what
        the projection leaves out have equal lines.

        Raises
        ------
        ValueError
            With a sentence, for an unknown projection.
        """
        if projection is not None and projection not in get_args(Projection):
            known = ", ".join(get_args(Projection))
            raise ValueError(f"{projection!r} is no projection; there are {known}")
        if projection is None:
            yield from map(jsonl.record_line, self.records)
        elif projection == "decisions":
            for record in self.decisions():
                stands = canonical(record.event)
                if stands is not None:
                    role, kind, args = stands
                    words = " ".join(f"{name}={value!r}" for name, value in sorted(args.items()))
                    yield f"{_place(record)} {role} {kind} {words}"
        elif projection == "log":
            for record in self.log():
                line = line_of(record.event, self.header.dialect)
                if line is not None:
                    yield f"{_place(record)} {line.tag} {line.level} {line.text!r}"
        else:
            for record in self.packets():
                yield f"{_place(record)} {encode(record.event)!r}"

    def digest(self, projection: Projection | None = None) -> str:
        """Return the BLAKE2b digest of the lines of a projection, or of the whole trace."""
        state = blake2b(digest_size=16)
        for line in self.lines(projection):
            state.update(line.encode("utf-8", "surrogatepass"))
            state.update(b"\n")
        return state.hexdigest()

    # ---- questions ------------------------------------------------------------------------------

    def spans(self, kind: Kind) -> list[Span]:
        """Return who held which state from when to when; see `hasim.trace.spans`."""
        return spans(self.records, kind, self.end)

    def at(self, seq: int) -> Record:
        """Return the record with a number.

        Raises
        ------
        KeyError
            Where the trace has no such record.
        """
        place = bisect_left(self.records, seq, key=lambda record: record.seq)
        if place < len(self.records) and self.records[place].seq == seq:
            return self.records[place]
        raise KeyError(seq)

    def chain(self, seq: int) -> list[Record]:
        """Return a record and its causes, back to the first one; the record comes first.

        A cause that the trace does not hold ends the chain.
        """
        out = [self.at(seq)]
        while out[-1].cause is not None:
            try:
                out.append(self.at(out[-1].cause))
            except KeyError:
                break
        return out

    def find(self, text: str) -> list[Record]:
        """Return the records whose sentence or log line matches a text.

        A record matches if the text is part of its sentence or line. If none does, those match
        that hold the words of the text in its order. Case does not count, nor does a final full
        stop; the name of the node counts as the first word of what it says.
        """
        wanted = text.casefold().strip().rstrip(".")
        if not wanted:
            return []
        parts: list[Record] = []
        loose: list[Record] = []
        words = wanted.split()
        for record in self.records:
            for told in self._told(record):
                if wanted in told:
                    parts.append(record)
                    break
                if not parts and _in_order(words, told.split()):
                    loose.append(record)
                    break
        return parts or loose

    def _told(self, record: Record) -> Iterator[str]:
        node = f"{record.source.node} " if record.source.node else ""
        yield f"{node}{record.event.sentence()}".casefold()
        if not record.event.truth:
            line = line_of(record.event, self.header.dialect)
            if line is not None:
                yield f"{node}{line.text}".casefold()
                yield f"{node}{record.source.program}: {line.text}".casefold()

    # ---- on disk --------------------------------------------------------------------------------

    def to_jsonl(self, stream: TextIO) -> None:
        """Write the trace as JSON Lines."""
        stream.write(jsonl.header_line(self.header) + "\n")
        for record in self.records:
            stream.write(jsonl.record_line(record) + "\n")

    @classmethod
    def from_jsonl(cls, stream: Iterable[str], name: str = "trace") -> Trace:
        """Read what :meth:`to_jsonl` has written.

        Raises
        ------
        ConfigError
            With the place of everything that is wrong.
        """
        return cls(*jsonl.read(stream, name))


def _place(record: Record) -> str:
    source = record.source
    return f"{record.at} {source.node or '-'} {source.program} {source.pid or '-'}"


def _in_order(words: Sequence[str], told: Iterable[str]) -> bool:
    rest = iter([word.strip(".,;:'\"") for word in told])
    return all(word.strip(".,;:'\"") in rest for word in words)
