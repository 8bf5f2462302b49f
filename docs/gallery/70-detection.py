"""How long a death takes to be seen.

The same fault under a hundred seeds. Nothing in a death is random but phases: how old the last
heartbeat was, and when the daemons wake.
"""

import hasim
from hasim.plot import detection

model = hasim.load("models/webdata")
table = model.sweep(deadtime=[10], faults=["5m power-off node1"], until="5m30s", seeds=100, jobs=1)
picture = detection(table)
