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
# # 1. A first cluster in ten minutes
#
# **You will learn**
#
# - what a Heartbeat cluster of two nodes consists of;
# - how to take the power from a node on paper, and see who takes over, when, and why;
# - where the time of an outage goes, and which part of it you can choose;
# - that a cluster whose nodes no longer hear each other is a danger, not only a nuisance.
#
# **Time**: ten minutes, and ten more for the exercises. **Needed**: nothing but this page. No cluster, no
# virtual machine, no root: [hasim](../README.md) simulates the daemons, the cables, the disks and the power.

# %%
import hasim

cluster = hasim.load("../models/webdata")
cluster

# %% [markdown]
# ## What there is
#
# Two nodes, node1 and node2. The line of `haresources` says what users want: an address, and a file
# system on a disk that both nodes can reach. It is a *resource group*; node1 is to have it, and node2
# takes it if node1 dies.

# %%
print(cluster.haresources["node1"].groups[0].text)

# %%
ax = hasim.plot.topology(cluster)

# %% [markdown]
# Heartbeats go over two networks: `lan`, where the users are, and `cross`, a cable between the nodes.
# node1 and node2 tell each other each `keepalive` that they are there. A node that has been silent for
# `deadtime` is declared *dead*.

# %%
ha_cf = cluster.configs["node1"]
print("keepalive", ha_cf.keepalive / 1e6, "s, deadtime", ha_cf.deadtime / 1e6, "s")
assert (ha_cf.keepalive, ha_cf.deadtime) == (2_000_000, 30_000_000)

# %% [markdown]
# ## The power fails
#
# What goes wrong is written as a line: when, what, where. After five minutes node1 loses its power; we
# look at seven minutes.

# %%
run = cluster.run(["5m power-off node1"], until="7m")
ax = run.plot.timeline("4m50s", "5m40s")

# %% [markdown]
# Read the picture from the top. The rows of a node tell what its daemon *believes* and what its kernel
# *has*. The last row is what a user outside sees: for half a minute, nothing.
#
# The same as the daemons would log it. hasim writes the lines of a real log, in its format; here those of
# the daemon and the kernel of node2, from the moment on in which it gives node1 up:

# %%
for line in run.log("node2"):
    if line > "Nov 26 07:56" and (" heartbeat: " in line or " kernel: " in line):
        print(line)

# %% [markdown]
# node2's clock is 71.5 seconds behind, so 07:56:38 on node2 is 5 minutes and 29 seconds after the start
# at 07:52:21. Clocks of real clusters are like that, too.
#
# ## Where does the time go?

# %%
outage = run.outage[0]
print(outage)
assert outage.before == "node1"
assert outage.after == "node2"

# %%
ax = run.plot.breakdown()

# %% [markdown]
# *Detect* is the wait until node2 believes that node1 is dead. *Decide* is the talk of the daemons, *start*
# the scripts that bring up the address and mount the disk.

# %%
detect_s = outage.breakdown.detect / 1e6
share = outage.breakdown.detect / outage.duration_us
print(f"{detect_s:.1f} s of {outage.duration_us / 1e6:.1f} s are detection: {share:.0%}")
assert share > 0.9
assert 28 <= detect_s <= 30.5  # deadtime, less the age of the last heartbeat, and one wake

# %% [markdown]
# **Question.** `deadtime` is 30 s, yet detection took less than 30 s. Why?
#
# <details><summary>Answer</summary>
#
# node2 counts from the last heartbeat that it heard, not from the failure, which it cannot see. That
# heartbeat was up to `keepalive` (2 s) old when the power failed.
#
# </details>
#
# ## Why?
#
# Every record of a run knows what caused it. Ask with a part of a sentence or of a log line:

# %%
print(run.why("node2 mounts web"))

# %% [markdown]
# ## Pull a cable instead
#
# Heartbeats go over two networks, so that one broken cable is no death.

# %%
run = cluster.run(["5m cut node1:eth1"], until="7m")
print("outages:", len(run.outage), " violations:", len(run.violations))
assert not run.outage
assert not run.violations

# %% [markdown]
# Now both cables at once, for two minutes. **Before you run it:** both nodes live, and neither hears the
# other. What will node2 do? And node1?

# %%
run = cluster.run(["5m isolate node1 for 2m"])
ax = run.plot.timeline("4m40s", "8m")

# %%
for violation in run.violations:
    print(violation)
assert {v.property for v in run.violations} == {"at-most-one-vip-holder", "at-most-one-mounter"}

# %% [markdown]
# Each believed that the other was dead, and each was right to take everything by what it knew. The disk was
# mounted on both nodes at the same time: such a file system is corrupt. This is *split-brain*, and
# [notebook 5](05_split_brain.ipynb) is about it. Every run of hasim is judged by such *properties*; nobody
# has to ask.
#
# ## Try it
#
# Another `deadtime`, another seed (other phases of heartbeats, other times of scripts): move the sliders. Where
# this page has no sliders, the picture is that of 10 s.


# %%
def outage_of(deadtime=10, seed=0):
    """Draw the outage after a loss of power."""
    model = cluster.with_(deadtime=deadtime)
    tried = model.run(["5m power-off node1"], seed=seed, until="8m")
    return tried.plot.breakdown(title=f"deadtime {deadtime} s, seed {seed}")


hasim.plot.interactive(outage_of, deadtime=[5, 10, 20, 30, 60], seed=range(6))

# %% [markdown]
# ## Exercises
#
# 1. Cut the power of node2 instead, `"5m power-off node2"`. How long is the outage?
# 2. Stop the daemon of node1 in an orderly way: `"5m stop node1"`. Why is the outage so much shorter?
# 3. Let node1 come back: `"5m power-off node1 for 1m"`. How many outages do users see, and why is there more than
#    one?
#
# <details><summary>Hints</summary>
#
# 1. `len(run.outage)` is 0: node2 served nothing.
# 2. A daemon that is stopped gives up what it has and says so. Nobody waits for `deadtime`.
# 3. Two. `auto_failback on` brings the group home when node1 is back, and moving it costs a second outage.
#
# </details>

# %%
assert not cluster.run(["5m power-off node2"], until="8m").outage
stopped = cluster.run(["5m stop node1"], until="8m").outage[0]
assert stopped.duration_us < 6_000_000
back = cluster.run(["5m power-off node1 for 1m"], until="12m").outage
assert [(o.before, o.after) for o in back] == [("node1", "node2"), ("node2", "node1")]

# %% [markdown]
# ## Where to go on
#
# - [Reading Heartbeat logs](02_reading_logs.ipynb): what the lines mean, and what they do not say.
# - [The five tests](03_five_tests.ipynb): what everybody tries on a new cluster.
# - [Choosing deadtime and initdead](04_deadtime_initdead.ipynb): short, but not too short.
# - The command line does all this as well: `hasim run models/webdata --fault "5m power-off node1"`, see the
#   [tutorial](../docs/tutorial/first-cluster.md).
