"""The site: the hardware under a cluster, its file ``site.toml``, and a default for a bare ha.d."""

from hasim.site.derive import Assumption, derive, derive_site, render_derived
from hasim.site.devices import BY_HAND, device_of, devices_of
from hasim.site.parse import parse_site
from hasim.site.parts import (
    UTILITY,
    Clock,
    Daemon,
    Disk,
    Host,
    Latency,
    Nic,
    NodeSite,
    ScriptTimes,
    Service,
    Site,
    StartMode,
    Stonith,
    Switch,
)
from hasim.site.render import render_site

__all__ = [
    "BY_HAND",
    "UTILITY",
    "Assumption",
    "Clock",
    "Daemon",
    "Disk",
    "Host",
    "Latency",
    "Nic",
    "NodeSite",
    "ScriptTimes",
    "Service",
    "Site",
    "StartMode",
    "Stonith",
    "Switch",
    "derive",
    "derive_site",
    "device_of",
    "devices_of",
    "parse_site",
    "render_derived",
    "render_site",
]
