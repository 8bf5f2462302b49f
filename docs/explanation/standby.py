"""The conversation of a standby."""

import hasim

model = hasim.load("models/webdata")
run = model.run(["5m standby node1"], until="6m", packets=True)
picture = run.messages("4m59s", "5m8s")
