"""One execution of a scenario: from faults and configurations to a run that answers questions."""

from hasim.run.agenda import agenda_of, check_targets
from hasim.run.difference import Difference
from hasim.run.expect import Late, Miss, Missed, NotHeld, Unexpected, Unviolated
from hasim.run.outage import Breakdown, Outage, Outages
from hasim.run.run import Run, load_run
from hasim.run.simulate import horizon, liveness_bound, simulate
from hasim.run.state import IpfailView, NodeView, PeerView, State
from hasim.run.why import Why

__all__ = [
    "Breakdown",
    "Difference",
    "IpfailView",
    "Late",
    "Miss",
    "Missed",
    "NodeView",
    "NotHeld",
    "Outage",
    "Outages",
    "PeerView",
    "Run",
    "State",
    "Unexpected",
    "Unviolated",
    "Why",
    "agenda_of",
    "check_targets",
    "horizon",
    "liveness_bound",
    "load_run",
    "simulate",
]
