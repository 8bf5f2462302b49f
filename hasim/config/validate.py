"""Defaults and checks after an ha.cf has been read, in the daemon's order (semantics 1.3)."""

from __future__ import annotations

from hasim.config.authkeys import AuthKeys
from hasim.config.crm import crm_apiauth, crm_respawn, with_crm
from hasim.config.directives import MEDIA_DIRECTIVES
from hasim.config.draft import Draft
from hasim.config.hacf import ApiAuth, HaConfig
from hasim.config.lexer import Complaints, shown
from hasim.units import MS, SECOND, Micros

__all__ = ["complete", "default_apiauth", "default_initdead", "validate"]

_WIKI = {"2.0.8": "http://linux-ha.org/", "3.0.6": "http://linux-ha.org/wiki/"}


def default_initdead(deadtime: Micros) -> Micros:
    """Return the initdead of an ha.cf that gives none."""
    if deadtime > 10 * SECOND:
        return deadtime
    return 12 * SECOND if deadtime < 6 * SECOND else 2 * deadtime


def default_apiauth(dialect: str) -> tuple[ApiAuth, ...]:
    """Return who may connect as which client where ha.cf does not say (semantics 1.2)."""
    anonymous = () if dialect == "2.0.8" else ("root",)
    return (
        ApiAuth("ipfail", uids=("hacluster",)),
        ApiAuth("ccm", uids=("hacluster",)),
        ApiAuth("ping", gids=("haclient",)),
        ApiAuth("anon", uids=anonymous, gids=("haclient",)),
        ApiAuth("lha-snmpagent", uids=("root",)),
    )


def validate(
    draft: Draft, dialect: str, found: Complaints, authkeys: AuthKeys | None = None
) -> HaConfig | None:
    """Complete a draft by the defaults and check it as the daemon does before it starts.

    A check is left out where one of the values it compares was refused: its outcome would say
    nothing about the file.

    Returns
    -------
    HaConfig or None
        None if anything in `found`, or found here, is fatal.
    """
    if found.fatal:
        found.error(None, "Heartbeat not started: configuration error.")
    config = complete(draft, dialect, authkeys)
    if not config.media and not draft.bad & MEDIA_DIRECTIVES:
        found.error(None, "No heartbeat media defined", "add a medium, such as 'bcast eth0'")
    _check_nodes(config, draft, found)
    _check_times(config, draft, found)
    if config.crm == "off" and config.auto_failback == "legacy" and not draft.bad & {
        "auto_failback", "nice_failback",
    }:  # fmt: skip
        line = draft.last_line.get("auto_failback", draft.last_line.get("nice_failback"))
        found.note(line, "WARN", "Deprecated 'legacy' auto_failback option selected.")
        found.note(line, "WARN", "Please convert to 'auto_failback on'.")
        found.note(line, "WARN", "See documentation for conversion details.")
    _check_logging(config, draft, found)
    if config.crm == "off" and config.autojoin != "none":
        line = draft.last_line.get("autojoin")
        found.error(line, "R1 style resource management conflicts with  autojoin set")
        found.error(
            line, "You need either unset autojoin or enable crm", "write 'autojoin none'"
        )  # fmt: skip
    return None if found.fatal else config


