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
# # 4. Choosing deadtime and initdead
#
# Two numbers in `ha.cf` decide most of what users feel. `deadtime`: how long a node may be silent before it is dead.
# `initdead`: the same for a daemon that has just started. Short ones make outages short. Too short ones kill
# the healthy.
#
# **You will learn**
#
# - what an outage consists of when `deadtime` changes, and what it cannot go below;
# - why detection takes a little less than `deadtime`, and how it is distributed;
# - what a short `deadtime` costs: stalls, lost packets, false takeovers;
# - what `initdead` is for, and how long your network needs it to be;
# - how to answer these questions with a sweep, and how the real daemon answered them in a laboratory.
#
# **Time**: 35 minutes, and 15 more for the exercises. You need to have seen
# [the first cluster](01_first_cluster.ipynb).

# %%
import os

import numpy as np

import hasim
from hasim.experiment import (
    detection_closed_form,
    false_takeover_rate,
    first_service,
    laboratory,
    quantiles,
    recorded,
    recorded_points,
    shares,
    stacked,
    texts_of,
)

QUICK = bool(os.environ.get("HASIM_QUICK"))
JOBS = 1 if QUICK else None  # one process for each processor
RECORDED = "../experiments/data/recorded.json"
cluster = hasim.load("../models/webdata")

# %% [markdown]
# ## What a short deadtime gains
#
# A *sweep* runs every point of a grid under many seeds, and returns a table with a row for each run. Here node1 loses
# its power, under five deadtimes and two keepalives. `spread` moves the fault of each run a little, because real faults
# do not keep time with heartbeats.

# %%
rows = cluster.sweep(
    deadtime=[5, 10, 20, 30, 60],
    keepalive=[0.5, 2],
    faults=["60s power-off node1"],
    seeds=3 if QUICK else 30,
    until="125s",
    spread="2s",
    jobs=JOBS,
)
rows[["keepalive", "deadtime", "seed", "outage_s", "detect_s", "decide_s", "start_s"]].head(3)

# %%
ax = hasim.plot.latency(
    rows, against="deadtime", lines="keepalive", title="Outage after a loss of power"
)

# %%
ax = hasim.plot.breakdown(rows[rows["keepalive"] == 2], by="deadtime")

# %% [markdown]
# The outage is `deadtime` and about two seconds of scripts. Nothing in `ha.cf` makes those shorter.

# %% tags=["sized"]
rest = rows["outage_s"] - rows["deadtime"]
print(f"outage less deadtime: {rest.min():.1f} to {rest.max():.1f} s")
assert rest.between(-2, 5).all()
assert (rows["detect_s"] > rows["deadtime"] - rows["keepalive"] - 0.1).all()
assert (rows["detect_s"] < rows["deadtime"] + 1).all()

# %% [markdown]
# **Question.** What does a shorter `keepalive` change in this figure, and why so little?
#
# <details><summary>Answer</summary>
#
# With a keepalive of 2 s the last heartbeat before the failure is between 0 and 2 s old, one second in the mean, and
# detection is that much shorter than `deadtime`; with 0.5 s it is a quarter of that. So a shorter keepalive makes
# detection a little *longer*, and steadier. It is good for something else: more heartbeats must be lost in a row.
#
# </details>
#
# ## How long detection takes
#
# The last heartbeat is up to a keepalive old. `deadtime` later the peer's daemon notices, when it next looks: it
# wakes twice a second at the least. That can be calculated, without any simulation:

# %%
many = cluster.with_(deadtime=10).sweep(
    faults=["60s power-off node1"], seeds=20 if QUICK else 200, until="80s", spread="2s", jobs=JOBS
)
law = detection_closed_form(keepalive=2, deadtime=10)
ax = hasim.plot.detection(many, closed_form=law)

# %%
expected = law.quantile(0.5)
print(f"calculated: {law.quantile(0):.0f} s to {law.quantile(1):.0f} s, median {expected:.2f} s")
assert abs(many["detect_s"].median() - expected) < 0.5
assert many["detect_s"].between(law.quantile(0) - 0.1, law.quantile(1) + 0.1).all()

# %% [markdown]
# ## What the real daemon did
#
# In a laboratory the power of a real node (3.0.6, keepalive 200 ms) was cut under deadtimes from 1 to 10 s, five times
# each. The points are those recordings; the band is what the simulation says of the same configurations.

# %%
lab = laboratory(RECORDED, "19-deadtime", 4 if QUICK else 60)
lab = lab.rename(columns={"served_s": "outage_s"}).assign(open=False)
ax = hasim.plot.latency(
    lab,
    against="deadtime",
    lines=[],
    recorded=recorded_points(RECORDED, "19-deadtime", "deadtime", "outage_s"),
    title="Outage after a loss of power: simulated (bands), recorded (points)",
)

