"""Every rule, in the order in which the documentation has them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from hasim.lint.agreement import AGREEMENT_RULES
from hasim.lint.clients import CLIENT_RULES
from hasim.lint.daemon import DAEMON_RULES
from hasim.lint.fencing import FENCING_RULES
from hasim.lint.groups import GROUP_RULES
from hasim.lint.hardware import HARDWARE_RULES
from hasim.lint.keys import KEY_RULES
from hasim.lint.media import MEDIA_RULES
from hasim.lint.pings import PING_RULES
from hasim.lint.rule import Hit, Rule, rule
from hasim.lint.subject import Subject
from hasim.lint.times import TIMES_RULES

__all__ = ["CHAPTERS", "RULES", "UNUSED"]


@rule(
    "unused-suppression",
    "advice",
    "A comment silences nothing",
    why="The finding that the comment was for is gone, has moved to another line, or has another "
    "name. Left in place, the comment would hide the next finding of that kind unseen.",
    source="docs/lint.md, silencing a finding",
    remedy="remove the comment, or the rule from it",
)
def UNUSED(subject: Subject) -> Iterator[Hit]:
    """Find nothing by itself: it takes the findings of all other rules to know."""
    yield from ()


#: The rules by chapter of the documentation.
CHAPTERS: Mapping[str, tuple[Rule, ...]] = MappingProxyType(
    {
        "What the daemon itself says": DAEMON_RULES,
        "Times": TIMES_RULES,
        "Media and nodes": MEDIA_RULES,
        "Ping nodes and ipfail": PING_RULES,
        "Clients and cluster managers": CLIENT_RULES,
        "Resource groups": GROUP_RULES,
        "STONITH in ha.cf": FENCING_RULES,
        "Keys": KEY_RULES,
        "What must agree between nodes": AGREEMENT_RULES,
        "Hardware": HARDWARE_RULES,
        "The linter's own": (UNUSED,),
    }
)

#: Every rule by its identifier.
RULES: Mapping[str, Rule] = MappingProxyType(
    {rule.id: rule for rules in CHAPTERS.values() for rule in rules}
)
