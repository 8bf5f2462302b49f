"""The same loss of power with a STONITH device.

The peer is reset before its group is taken: the row `STONITH` shows from the asking to the answer.
"""

import hasim

model = hasim.load("models/webdata")
picture = model.run(scenario="power-loss-stonith").timeline()
