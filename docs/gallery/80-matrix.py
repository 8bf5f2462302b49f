"""What single faults do, phase by phase.

Some kinds of faults, each in several phases of the cluster. Where it says dual mount, two nodes
have the disk at the same time.
"""

import hasim
from hasim.plot import matrix

model = hasim.load("models/webdata")
found = model.matrix(
    kinds=["power-off node", "kill all", "kill master"], pairs=False, instants=1, jobs=1
)
picture = matrix(found)
