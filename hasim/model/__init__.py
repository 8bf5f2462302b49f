"""The model folder: the configuration of each node, the site under it, and its scenarios."""

from hasim.model.check import check_fault, check_scenario
from hasim.model.loading import load
from hasim.model.model import Change, Model
from hasim.model.schemas import json_schema
from hasim.scenario import Expect, Held, Scenario, Timely, parse_scenario, render_scenario

__all__ = [
    "Change",
    "Expect",
    "Held",
    "Model",
    "Scenario",
    "Timely",
    "check_fault",
    "check_scenario",
    "json_schema",
    "load",
    "parse_scenario",
    "render_scenario",
]
