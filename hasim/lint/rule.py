"""What a rule, a finding and a severity are."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal, NamedTuple, Protocol

from hasim.lint.subject import Place, Subject

__all__ = ["SEVERITIES", "Check", "Finding", "Hit", "Rule", "Severity", "rule"]

Severity = Literal["error", "warning", "advice"]

#: From the gravest on. ``error``: the daemon refuses to start; ``warning``: the daemon or one of
#: its scripts will complain, or data are in danger; ``advice``: everything else.
SEVERITIES: tuple[Severity, ...] = ("error", "warning", "advice")


class Hit(NamedTuple):
    """What a rule has found: where, what, what to do about it, and on which node.

    An empty `remedy` stands for that of the rule; `node` is None where it concerns all nodes.
    """

    place: Place
    text: str
    remedy: str = ""
    node: str | None = None


class Check(Protocol):
    """Looks for what a rule is about."""

    def __call__(self, subject: Subject, /) -> Iterable[Hit]:
        """Return what there is to find."""


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule.

    Parameters
    ----------
    id : str
        Its name, which never changes.
    severity : str
        One of :data:`SEVERITIES`.
    title : str
        A sentence without its stop.
    why : str
        A paragraph: what happens, and why it does harm.
    source : str
        Where that is known from.
    remedy : str
        What to do.
    check : callable
        Takes a :class:`~hasim.lint.Subject` and returns hits.
    hardware : bool
        Judged only where there is a ``site.toml``.
    """

    id: str
    severity: Severity
    title: str
    why: str
    source: str
    remedy: str
    check: Check
    hardware: bool = False


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that a rule has found.

    Parameters
    ----------
    rule, severity : str
        Identifier and severity of the rule.
    file : str
        The file, named as the folder was given; of a missing file its name.
    line : int or None
        Line from 1; None where the whole file is meant.
    node : str or None
        The one node that it concerns; None where it concerns all.
    text, remedy : str
        What was found, in the daemon's own words where it has some; what to do about it.
    """

    rule: str
    severity: Severity
    file: str
    line: int | None
    node: str | None
    text: str
    remedy: str

    def __str__(self) -> str:
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return f"{place}: {self.severity}: {self.text} [{self.rule}]"


def rule(
    id: str,
    severity: Severity,
    title: str,
    *,
    why: str,
    source: str,
    remedy: str,
    hardware: bool = False,
) -> Callable[[Check], Rule]:
    """Make a rule of the function below."""

    def make(check: Check) -> Rule:
        return Rule(id, severity, title, why, source, remedy, check, hardware)

    return make
