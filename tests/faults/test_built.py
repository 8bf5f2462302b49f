from __future__ import annotations

import pytest
from hypothesis import given

from hasim.errors import NotBuiltError
from hasim.faults import BUILT, Fault, is_built, parse_fault, require_built
from tests.faults.strategies import faults

SIMULATED = [
    "60s cut node1:eth0 in",
    "60s restore node1:eth0",
    "60s lose 30% node1:eth0",
    "60s delay 10ms node1:eth0",
    "60s duplicate 1% node1:eth0",
    "60s isolate node1",
    "60s heal node1",
    "60s power-off outlet1 for 5s",
    "60s power-on lan",
    "60s kill node1 master",
    "60s kill node1 all",
    "60s hang node1 for 8s",
    "60s thaw node1",
    "60s start node1",
    "60s clock node1 +5s",
    "60s clock node1 50ppm",
    "60s stop node1",
    "60s reload node1",
    "60s standby node1",
    "60s takeover node1 local",
    "60s fail IPaddr start on node1",
    "60s fail group 10.0.0.1 stop on node1 2 times for 5s",
    "60s slow IPaddr 1s on node1",
    "60s kill node1 ipfail",
    "60s kill node1 crmd",
    "60s kill node1 client:dopd",
    "60s kill node1 fifo",
    "60s kill node1 read:eth0",
    "60s kill node1 write:eth0 -STOP",
    "60s kill node1 master -15",
    "60s kill node1 ipfail -15",
    "60s hang node1 master",
    "60s cut stonith pdu",
    "60s power-off stonith pdu",
    "60s stonith pdu fail",
    "60s forge status from node2 on node1:eth0",
    "60s replay 1s from node2 on node1:eth0",
]
READ_ONLY = [
    ("60s kill node1 master -2", "kill master -2"),
    ("60s kill node1 all -15", "kill all -15"),
    ("60s kill node1 ipfail -19", "kill ipfail -19"),
    ("60s cut disk web", "cut disk web"),
    ("60s restore disk web", "restore disk web"),
]


@pytest.mark.parametrize("line", SIMULATED)
def test_a_simulated_fault_passes(line: str) -> None:
    fault = parse_fault(line)
    require_built(fault)
    assert is_built(fault)


@pytest.mark.parametrize(("line", "what"), READ_ONLY)
def test_a_fault_that_is_only_read_is_refused_by_name(line: str, what: str) -> None:
    with pytest.raises(NotBuiltError, match=f"^'{what}' is read but not simulated"):
        require_built(parse_fault(line))


@given(faults)
def test_only_faults_of_the_table_are_built(fault: Fault) -> None:
    assert not is_built(fault) or type(fault) in BUILT
