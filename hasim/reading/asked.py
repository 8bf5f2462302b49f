"""The files that are asked for: opened, looked at, and read one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from hasim.errors import HasimError, Problem
from hasim.reading.archives import logs_in
from hasim.reading.counts import Counts
from hasim.reading.lines import LogFile
from hasim.reading.looking import look
from hasim.reading.opening import Content, Source, lines_of
from hasim.reading.years import named_together
from hasim.units import SECOND

__all__ = ["Asked", "Progress"]

_GIVE = "give the ha-log or ha-debug of a node, or what its syslog or journal has of heartbeat"

#: Called with the bytes read so far, and all bytes of all files; 0 where nobody knows.
Progress = Callable[[int, int], None]


class Asked:
    """The files that are asked for, each as ``FILE`` or ``NODE=FILE``.

    Parameters
    ----------
    names : sequence of str
        What the user names.
    progress : callable, optional
        Is told how far the reading is.

    Raises
    ------
    HasimError
        Without a file; as `ConfigError` for one that cannot be opened.
    """

    def __init__(self, names: Sequence[str], progress: Progress | None) -> None:
        if not names:
            raise HasimError("no log is given: name one or more files, '-' for standard input")
        asked = [_asked(name) for name in names]
        self._sources = [Source(path) for _, path in asked]
        self._nodes = [node for node, _ in asked]
        self._progress = progress
        self._all = sum(source.size for source in self._sources)
        self._before = 0
        #: Names of the logs, in the order in which they are read.
        self.names: list[str] = []
        self.remarks: list[str] = []
        self._looks: dict[str, tuple[str, str]] = {}
        self._empty: dict[str, str] = {}

    def logs(self, counts: Counts, year: int | None = None) -> Iterator[LogFile]:
        """Yield the files one after the other; each is to be read before the next."""
        for source, node in zip(self._sources, self._nodes, strict=True):
            parts = skipped = 0
            for part in logs_in(source):
                self._looks[part.name] = part.looks()
                if part is not source and self._looks[part.name][0]:
                    skipped += 1
                    continue
                looked = look(part.path, lines_of(part, self._tell), year, node)
                if part is not source and not looked.heads:
                    skipped += 1
                    continue
                if looked.until is None and part.changed:
                    when = part.changed * SECOND
                    looked = looked._replace(until=when, until_from=part.changed_by)
                parts += 1
                self.names.append(part.name)
                yield LogFile(part.name, len(self.names) - 1, looked, counts)
                self._see_damage(part)
            self._before += source.size
            self._see_damage(source)
            if skipped:
                self.remarks.append(f"{source.name}: {skipped} of the files in it are no logs")
            if not parts:
                damage = f": {source.damage}" if source.damage else ""
                self._empty[source.name] = f"no log is in this archive{damage}"

    def useless(self, lines: Mapping[str, int], counts: Counts) -> Iterator[Problem]:
        """Yield what is wrong with files in which no line of Heartbeat is, by their lines."""
        for name, n in lines.items():
            what, remedy = self._looks[name]
            programs = [
                one.what for one in counts.unknowns("other") if name in (p[0] for p in one.places)
            ]
            if what:
                said = f": it is {what}"
            elif programs:
                said = f": its lines are of {named_together(programs)}"
            else:
                said = ""
            text = f"no line of Heartbeat is in it ({n} lines){said}"
            yield Problem(name, None, "ERROR", text, remedy or _GIVE)
        for name, text in self._empty.items():
            yield Problem(name, None, "ERROR", text, _GIVE)

    def odd(self, names: Iterable[str]) -> Iterator[str]:
        """Yield a sentence for each file with lines of Heartbeat that does not look like a log."""
        for name in names:
            what, remedy = self._looks[name]
            if what:
                yield f"{name}: it is {what}, of which not all can be read: {remedy}"

    def _see_damage(self, part: Content) -> None:
        if part.damage:
            self.remarks.append(f"{part.name}: {part.damage}; what is before that was read")

    def _tell(self, done: int) -> None:
        if self._progress is not None:
            self._progress(self._before + done, self._all)


def _asked(name: str) -> tuple[str | None, str]:
    """Return node and path of ``NODE=FILE``, or None and the path."""
    if not isinstance(name, str):
        raise HasimError(f"{name!r} is no name of a file")
    node, sign, path = name.partition("=")
    if sign and node and path and "/" not in node and not Path(name).exists():
        return node, path
    return None, name