# %%
real = recorded(RECORDED, "19-deadtime")
middle = lab.groupby("deadtime")["outage_s"].median()
off = real["served_s"] - real["deadtime"].map(middle)
print(f"{len(real)} recorded outages")
assert len(real) == 25
assert off.abs().median() < 0.5
assert off.abs().max() < 2.5

# %% [markdown]
# ## What a short deadtime costs: stalls
#
# A machine that swaps, a snapshot of a virtual machine, a backup: node1 stands still for some seconds and
# goes on. It is *not* dead. What does node2 make of it?

# %%
stalls, deadtimes = [2, 4, 8, 16, 24], [5, 10, 20, 30]
print("deadtime " + "".join(f"{f'stall {s} s':>12}" for s in stalls))
verdicts = {}
for deadtime in deadtimes:
    model = cluster.with_(deadtime=deadtime, warntime=deadtime / 2)
    for stall in stalls:
        run = model.run([f"60s hang node1 for {stall}s"], until="3m")
        verdicts[deadtime, stall] = "split-brain" if run.violations else "-"
    print(f"{deadtime:6} s " + "".join(f"{verdicts[deadtime, stall]:>12}" for stall in stalls))
assert verdicts[30, 24] == "-"
assert verdicts[5, 4] == "split-brain"

# %% [markdown]
# **Question.** With a deadtime of 5 s a stall of 4 s is already too long. Why?
#
# <details><summary>Answer</summary>
#
# The silence is longer than the stall: it began with the last heartbeat before it, up to 2 s earlier. A stall is harmless
# only if it is shorter than `deadtime` less `keepalive`. Without STONITH the stalled node then wakes up with its disk
# mounted, beside the one that has taken it.
#
# </details>
#
# So: find the longest stall in your logs (`Late heartbeat: Node node2: interval 7420 ms`), and stay above it with
# a margin.
#
# ## What a short deadtime costs: lost packets
#
# A bad cable, a bad switch: of what node1 sends a part is lost, on both networks. Nothing else is wrong, so every
# takeover is a mistake. (Without `ipfail`, which would move the group for reasons of its own.)

# %%
texts = texts_of(cluster)
lines = [line for line in texts["ha.cf"].splitlines() if not line.startswith("respawn")]
plain = hasim.load({**texts, "ha.cf": "\n".join(lines)}).with_(warntime=2)
lossy = plain.sweep(
    deadtime=[5, 10, 20],
    keepalive=[1, 2],
    faults={
        f"{p}": [f"60s lose {p}% node1:{nic} out" for nic in ("eth0", "eth1")] for p in (30, 50, 70)
    },
    seeds=2 if QUICK else 12,
    until="6m",
    spread="2s",
    jobs=JOBS,
)
lossy = lossy.rename(columns={"fault": "loss"}).astype({"loss": float})

# %%
ax = shares(
    lossy[lossy["keepalive"] == 2],
    against="loss",
    of="false_takeovers",
    lines="deadtime",
    title="Share of runs of five minutes with a false takeover (keepalive 2 s), against the loss in %",
)

# %% tags=["sized"]
false_takeover_rate(lossy, ["loss", "keepalive", "deadtime"]).query("loss > 40")

# %%
mean = lossy.groupby(["loss", "keepalive", "deadtime"])["false_takeovers"].mean()
assert mean[30.0].max() < mean[70.0].max()
assert mean[70.0, 2, 5] > mean[70.0, 2, 20]
assert mean[70.0, 2, 5] > mean[70.0, 1, 5]

# %% [markdown]
# For a death all heartbeats of a whole `deadtime` must be lost, on both cables. With a loss of *p* on each that is about
# p^(2 x deadtime / keepalive) for each heartbeat: the exponent is what you choose. Half the keepalive does as much as
# twice the deadtime, and costs users next to nothing. For a loss of 70 %:

# %%
for keepalive, deadtime in ((2, 5), (1, 5), (2, 20)):
    print(
        f"keepalive {keepalive} s, deadtime {deadtime:2} s: {0.7 ** (2 * deadtime / keepalive):.4f}"
    )

# %% [markdown]
# ## initdead: the silence of the morning
#
# A daemon that has just started does not know whether its peer is dead or the network is not up yet. It waits `initdead`.
# A node that starts *alone* pays for that, two that start together do not:

# %%
base = cluster.with_(deadtime=10, keepalive=1)
starts = {"node1 alone": {"node1": 0}, "both nodes": {"node1": 0, "node2": 0}}
tables = {
    name: base.sweep(
        initdead=[20, 40, 60, 120],
        start=start,
        seeds=2 if QUICK else 20,
        until="140s",
        spread="1s",
        also=first_service,
        jobs=JOBS,
    )
    for name, start in starts.items()
}
service = stacked(tables, "start")
ax = hasim.plot.latency(
    service,
    against="initdead",
    lines="start",
    of="service_s",
    title="From the start of the daemon to the service",
)

