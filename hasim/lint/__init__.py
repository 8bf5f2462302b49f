"""Advice on a configuration: the daemon's own checks in its words, and rules with their reasons.

>>> from hasim.lint import lint_folder
>>> for finding in lint_folder("models/webdata").findings:
...     print(finding)
"""

from hasim.lint.describe import as_json, as_text, counts, explained, listed, rule_chapters
from hasim.lint.engine import Linted, chosen, lint_folder, lint_sources, reaches
from hasim.lint.folders import folders_of
from hasim.lint.rule import SEVERITIES, Finding, Hit, Rule, Severity
from hasim.lint.rules import CHAPTERS, RULES
from hasim.lint.subject import Place, Subject, View

__all__ = [
    "CHAPTERS",
    "RULES",
    "SEVERITIES",
    "Finding",
    "Hit",
    "Linted",
    "Place",
    "Rule",
    "Severity",
    "Subject",
    "View",
    "as_json",
    "as_text",
    "chosen",
    "counts",
    "explained",
    "folders_of",
    "lint_folder",
    "lint_sources",
    "listed",
    "reaches",
    "rule_chapters",
]
