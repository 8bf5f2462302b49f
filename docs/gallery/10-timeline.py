"""Who was in which state when.

Both heartbeat cables of node1 are pulled at the fifth minute and put back two minutes later. Both
nodes hold the address and mount the disk meanwhile: the shaded rows on top. How to read it:
[Pictures of a run](pictures.md).
"""

import hasim

model = hasim.load("models/webdata")
picture = model.run(scenario="heal").timeline()
