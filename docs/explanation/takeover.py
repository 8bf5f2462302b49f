"""The seconds in which a peer is declared dead and its group is taken."""

import hasim

model = hasim.load("models/webdata")
run = model.run(["5m power-off node1"], until="6m", packets=True)
picture = run.messages("4m57s", "5m33s")
