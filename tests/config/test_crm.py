"""What crm and pacemaker stand for, and who may sign on as what (semantics 13, 1.2)."""

from __future__ import annotations

import pytest

from hasim.config import (
    HaConfig,
    edit_ha_cf,
    may_sign_on,
    numbers_of,
    parse_ha_cf,
    render_ha_cf,
    user_of,
)
from hasim.config.crm import CRM_PROGRAMS, crm_children, crm_respawn

HA_CF = "bcast eth0\nnode node1 node2\nlogfile /var/log/ha-log\nauto_failback on\n"
OLD = ["ccm", "cib", "lrmd -r", "stonithd", "attrd", "crmd", "mgmtd -v"]
NEW = ["ccm", "cib", "stonithd", "lrmd -r", "attrd", "pengine", "crmd"]


def read(text: str, version: str = "2.0.8") -> HaConfig:
    config, problems = parse_ha_cf(HA_CF + text, dialect=version)
    assert config is not None, problems
    return config


def commands(config: HaConfig) -> list[str]:
    return [r.command.removeprefix("/usr/lib/heartbeat/") for r in config.respawn]


@pytest.mark.parametrize(
    ("line", "version", "started"),
    [
        ("crm on", "2.0.8", OLD),
        ("crm off", "2.0.8", []),
        ("crm manual", "2.0.8", []),
        ("crm on", "3.0.6", NEW),
        ("pacemaker respawn", "3.0.6", NEW),
        ("pacemaker minimal", "3.0.6", NEW),
        ("pacemaker ccm-only", "3.0.6", ["ccm"]),
        ("pacemaker false", "3.0.6", []),
    ],
)
def test_a_value_stands_for_clients_in_their_order(
    line: str, version: str, started: list[str]
) -> None:
    assert commands(read(line + "\n", version)) == started


def test_each_runs_as_its_own_user() -> None:
    users = [r.user for r in read("crm on\n").respawn]
    assert users == ["hacluster", "hacluster", "root", "root", "hacluster", "hacluster", "root"]


def test_only_pacemaker_on_lets_deaths_reboot_the_machine() -> None:
    def flagged(line: str, version: str) -> list[str]:
        config = read(line, version)
        return [r.command.rpartition("/")[2] for r in config.respawn if r.failfast]

    assert flagged("pacemaker on\n", "3.0.6") == ["ccm", "cib", "pengine", "crmd"]
    assert flagged("pacemaker respawn\n", "3.0.6") == []
    assert flagged("crm on\n", "2.0.8") == []


def test_they_stand_where_their_line_stands_among_the_respawn_lines() -> None:
    config = read("respawn hacluster /bin/one\ncrm on\nrespawn root /bin/two\n")
    assert commands(config) == ["/bin/one", *OLD, "/bin/two"]


def test_a_command_that_ha_cf_starts_itself_counts_once() -> None:
    config = read("respawn root /usr/lib/heartbeat/ccm\ncrm on\n")
    assert commands(config) == OLD
    assert user_of(config, "/usr/lib/heartbeat/ccm") == "root"


def test_a_rendered_configuration_reads_back_without_doubles() -> None:
    config = read("crm on\nrespawn root /bin/two\n")
    again, problems = parse_ha_cf(render_ha_cf(config), dialect="2.0.8")
    assert again == config, problems
    off, _ = parse_ha_cf(edit_ha_cf(render_ha_cf(config), {"crm": "off"}, dialect="2.0.8"))
    assert off is not None
    assert commands(off) == ["/bin/two"]


def test_only_the_crmd_of_the_older_version_has_children() -> None:
    children = ("/usr/lib/heartbeat/pengine", "/usr/lib/heartbeat/tengine")
    assert crm_children("crmd", "on", "2.0.8") == children
    assert crm_children("crmd", "on", "3.0.6") == crm_children("ccm", "on", "2.0.8") == ()
    assert crm_children("crmd", "off", "2.0.8") == ()


def test_every_client_and_child_can_be_named() -> None:
    started = [r.command for v in ("2.0.8", "3.0.6") for r in crm_respawn("on", v)]
    names = {c.split()[0].rpartition("/")[2] for c in started} | {"pengine", "tengine"}
    assert set(CRM_PROGRAMS) == names


# ---- who may sign on ----------------------------------------------------------------------------


def test_its_own_clients_may_sign_on_as_their_users_only() -> None:
    config = read("crm on\n")
    assert may_sign_on(config, "cib", "hacluster")
    assert may_sign_on(config, "stonithd", "root")
    assert not may_sign_on(config, "cib", "root")


@pytest.mark.parametrize(
    ("line", "user", "allowed"),
    [
        ("", "hacluster", True),
        ("", "root", False),
        ("apiauth ipfail uid=root", "root", True),
        ("apiauth ipfail uid=root", "hacluster", False),
        ("apiauth ipfail uid=694", "hacluster", True),
        ("apiauth ipfail gid=haclient", "hacluster", True),
        ("apiauth ipfail gid=694", "hacluster", True),
        ("apiauth ipfail gid=haclient", "web", False),
        ("apiauth ipfail gid=web", "web", True),
        ("apiauth ipfail uid=root gid=haclient", "hacluster", True),
        ("apiauth ipfail", "web", True),
    ],
)
def test_a_uid_or_a_gid_of_the_lists_lets_a_client_in(line: str, user: str, allowed: bool) -> None:
    config = read(f"{line}\nrespawn web /bin/other\n")
    assert may_sign_on(config, "ipfail", user) is allowed


def test_a_client_without_a_line_is_held_against_the_default() -> None:
    assert may_sign_on(read(""), "dopd", "web")
    config = read("apiauth default uid=root\n")
    assert may_sign_on(config, "dopd", "root")
    assert not may_sign_on(config, "dopd", "web")
    assert may_sign_on(config, "ipfail", "hacluster"), "it has a line of its own by default"


def test_users_that_only_ha_cf_knows_are_counted_from_a_thousand() -> None:
    config = read("respawn b /bin/x\nrespawn a /bin/y\nrespawn b /bin/z\n")
    assert numbers_of(config, "b") == (1000, 1000)
    assert numbers_of(config, "a") == (1001, 1001)
    assert numbers_of(config, "root") == (0, 0)
    assert numbers_of(config, "hacluster") == (694, 694)
    assert numbers_of(config, "nobody") == (1002, 1002)
