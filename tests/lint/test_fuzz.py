"""Whatever the files hold: no traceback, every finding located, the same findings each time."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from hasim.config import DIALECTS
from hasim.folder import FileText, Sources, build
from hasim.lint import RULES, Finding, lint_sources
from hasim.lint.daemon import DAEMON_RULES, rule_of
from hasim.site import render_site
from tests.config.strategies import authkeys_texts, ha_cf_texts, haresources_texts, mutated
from tests.lint.good import AUTHKEYS, HA_CF, HARESOURCES, SITE
from tests.site.strategies import sites

#: Lines that a configuration may have beside those of the good one.
EXTRA = """\
crm on
udpport 695
serial /dev/ttyS0
baud 9600
mcast eth0 225.0.0.1 694 0 0
ping_group routers 192.168.60.1 192.168.61.1
ping 192.168.60.200
watchdog /dev/watchdog
stonith_host node1 apcmaster pdu
stonith_host node3 meatware x
stonith_host * ssh node1 node2
respawn root /usr/lib/heartbeat/ipfail
respawn haculster /usr/lib/heartbeat/dopd
node node3
deadtime 5
auto_failback legacy
# hasim: ignore one-medium, nothing-like-that
""".splitlines()
GROUPS = """\
node1 drbddisk::r0 Filesystem::/dev/drbd0::/web::ext3
node2 192.168.60.11 Filesystem::/dev/sdb5::/web::ext3
node2 IPaddr::1.2.3 FileSystem::/dev/sdb6
node1 apache \\
 mail # and more
# hidden \\
node2
""".splitlines()


@st.composite
def shuffled(draw: st.DrawFn, text: str, extra: list[str]) -> bytes:
    """Some lines of a good file in their order, with others among them."""
    lines = [line for line in text.splitlines() if draw(st.integers(0, 9)) > 0]
    for line in draw(st.lists(st.sampled_from(extra), max_size=3)):
        lines.insert(draw(st.integers(0, len(lines))), line)
    return "\n".join(lines).encode()


@st.composite
def rewired(draw: st.DrawFn) -> bytes:
    """The good site with some plugs in other sockets."""
    feeds = ["utility", "a", "b", "c", "ups", "outlet1", "outlet2"]
    switches = ["lan", "lan2", "cross"]

    def other(found: re.Match[str]) -> str:
        names = switches if found[1] == "on" else feeds
        return f'{found[1]} = "{draw(st.sampled_from(names))}"' if draw(st.booleans()) else found[0]

    head, mark, rest = SITE.partition("[feed]")
    stonith = rest.index("[stonith")
    rest = rest[:stonith] + re.sub(r'\b(on|power|node[12]) = "([^"/]*)"', other, rest[stonith:])
    return (re.sub(r'\b(on|power) = "([^"]*)"', other, head) + mark + rest).encode()


ha_cfs = shuffled(HA_CF, EXTRA) | ha_cf_texts().map(str.encode) | mutated(ha_cf_texts())
resources = (
    shuffled(HARESOURCES, GROUPS)
    | haresources_texts().map(str.encode)
    | mutated(haresources_texts())
)
keys = authkeys_texts().map(str.encode) | mutated(authkeys_texts()) | st.just(AUTHKEYS.encode())
sites_texts = rewired() | mutated(st.just(SITE)) | sites().map(render_site).map(str.encode)
texts = {"ha.cf": ha_cfs, "haresources": resources, "authkeys": keys}
nodes = st.sampled_from(["node1", "node2", "web-a", "odd"])


@st.composite
def folders(draw: st.DrawFn) -> Sources:
    """Folders of whatever is near enough to a configuration to be read as one."""

    def files(prefix: str, likely: bool) -> dict[str, FileText]:
        modes = st.sampled_from([0o600, 0o600, 0o644, 0o620])
        return {
            name: FileText(prefix + name, draw(text), draw(modes))
            for name, text in texts.items()
            if draw(st.integers(0, 9)) > (0 if likely else 4)
        }

    own = {node: files(f"config/{node}/", False) for node in draw(st.lists(nodes, max_size=2))}
    site = FileText("site.toml", draw(sites_texts)) if draw(st.booleans()) else None
    return Sources(path=".", common=files("", True), own=own, site=site)


def file_of(sources: Sources, finding: Finding) -> FileText | None:
    files = [sources.site, *sources.common.values()]
    files += [f for own in sources.own.values() for f in own.values()]
    return next((f for f in files if f is not None and f.file == finding.file), None)


@given(folders(), st.sampled_from([None, *DIALECTS]))
def test_any_folder_is_judged_and_every_finding_is_located(
    sources: Sources, dialect: str | None
) -> None:
    done = lint_sources(sources, dialect)
    order = [(f.file, f.line or 0, f.rule) for f in done.findings]
    assert order == sorted(order)
    assert len(set(done.findings)) == len(done.findings)
    for finding in done.findings:
        file = file_of(sources, finding)
        if file is None:
            assert finding.rule in ("file-missing", "stray-node-folder")
        elif finding.line is not None:
            assert 1 <= finding.line <= file.data.count(b"\n") + 1
        assert finding.rule in RULES
        assert finding.severity == RULES[finding.rule].severity
        assert finding.text.isprintable()
        assert finding.remedy.isprintable()
        assert finding.remedy != ""
    assert lint_sources(sources, dialect) == done


@given(folders())
def test_a_folder_that_the_daemon_refuses_has_an_error_and_no_other_has(sources: Sources) -> None:
    fatal = [p for p in build(sources).problems if p.fatal]
    errors = [f for f in lint_sources(sources).findings if f.severity == "error"]
    crm = any(f.rule == "crm-beside-haresources" for f in lint_sources(sources).findings)
    if fatal and not crm:
        assert errors != []
    if not fatal:
        assert {f.rule for f in errors} <= {"more-complaints"}


@given(folders())
def test_every_problem_is_of_a_rule_with_its_severity(sources: Sources) -> None:
    known = {rule.id: rule.severity for rule in DAEMON_RULES}
    for problem in build(sources).problems:
        name = rule_of(problem)
        if name is not None and name != "more-complaints":
            assert (known[name] == "error") == problem.fatal, problem
