"""What deadtime does to an outage.

Power is cut under five values of `deadtime` and twenty seeds each. The band leads from the 5 % to
the 95 % quantile.
"""

import hasim
from hasim.plot import latency

model = hasim.load("models/webdata")
table = model.sweep(
    deadtime=[5, 10, 15, 20, 30], faults=["5m power-off node1"], until="6m30s", seeds=20, jobs=1
)
picture = latency(table)
