# ---
# jupyter:
#   jupytext:
#     formats: ipynb,py:percent
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # 7. Heal, flapping and failback
#
# Everybody plans for the failure. Half of the trouble comes afterwards: when the cable is back, when the node is back, when
# both go and come all day.
#
# **You will learn**
#
# - what two nodes do that hear each other again after a partition;
# - which cable to plug in first, and how much that is worth;
# - what `auto_failback` costs when the preferred owner flaps;
# - why a cable that flaps quickly is worse for users than one that is broken;
# - to move a service by hand, at a time of your choice.
#
# **Time**: 25 minutes, and ten more for the exercises. You need to have seen
# [split-brain](05_split_brain.ipynb).

# %%
import os

import hasim
from hasim.experiment import moves, texts_of

QUICK = bool(os.environ.get("HASIM_QUICK"))
JOBS = 1 if QUICK else None
GROUP = "192.168.60.200/24/eth0"
cluster = hasim.load("../models/webdata")

# An address without a disk: after a split-brain a disk would be ruined, and there would be nothing to heal.
texts = {**texts_of(cluster), "haresources": "node1 192.168.60.200/24/eth0\n"}
address = hasim.load(texts).with_(deadtime=10, keepalive=1)


def tell(run):
    """Print what users see."""
    for outage in run.outage:
        after = "nobody, to the end" if outage.open else outage.after
        begin, length = outage.begin / 1e6, outage.duration_us / 1e6
        print(
            f"{begin:7.1f} s  outage of {length:5.1f} s, {outage.before} -> {after}: {outage.reason}"
        )


# %% [markdown]
# ## The cables are back
#
# node1 is isolated: for less than `deadtime` (10 s here), and for more.

# %%
short = address.run(["60s isolate node1 for 9s"], until="3m")
tell(short)
assert len(short.outage) == 1
assert not short.violations

# %%
healed = address.run(["60s isolate node1 for 60s"], until="4m")
tell(healed)
ax = healed.plot.timeline("50s", "2m50s", title="A partition of a minute, and what follows")

# %%
log = healed.table("log")
for at, node, text in zip(log["at_s"], log["node"], log["text"], strict=True):
    if "after partition" in text or "shutdown in progress" in text or "restart exec" in text:
        print(f"{at:6.1f} s  {node}: {text}")
assert log["text"].str.contains("returning after partition").sum() == 2
assert log["text"].str.contains("restart exec").sum() == 2

# %% [markdown]
# Below `deadtime` nothing happens beyond the loss itself. Above it each node has declared the other dead, each has
# everything, and when they hear each other neither knows who is right. So *both* give up everything and
# restart. The repair of the cable is an outage of its own, and it is the longer one.

# %%
partition, repair = healed.outage
print(f"the cut: {partition.duration_us / 1e6:.0f} s, the repair: {repair.duration_us / 1e6:.0f} s")
assert repair.duration_us > 2 * partition.duration_us

# %% [markdown]
# **Question.** What would have been different with a disk, and with a STONITH device?
#
# <details><summary>Answer</summary>
#
# With a disk it would have been mounted twice for a minute, and the restart would come too late: it is corrupt. With a STONITH
# device there would have been no partition with two owners: node1 would have been reset, and would come back as
# a node that joins.
#
# </details>
#
# ## In which order?
#
# Two cables were cut. Which one do you plug in first?

# %%
CUT = ["60s cut node1:eth0", "60s cut node1:eth1"]
ORDERS = {
    "both at once": [*CUT, "180s restore node1:eth0", "180s restore node1:eth1"],
    "public first": [*CUT, "180s restore node1:eth0", "240s restore node1:eth1"],
    "crossover first": [*CUT, "180s restore node1:eth1", "240s restore node1:eth0"],
}
for name, faults in ORDERS.items():
    print(name)
    tell(address.run(faults, until="7m"))

# %%
rows = address.sweep(faults=ORDERS, seeds=2 if QUICK else 25, until="7m", spread="2s", jobs=JOBS)
rows["repair_s"] = rows["down_s"] - rows["outage_s"]
ax = hasim.plot.latency(
    rows, against="fault", of="repair_s", title="Time without service after the repair has begun"
)

# %%
middle = rows.groupby("fault")["repair_s"].median()
assert middle["crossover first"] > middle["public first"] + 20
assert abs(middle["both at once"] - middle["public first"]) < 10

# %% [markdown]
# With the crossover first the nodes hear each other and restart, while node1 is still without the public network. The one
# minute that the second cable is late is a minute without service. **Repair the users' network first**, or both at
# once.
#
# ## A preferred owner that flaps
#
# node1 loses its power three times in half an hour: a bad power supply. With the founding cluster, `deadtime` 30 s:

# %%
FLAPS = [f"{at}m power-off node1 for 60s" for at in (2, 12, 22)]
for failback in ("on", "off"):
    run = cluster.with_(auto_failback=failback).run(FLAPS, until="30m")
    print("auto_failback", failback, "- moves:", moves(run, GROUP)["moves"])
    tell(run)
    assert moves(run, GROUP)["moves"] == {"on": 6, "off": 1}[failback]

# %%
ax = cluster.run(FLAPS, until="30m").plot.timeline(
    "1m30s", "30m", title="auto_failback on: three losses of power, six outages"
)

# %% [markdown]
# Each return to the preferred owner is a short outage, and prepares the next long one. With `auto_failback off` the group stays
# where it works. Over many seeds:

# %%
flapping = cluster.sweep(
    auto_failback=["on", "off"],
    faults=FLAPS,
    seeds=2 if QUICK else 25,
    until="30m",
    spread="2s",
    also=moves,
    jobs=JOBS,
)
ax = hasim.plot.latency(
    flapping, against="auto_failback", of="down_s", title="Time without service in half an hour"
)

