"""The hardware while something is broken.

Power feeds at the top, then disks, nodes, network cards, switches and what is plugged into them. A
frame marks a part whose loss alone does harm. At the instant of the picture one cable is cut and a
switch is without power.
"""

import hasim
from hasim.plot import topology

model = hasim.load("models/webdata")
run = model.run(["2m cut node1:eth1", "3m power-off lan"], until="5m")
picture = topology(run, at="4m")
