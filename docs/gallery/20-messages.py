"""The messages of a takeover.

Power is gone on node1. For `deadtime` node2 hears nothing, declares the death, and takes the group
of its peer. Quiet stretches of time are shortened.
"""

import hasim

model = hasim.load("models/webdata")
run = model.run(scenario="power-loss", packets=True)
dead = next(
    record.at for record in run.records if "node1 is declared dead" in record.event.sentence()
)
picture = run.messages(f"{dead - 4_000_000}us", f"{dead + 4_000_000}us")
