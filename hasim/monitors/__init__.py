"""Properties that a run must keep, judged from the facts of its trace."""

from hasim.monitors.properties import PROPERTIES, SERVED_ONCE, Monitor, Property, judge
from hasim.monitors.violation import Violation

__all__ = ["PROPERTIES", "SERVED_ONCE", "Monitor", "Property", "Violation", "judge"]
