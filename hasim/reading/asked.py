"""The files that are asked for: opened, looked at, and read one after the other."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from hasim.errors import HasimError
from hasim.reading.counts import Counts
from hasim.reading.lines import LogFile
from hasim.reading.looking import look
from hasim.reading.opening import Source, lines_of
from hasim.units import SECOND

__all__ = ["Asked", "Progress"]

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

    def logs(self, counts: Counts, year: int | None = None) -> Iterator[LogFile]:
        """Yield the files one after the other; each is to be read before the next."""
        for source, node in zip(self._sources, self._nodes, strict=True):
            looked = look(source.name, lines_of(source, self._tell), year, node)
            if looked.until is None and source.changed:
                looked = looked._replace(
                    until=source.changed * SECOND, until_from="the header of gzip"
                )
            self.names.append(source.name)
            yield LogFile(source.name, len(self.names) - 1, looked, counts)
            self._before += source.size
            if source.damage:
                self.remarks.append(f"{source.name}: {source.damage}; what is before that was read")

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
