"""Property tests of your own cluster, with Hypothesis: the extra ``testing``.

>>> from hypothesis import given
>>> from hasim.testing import faults, holds
>>> @given(schedule=faults(model, families=["network"], max_size=3))
... def test_disk_is_never_mounted_twice(schedule):
...     holds(model.run(schedule), "at-most-one-mounter")
"""

from __future__ import annotations

from importlib.util import find_spec

if find_spec("hypothesis") is None:
    raise ModuleNotFoundError(
        "hasim.testing needs Hypothesis: pip install 'hasim[testing]'", name="hypothesis"
    )

from hasim.testing.assertions import holds, same_decisions, settles, violates
from hasim.testing.configurations import VARIED, configurations
from hasim.testing.dialogue import OperatorDialogue, operator_dialogue
from hasim.testing.report import RunFailed
from hasim.testing.schedules import faults
from hasim.testing.topologies import topologies

__all__ = [
    "VARIED",
    "OperatorDialogue",
    "RunFailed",
    "configurations",
    "faults",
    "holds",
    "operator_dialogue",
    "same_decisions",
    "settles",
    "topologies",
    "violates",
]
