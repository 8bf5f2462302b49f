"""Where the time of outages went.

Three faults, three ways to lose the service for a while: waiting for `deadtime`, the talk of two
ipfail processes, the wait for a STONITH device.
"""

import hasim
from hasim.plot import breakdown

model = hasim.load("models/webdata")
names = ("power-loss", "power-loss-stonith", "test2-public-cable")
picture = breakdown({name: model.run(scenario=name) for name in names})