# %%
middle = service.groupby(["start", "initdead"])["service_s"].median()
assert np.allclose(middle["node1 alone"] - middle["node1 alone"].index, 4, atol=4)
assert middle["both nodes"].max() < 25

# %% [markdown]
# And the real daemon, started alone in the laboratory:

# %%
lab = laboratory(RECORDED, "20-initdead-[0-9]", 4 if QUICK else 60)
lab = lab.rename(columns={"served_s": "service_s"})
ax = hasim.plot.latency(
    lab,
    against="initdead",
    lines=[],
    of="service_s",
    recorded=recorded_points(RECORDED, "20-initdead-[0-9]", "initdead", "service_s"),
    title="From the start to the service, alone: simulated (bands), recorded (points)",
)

# %% [markdown]
# Why not a short one, then? After a power cut everything starts at once, and the switch is slower than the nodes:
# with spanning tree a port is silent for 45 seconds.

# %%
for initdead in (20, 30, 60, 120):
    run = base.with_(initdead=initdead).run(["0s isolate node1 for 45s"], until="4m")
    print(f"initdead {initdead:3} s: {'split-brain' if run.violations else 'well'}")
    assert bool(run.violations) == (initdead < 45)

# %% [markdown]
# **Question.** In these runs the network is away for the first 45 seconds. Would a longer `deadtime` help?
#
# <details><summary>Answer</summary>
#
# No. A node that was never heard is judged by `initdead` alone. That is the reason for two numbers: in the
# morning you can afford to wait.
#
# </details>
#
# ## Advice before any run
#
# `lint` knows the rules of thumb, and says where a configuration leaves them:

# %%
for finding in cluster.with_(deadtime=5, initdead=8).lint():
    if "dead" in finding.rule:
        print(finding)

# %% [markdown]
# ## Try it
#
# How long may node1 stand still? (Without sliders: a deadtime of 10 s, and a stall of 12 s.)


# %%
def stalled(deadtime=10, stall=12, seed=0):
    """Draw what a stall of node1 leads to."""
    model = cluster.with_(deadtime=deadtime, warntime=deadtime / 2)
    run = model.run([f"60s hang node1 for {stall}s"], seed=seed, until="2m30s")
    title = f"node1 stands still for {stall} s, deadtime {deadtime} s, seed {seed}"
    return run.plot.timeline("55s", "2m", title=title)


hasim.plot.interactive(
    stalled, deadtime=[5, 10, 15, 20, 30], stall=[2, 4, 6, 8, 10, 12, 16, 24], seed=range(6)
)

# %% [markdown]
# ## Exercises
#
# 1. Your longest stall was 7.4 s, your switch needs 50 s after a power cut, and users bear 20 s of outage. Choose
#    `keepalive`, `deadtime`, `warntime` and `initdead`, and show by runs that your choice holds.
# 2. Repeat the table of stalls with a STONITH device (`stonith_host="* apcmaster pdu"`). What stands in the place of
#    split-brain? Is it harmless?
# 3. How much does the *median* outage tell a user? Compare the 5 % and 95 % quantiles: `quantiles(rows, ["keepalive",
#    "deadtime"])`.
#
# <details><summary>Hints</summary>
#
# 1. For example keepalive 1, deadtime 12, warntime 6, initdead 70.
# 2. node1 is reset: no disk is mounted twice, but a healthy node loses its power, and users the service for some
#    seconds.
# 3. With a keepalive of 2 s they are about two seconds apart. Scripts and phases, not `deadtime`, make the
#    difference between two outages.
#
# </details>

# %%
choice = cluster.with_(keepalive=1, deadtime=12, warntime=6, initdead=70)
assert not choice.run(
    ["0s isolate node1 for 50s", "3m hang node1 for 7400ms"], until="5m"
).violations
assert choice.run(["60s power-off node1"], until="2m").outage[0].duration_us < 20e6
safe = cluster.with_(deadtime=5, warntime=2.5, stonith_host="* apcmaster pdu")
reset = safe.run(["60s hang node1 for 8s"], until="3m")
assert not reset.violations
assert reset.outage
width = quantiles(rows, ["keepalive", "deadtime"]).eval("q95 - q05")
assert width.max() < 4

# %% [markdown]
# ## Where to go on
#
# - [Split-brain, STONITH, watchdog](05_split_brain.ipynb): what happens when the healthy are declared dead.
# - [Choose deadtime](../docs/howto/deadtime.md) and [sweep settings and seeds](../docs/howto/sweep.md) on the
#   command line.
# - [The rules of lint](../docs/lint.md), with their sources.
