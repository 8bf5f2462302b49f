"""Configuration of the daemon: ha.cf, haresources and authkeys, read as the daemon reads them.

Every parser takes text or bytes and returns what it read beside a tuple of problems; what it read
is None where the daemon would refuse to start. No content of a file makes a parser raise.
"""

from __future__ import annotations

from hasim.config.authkeys import (
    AuthKey,
    AuthKeys,
    authkeys_missing,
    guess_authkeys,
    parse_authkeys,
    render_authkeys,
)
from hasim.config.crm import (
    CRM_PROGRAMS,
    CRM_SIGNS_ON,
    crm_children,
    crm_respawn,
)
from hasim.config.directives import DIALECTS, known_directives
from hasim.config.hacf import (
    ApiAuth,
    Given,
    HaConfig,
    Medium,
    Respawn,
    StonithDevice,
    TableEntry,
)
from hasim.config.haresources import (
    Group,
    Haresources,
    Resource,
    guess_haresources,
    haresources_missing,
    parse_haresources,
    parse_resource,
    render_haresources,
)
from hasim.config.parse import guess_ha_cf, ha_cf_missing, parse_ha_cf
from hasim.config.render import edit_ha_cf, render_ha_cf
from hasim.config.times import parse_bool, parse_time
from hasim.config.users import HACLUSTER, may_sign_on, numbers_of, user_of

__all__ = [
    "CRM_PROGRAMS",
    "CRM_SIGNS_ON",
    "DIALECTS",
    "HACLUSTER",
    "ApiAuth",
    "AuthKey",
    "AuthKeys",
    "Given",
    "Group",
    "HaConfig",
    "Haresources",
    "Medium",
    "Resource",
    "Respawn",
    "StonithDevice",
    "TableEntry",
    "authkeys_missing",
    "crm_children",
    "crm_respawn",
    "edit_ha_cf",
    "guess_authkeys",
    "guess_ha_cf",
    "guess_haresources",
    "ha_cf_missing",
    "haresources_missing",
    "known_directives",
    "may_sign_on",
    "numbers_of",
    "parse_authkeys",
    "parse_bool",
    "parse_ha_cf",
    "parse_haresources",
    "parse_resource",
    "parse_time",
    "render_authkeys",
    "render_ha_cf",
    "render_haresources",
    "user_of",
]