def complete(draft: Draft, dialect: str, authkeys: AuthKeys | None) -> HaConfig:
    """Return a draft with the defaults for what it does not say; nothing is checked."""
    values = dict(draft.values)
    deadtime: Micros = values.setdefault("deadtime", 30 * SECOND)
    values.setdefault("keepalive", 1 * SECOND)
    values.setdefault("warntime", deadtime // MS // 2 * MS)
    values.setdefault("initdead", default_initdead(deadtime))
    values.setdefault("deadping", deadtime)
    values.setdefault("auto_failback", "legacy")
    values.setdefault("use_logd", not _logs(draft))
    mode: str = values.get("crm", "off")
    line = draft.last_line.get("crm", draft.last_line.get("pacemaker", 0))
    implied = {a.client: a for a in (*default_apiauth(dialect), *crm_apiauth(mode, dialect))}
    defaults = [a for a in implied.values() if a.client not in draft.apiauth]
    return HaConfig(
        table=tuple(draft.table.values()),
        media=tuple(draft.media),
        respawn=with_crm(draft.respawn, crm_respawn(mode, dialect, line)),
        apiauth=(*draft.apiauth.values(), *defaults),
        stonith=draft.stonith,
        env=tuple(draft.env),
        given=tuple(draft.given),
        local=draft.local,
        dialect=dialect,
        authkeys=authkeys,
        **values,
    )


def _logs(draft: Draft) -> bool:
    """Tell whether a log file, debug file or syslog facility is configured."""
    get = draft.values.get
    return bool(get("logfile") or get("debugfile") or get("logfacility", "none") != "none")


def _check_nodes(config: HaConfig, draft: Draft, found: Complaints) -> None:
    if "node" in draft.bad:
        return
    if not config.nodes:
        found.error(None, "no nodes defined", "add a line 'node NAME' for each node")
    if config.local is not None and config.local not in config.nodes:
        name = shown(config.local)
        found.error(
            draft.last_line.get("node"),
            f"Current node [{name}] not in configuration!",
            f"add a line 'node {name}'",
        )
        found.note(
            None,
            "info",
            "By default, cluster nodes are named by `uname -n` and must be declared with "
            "a 'node' directive in the ha.cf file.",
        )
        found.note(None, "info", f"See also: {_WIKI[config.dialect]}ha.cf/NodeDirective")


def _check_times(config: HaConfig, draft: Draft, found: Complaints) -> None:
    keepalive, deadtime = config.keepalive // MS, config.deadtime // MS
    initdead, deadping = config.initdead // MS, config.deadping // MS
    line, bad = draft.last_line.get, draft.bad
    if deadtime <= 2 * keepalive and not bad & {"keepalive", "deadtime"}:
        found.error(
            line("deadtime", line("keepalive")),
            f"Dead time [{deadtime}] is too small compared to keeplive [{keepalive}]",
            f"deadtime must be more than two keepalives, {2 * keepalive} ms here",
        )
    # Without an initdead of its own the file's deadtime decides both, and they agree.
    if not bad & {"deadtime", "initdead"}:
        if initdead < deadtime:
            found.error(
                line("initdead"),
                f"Initial dead time [{initdead}] is smaller than deadtime [{deadtime}]",
                f"write an initdead of at least {deadtime}ms, better twice that",
            )
        elif initdead < 10_000:
            at = line("initdead")
            found.note(at, "WARN", f"Initial dead time [{initdead} ms] may be too small!")
            found.note(at, "info", "Initial dead time accounts for slow network startup time")
            found.note(at, "info", "It should be >= deadtime and >= 10 seconds")
    given = line("deadping")
    if given is not None and deadping <= 2 * keepalive and not bad & {"keepalive", "deadping"}:
        found.error(
            given,
            f"Ping dead time [{deadping}] is too small compared to keeplive [{keepalive}]",
            f"deadping must be more than two keepalives, {2 * keepalive} ms here",
        )


def _check_logging(config: HaConfig, draft: Draft, found: Complaints) -> None:
    line = draft.last_line.get("use_logd")
    if draft.bad & {"use_logd", "logfacility"}:
        return
    if _logs(draft):
        if not config.use_logd:
            found.note(
                line,
                "WARN",
                "Logging daemon is disabled --enabling logging daemon is recommended",
            )
    elif line is None:
        found.note(None, "info", "No log entry found in ha.cf -- use logd")
    elif not config.use_logd:
        found.error(
            line,
            "No log entry found in ha.cf -- use logd",
            "add 'logfacility local0' or a logfile, or write 'use_logd on'",
        )
