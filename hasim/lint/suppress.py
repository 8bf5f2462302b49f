"""Comments that silence a finding: ``# hasim: ignore RULE[, RULE]``."""

from __future__ import annotations

import re
from collections.abc import Collection, Container, Iterable, Iterator
from dataclasses import dataclass
from pathlib import PurePath

from hasim.config.lexer import decode
from hasim.errors import nearest
from hasim.folder import FileText, Sources
from hasim.lint.rule import Finding, Hit
from hasim.lint.subject import Place

__all__ = ["Suppression", "apply", "suppressions"]

_COMMENT = re.compile(
    r"#[ \t]*hasim:[ \t]*ignore[ \t]+([^ \t,\r#]+(?:(?:[ \t]*,[ \t]*|[ \t]+)[^ \t,\r#]+)*)"
)


@dataclass(frozen=True, slots=True)
class Suppression:
    """One rule that one comment names.

    Parameters
    ----------
    file : str
        The file.
    line : int
        Line of the comment.
    rule : str
        What it names.
    targets : frozenset
        Lines whose findings it silences; None among them stands for findings of the whole file.
    """

    file: str
    line: int
    rule: str
    targets: frozenset[int | None]

    def silences(self, finding: Finding) -> bool:
        """Tell whether a finding is meant."""
        same = (finding.file, finding.rule) == (self.file, self.rule)
        return same and finding.line in self.targets


def suppressions(sources: Sources) -> Iterator[Suppression]:
    """Yield what the comments of every file of a folder silence.

    A comment at the end of a line is for that line. One on a line of its own is for the next line
    that is neither blank nor a comment; above the first such line it also is for the whole file.
    """
    files = [sources.site, *sources.common.values()]
    files += [text for own in sources.own.values() for text in own.values()]
    for file in files:
        if file is not None:
            yield from _of(file)


def _of(file: FileText) -> Iterator[Suppression]:
    waiting: list[tuple[int, str]] = []
    head = True
    continued = False
    resources = PurePath(file.file).name == "haresources"
    for number, raw in enumerate(decode(file.data).split("\n"), 1):
        line = raw.rstrip("\r")
        before, mark, _ = line.partition("#")
        # What follows a backslash in haresources is no comment.
        found = None if continued or not mark else _COMMENT.search(line, len(before))
        names = re.split(r"[ \t,]+", found[1]) if found else []
        continued = resources and line.endswith("\\")
        if not before.strip():
            waiting += [(number, name) for name in names]
            continue
        places: frozenset[int | None] = frozenset({number, None} if head else {number})
        for at, name in waiting:
            yield Suppression(file.file, at, name, places)
        for name in names:
            yield Suppression(file.file, number, name, frozenset({number}))
        waiting, head = [], False
    for at, name in waiting:
        yield Suppression(file.file, at, name, frozenset({None} if head else ()))


def apply(
    findings: Iterable[Finding],
    given: Iterable[Suppression],
    known: Collection[str],
    unjudged: Container[str],
) -> tuple[list[Finding], list[Hit], int]:
    """Return the findings that no comment silences, what to say of comments, and how many it did.

    Parameters
    ----------
    known
        The rules there are.
    unjudged
        Rules that were not judged: a comment about one of them cannot be called unused.
    """
    comments, kept, used = list(given), list[Finding](), set[Suppression]()
    silenced = 0
    for finding in findings:
        by = [c for c in comments if c.silences(finding)]
        used.update(by)
        silenced += bool(by)
        kept += [] if by else [finding]
    hits = []
    for comment in comments:
        place = Place(comment.file, comment.line)
        if comment.rule not in known:
            text = f"there is no rule {comment.rule[:60]!r}{nearest(comment.rule, known)}"
            hits.append(Hit(place, text, "hasim lint --rules lists them"))
        elif comment not in used and comment.rule not in unjudged:
            hits.append(Hit(place, f"nothing here is a case of {comment.rule}"))
    return kept, hits, silenced