# %%
down = flapping.groupby("auto_failback")["down_s"].median()
assert down["on"] > 2.5 * down["off"]
assert set(flapping.loc[flapping["auto_failback"] == "off", "moves"]) == {1}

# %% [markdown]
# **Question.** When is `auto_failback on` right, then?
#
# <details><summary>Answer</summary>
#
# Where both nodes work (one group each) and one alone is too slow for both: then coming home is worth an outage of some
# seconds. Or where somebody wants to know without looking which node serves. In all other cases leave it off and
# move by hand, at night.
#
# </details>
#
# ## A cable that flaps
#
# The public cable of node1 is loose. In, out, in, out: first with a minute of each, then with 20 seconds.

# %%
slowly = [f"{3 + 2 * i}m cut node1:eth0 for 60s" for i in range(5)]
quickly = [f"{180 + 40 * i}s cut node1:eth0 for 20s" for i in range(15)]
loose = {
    (name, failback): cluster.with_(auto_failback=failback).run(faults, until="16m")
    for name, faults in (("a minute", slowly), ("20 s", quickly))
    for failback in ("on", "off")
}
for (name, failback), run in loose.items():
    down_s = sum(outage.duration_us for outage in run.outage) / 1e6
    moved = moves(run, GROUP)["moves"]
    print(
        f"out for {name:8} auto_failback {failback:3}: {down_s:4.0f} s without service, {moved} moves"
    )

# %%
down_s = {key: sum(o.duration_us for o in run.outage) / 1e6 for key, run in loose.items()}
assert moves(loose["20 s", "on"], GROUP)["moves"] == 0
assert down_s["20 s", "off"] > 4 * down_s["a minute", "off"]
assert down_s["20 s", "off"] >= 15 * 20 - 1

# %% [markdown]
# A cable that is out for less than `deadtime` each time is never *dead*. Nobody moves anything; users lose every second of
# it. A cable that is broken for good costs them three quarters of a minute, once. **Pull out what flaps.**

# %%
ax = loose["20 s", "off"].plot.timeline("2m50s", "5m30s", title="A loose cable: 20 s out, 20 s in")

# %% [markdown]
# ## By hand
#
# `hb_standby` and `hb_takeover` move a service in an orderly way. Compare the length with that of any failure:

# %%
byhand = cluster.run(["3m standby node1", "6m takeover node1"], until="8m")
tell(byhand)
ax = byhand.plot.breakdown(title="hb_standby on node1, and hb_takeover three minutes later")
assert len(byhand.outage) == 2
assert max(outage.duration_us for outage in byhand.outage) < 5_000_000

# %% [markdown]
# ## Try it
#
# How long may a partition last? (Without sliders: 8 s and a deadtime of 10 s. Then try 12 s.)


# %%
def partition(lasts=8, deadtime=10, first="both at once"):
    """Draw a partition, and what follows when it is over."""
    back = {"both at once": (0, 0), "public first": (0, 30), "crossover first": (30, 0)}[first]
    ends = (60 + lasts + back[0], 60 + lasts + back[1])
    faults = [*CUT, f"{ends[0]}s restore node1:eth0", f"{ends[1]}s restore node1:eth1"]
    run = address.with_(deadtime=deadtime).run(faults, until="4m")
    return run.plot.timeline(
        "50s", "3m", title=f"cut for {lasts} s, deadtime {deadtime} s, {first}"
    )


hasim.plot.interactive(
    partition, lasts=[4, 8, 12, 20, 60], deadtime=[5, 10, 20, 30], first=[*ORDERS]
)

# %% [markdown]
# ## Exercises
#
# 1. Put `auto_failback off`, let node1 lose its power at `3m` for a minute, and bring the service home by hand at `8m`. How
#    long are both outages together? How long would they be with `auto_failback on`? What have you gained?
# 2. Heal the partition of a minute with a STONITH device: `address.with_(stonith_host="* apcmaster pdu")`. How many owners
#    are there at any time?
# 3. Find the longest partition that leaves no trace with `deadtime=10`, in steps of half a second.
#
# <details><summary>Hints</summary>
#
# 1. `"8m standby node2"`. The same, within a second or so. You have gained that *you* choose the moment of the second.
# 2. One. node1 is reset and joins.
# 3. Below `deadtime` less a second or so: the last heartbeat before the cut is up to a keepalive old.
#
# </details>

# %%
home = cluster.with_(auto_failback="off")
home = home.run(["3m power-off node1 for 60s", "8m standby node2"], until="10m")
auto = cluster.run(["3m power-off node1 for 60s"], until="10m")
sums = [sum(outage.duration_us for outage in run.outage) / 1e6 for run in (home, auto)]
assert len(home.outage) == len(auto.outage) == 2
assert abs(sums[0] - sums[1]) < 2

# %%
shot = address.with_(stonith_host="* apcmaster pdu")
assert not shot.run(["60s isolate node1 for 60s"], until="6m").violations
steps = [half / 2 for half in range(10, 26)]
harmless = [
    s for s in steps if not address.run([f"60s isolate node1 for {s}s"], until="3m").violations
]
print("no violation up to", max(harmless), "s")
assert 8 <= max(harmless) <= 12

# %% [markdown]
# ## Where to go on
#
# - [Your own cluster](08_your_own_cluster.ipynb): all this with your `/etc/ha.d`.
# - [Compare two configurations](../docs/howto/compare.md), such as `auto_failback on` and `off`.
# - [How Heartbeat works](../docs/explanation/heartbeat.md), standby and failback in pictures.
