"""A loss of power where a STONITH device can reset the victim."""

import hasim

picture = hasim.load("models/webdata").run(scenario="power-loss-stonith").timeline()
