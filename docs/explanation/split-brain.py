"""Split-brain: both heartbeat cables of node1 are pulled for two minutes."""

import hasim

picture = hasim.load("models/webdata").run(scenario="heal").timeline()
