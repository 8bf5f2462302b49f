"""The daemon's own checks as rules: what it says stays in its words, each kind gets a name.

The checks themselves are those of :mod:`hasim.config` and :mod:`hasim.folder`; here their problems
are only told apart.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

from hasim.errors import Problem
from hasim.lint.rule import Hit, Rule, Severity
from hasim.lint.subject import Place, Subject

__all__ = ["DAEMON_RULES", "rule_of"]

_CHECKS = "semantics 1.3, the checks of the daemon before it starts"
_READS = "semantics 1.1 and 1.2, how the daemon reads ha.cf"


class _Kind(NamedTuple):
    """A kind of problem: the rule that it becomes, and which texts of which file are of it.

    `fatal` is None where it may or may not be. `near` are directives to point at where the daemon
    names no line.
    """

    id: str
    severity: Severity
    pattern: str
    title: str
    why: str
    remedy: str
    source: str = _CHECKS
    files: str = ""
    fatal: bool | None = None
    near: tuple[str, ...] = ()


#: The first that fits counts. `files` is a pattern of the file, empty for any.
_KINDS = (
    _Kind(
        "file-missing",
        "error",
        r"Cannot open (config file|resources file|keyfile) ",
        "A file of the daemon is missing",
        "The daemon opens ha.cf, authkeys and haresources before it starts, and exits where it "
        "cannot open one. A repository often leaves authkeys out on purpose; --ignore file-missing "
        "says so.",
        "write the file, or tell the linter that it is kept elsewhere: --ignore file-missing",
    ),
    _Kind(
        "more-complaints",
        "error",
        r"\d+ more complaints? about this file not shown",
        "A file draws more complaints than are shown",
        "After a hundred complaints the rest is only counted: the file is probably another one "
        "than its name says.",
        "look whether this is the right file",
    ),
    _Kind(
        "illegal-directive",
        "error",
        r"Illegal directive ",
        "ha.cf has a word that is no directive",
        "The daemon reads on, and then refuses to start. Directives are case sensitive, and some "
        "exist in one version only.",
        "correct or remove the line",
        _READS,
    ),
    _Kind(
        "stonith-invalid",
        "error",
        r"Invalid Stonith ",
        "A STONITH directive lacks its type or parameters",
        "What is wrong with a STONITH device in ha.cf is fatal: the daemon would not be able to "
        "protect a shared disk.",
        "write 'stonith_host * TYPE PARAMETERS'",
        "semantics 9, STONITH configuration errors",
    ),
    _Kind(
        "no-media",
        "error",
        r"No heartbeat media defined$",
        "ha.cf names no medium",
        "Without a medium the node could hear nobody and be heard by nobody.",
        "add a medium, such as 'bcast eth0'",
    ),
    _Kind(
        "no-nodes",
        "error",
        r"no nodes defined$",
        "ha.cf names no node",
        "The node table is made of node directives; names are those of `uname -n`.",
        "add a line 'node NAME' for each node",
    ),
    _Kind(
        "node-not-declared",
        "error",
        r"Current node \[.*\] not in configuration!$",
        "The node that reads the file is not in it",
        "The daemon looks for its own `uname -n`, in lower case, among the node directives, and "
        "refuses to start where it is not found.",
        "add a node directive with that name",
    ),
    _Kind(
        "deadtime-too-small",
        "error",
        r"Dead time \[.*\] is too small ",
        "deadtime is not above two keepalives",
        "One or two lost packets would be a death. The daemon refuses.",
        "raise deadtime, or lower keepalive",
    ),
    _Kind(
        "initdead-below-deadtime",
        "error",
        r"Initial dead time \[.*\] is smaller than deadtime ",
        "initdead is below deadtime",
        "initdead replaces deadtime while the network comes up, so it cannot be the shorter one. "
        "The daemon refuses.",
        "raise initdead, best to at least twice deadtime",
    ),
    _Kind(
        "deadping-too-small",
        "error",
        r"Ping dead time \[.*\] is too small ",
        "deadping is not above two keepalives",
        "Ping nodes are asked once in a keepalive: one or two lost answers would be a "
        "death. The daemon refuses.",
        "raise deadping, or leave it out: it is deadtime then",
    ),
    _Kind(
        "no-logging",
        "error",
        r"No log entry found in ha\.cf -- use logd$",
        "Logging is switched off altogether",
        "Neither a log file nor a syslog facility is named, and logd is refused: the daemon would "
        "be mute, so it does not start.",
        "add 'logfacility local0', or write 'use_logd on'",
        fatal=True,
    ),
    _Kind(
        "autojoin-without-crm",
        "error",
        r"R1 style resource management conflicts with ",
        "autojoin is used without a cluster manager",
        "haresources is a plan for known nodes. The daemon refuses to let others join.",
        "write 'autojoin none', or leave the line out",
    ),
    _Kind(
        "bad-nodename",
        "error",
        r"Bad nodename in ",
        "haresources gives a group to a node that ha.cf does not have",
        "The first word of each line is the preferred owner. The daemon refuses to start where it "
        "is no node of ha.cf; nothing else of the line is looked at.",
        "name a node of ha.cf; a short name and one with its domain are two names",
        "semantics 1.4, the daemon's check of haresources",
    ),
    _Kind(
        "authkeys-mode",
        "error",
        r"Bad permissions on keyfile ",
        "authkeys can be read by others",
        "Whoever reads the key can forge packets: declare nodes dead, take resources. The daemon "
        "refuses a file that its group or others may read. git keeps no such mode, so a "
        "checked-out file is usually 0644.",
        "chmod 600 authkeys",
        "semantics 1.5, authkeys",
    ),
    _Kind(
        "initdead-too-small",
        "warning",
        r"Initial dead time \[.*\] may be too small!$",
        "initdead is below ten seconds",
        "After a boot the network may need some seconds until packets pass. A node that gives up "
        "before that takes over everything, and so does its peer.",
        "It should be >= deadtime and >= 10 seconds",
        near=("initdead", "deadtime"),
    ),
    _Kind(
        "legacy-failback",
        "warning",
        r"Deprecated 'legacy' auto_failback option selected\.$",
        "auto_failback is legacy, which is also the default",
        "Without the protocol of auto_failback on or off there is no handing over on request: "
        "hb_standby and ipfail refuse to work.",
        "Please convert to 'auto_failback on', or write 'auto_failback off'",
        "semantics 1.3 and 5.8",
    ),
    _Kind(
        "logd-disabled",
        "warning",
        r"Logging daemon is disabled ",
        "The logging daemon is not used",
        "The master process writes its log itself, and waits when the disk or syslog is slow: then "
        "its heartbeats are late. The daemon warns of it at each start.",
        "write 'use_logd on', and start ha_logd",
        near=("logfacility", "logfile", "debugfile"),
    ),
    _Kind(
        "udp-is-bcast",
        "warning",
        r"WARNING: directive 'udp' replaced by 'bcast'$",
        "The directive udp is an old name of bcast",
        "The daemon reads udp as bcast, and warns each time.",
        "write bcast",
        _READS,
    ),
    _Kind(
        "nice-failback-obsolete",
        "warning",
        r"nice_failback is obsolete",
        "nice_failback is obsolete",
        "Its words mean the opposite of what one expects: on is auto_failback off, off is legacy. "
        "The daemon prints errors and starts.",
        "write auto_failback instead",
        "semantics 1.2, nice_failback",
    ),
    _Kind(
        "logd-assumed",
        "advice",
        r"No log entry found in ha\.cf -- use logd$",
        "ha.cf says nothing about logging",
        "The daemon then writes to logd only: without a running ha_logd that has a log of its own "
        "there is none.",
        "add 'logfacility local0', or say 'use_logd on' to show that it is meant",
        fatal=False,
    ),
    _Kind(
        "stray-node-folder",
        "error",
        r".* is no node of ",
        "A folder below config/ belongs to no node",
        "Files in config/NODE/ replace the common ones on that node. A name that ha.cf does not "
        "have is a slip, and its files would count nowhere.",
        "rename the folder to a node of ha.cf",
        "docs/formats.md, a model folder",
        files=r"(?:.*/)?config/(?!(?:ha\.cf|haresources|authkeys|site\.toml)$)[^/]+$",
    ),
    _Kind(
        "ping-not-in-site",
        "warning",
        r"the ping node .* is no host of this site: it never answers",
        "A ping node exists on no network of the site",
        "A ping node that never answers delays the start of both nodes by initdead, each time, and "
        "ipfail counts it for nobody.",
        "add it to site.toml, or correct its address in ha.cf",
        "semantics 4.9 and 5.2",
        files=r".*\.toml$",
    ),
    _Kind(
        "disk-not-in-site",
        "warning",
        r"no \[disk\] of this site is seen by ",
        "haresources mounts a disk that a node does not have",
        "The start of Filesystem fails on that node, and with it the whole group: a takeover ends "
        "with nothing served.",
        "add the disk to site.toml, or give it the same name on both nodes",
        "semantics 8.4, start failure",
        files=r".*\.toml$",
    ),
    _Kind(
        "stonith-not-in-site",
        "error",
        r"no \[stonith\] device of this site ",
        "ha.cf names a STONITH device that the site does not have",
        "Every fencing would fail, and be tried again for ever: nothing would ever be taken over.",
        "add [stonith.NAME] to site.toml",
        "semantics 9",
        files=r".*\.toml$",
    ),
    _Kind(
        "site-mismatch",
        "error",
        r"no \[node\.|.* has no NIC |.* is no node of ha\.cf",
        "site.toml and ha.cf have different nodes or NICs",
        "A medium on a NIC that is not there cannot be opened. Where the two files disagree, one "
        "of them is wrong.",
        "make them agree",
        "docs/formats.md, site.toml",
        files=r".*\.toml$",
    ),
    _Kind(
        "site-invalid",
        "error",
        r"",
        "site.toml cannot be read as one",
        "The file is no TOML, has keys that are unknown, or names parts that it does not have.",
        "correct it; docs/formats.md has all keys",
        "docs/formats.md, site.toml",
        files=r".*\.toml$",
    ),
    _Kind(
        "authkeys-invalid",
        "error",
        r"",
        "authkeys has a mistake",
        "Every mistake in authkeys keeps the daemon from starting. The line 'auth N' must stand "
        "before the line of key N.",
        "two lines are enough: 'auth 1' and '1 sha1 SECRET'",
        "semantics 1.5, authkeys",
        files=r"(?:.*/)?authkeys$",
    ),
    _Kind(
        "bad-value",
        "error",
        r"",
        "A directive has a value that the daemon refuses",
        "The rest of the file is still read, then the daemon refuses to start, for most values "
        "without saying which.",
        "correct the value",
        _READS,
    ),
)

#: What the daemon says after a complaint of the kinds above, and because of it.
_FOLLOWS = re.compile(
    r"Heartbeat not started: configuration error\.|Authentication configuration error\."
    r"|Configuration error, heartbeat not started\.|By default, cluster nodes are named by "
    r"|See also: http|Initial dead time accounts for |It should be >= deadtime "
    r"|Please convert to 'auto_failback on'|See documentation for conversion "
    r"|You need either unset autojoin "
)
_COMPILED = tuple(
    (k, re.compile(k.pattern, re.DOTALL), re.compile(k.files, re.DOTALL)) for k in _KINDS
)


def rule_of(problem: Problem) -> str | None:
    """Return the rule that a problem is a case of; None if it only goes on about another one."""
    if _FOLLOWS.match(problem.text):
        return None
    for kind, pattern, files in _COMPILED:
        fits = kind.fatal is None or kind.fatal == problem.fatal
        if fits and pattern.match(problem.text) and files.match(problem.file):
            return kind.id
    raise AssertionError("the last kind takes every problem")


def _told(kind: _Kind, subject: Subject, /) -> Iterator[Hit]:
    for problem in subject.problems:
        if rule_of(problem) != kind.id:
            continue
        place = Place(problem.file, problem.line)
        for view in subject.views if place.line is None and kind.near else ():
            if view.ha_cf is not None and view.ha_cf.file == problem.file:
                place = view.at(*kind.near)
        yield Hit(place, problem.text, problem.remedy)


DAEMON_RULES: tuple[Rule, ...] = tuple(
    Rule(k.id, k.severity, k.title, k.why, k.source, k.remedy, partial(_told, k)) for k in _KINDS
)
