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
# # 5. Split-brain, STONITH, watchdog
#
# A node cannot tell a dead peer from one that it does not hear. Whoever takes over on silence alone will one day take from
# the living.
#
# **You will learn**
#
# - how split-brain arises, step by step: belief against truth;
# - what more cables do against it, and what they do not;
# - what a STONITH device does, where it belongs, and how it fails;
# - why two nodes may shoot each other for hours, and how to stop that;
# - what a watchdog protects from, and by how little it can be too late.
#
# **Time**: 35 minutes, and ten more for the exercises. You need to have seen
# [the five tests](03_five_tests.ipynb).

# %%
import os

import hasim
from hasim.experiment import shares, stacked, texts_of

QUICK = bool(os.environ.get("HASIM_QUICK"))
cluster = hasim.load("../models/webdata")


def tell(run):
    """Print what users see, and what was violated."""
    for outage in run.outage:
        after = "nobody, to the end" if outage.open else outage.after
        print(
            f"outage {outage.duration_us / 1e6:6.1f} s, {outage.before} -> {after}: {outage.reason}"
        )
    if not run.outage:
        print("no outage")
    for violation in run.violations:
        print("violated:", violation)


# %% [markdown]
# ## Split-brain
#
# Both cables that carry heartbeats are cut; both nodes live.

# %%
split = cluster.run(["60s isolate node1"], until="2m30s")
tell(split)
ax = split.plot.timeline("50s", "1m45s", title="Both nodes live, and neither hears the other")

# %%
for node in ("node1", "node2"):
    view, other = getattr(split.at("2m"), node), "node2" if node == "node1" else "node1"
    print(f"{node} believes that {other} is {view.peers[other].status}, and has {view.mounts}")
assert split.at("2m").node1.peers["node2"].status == "dead"
assert split.at("2m").node1.mounts == split.at("2m").node2.mounts == ("/webdata",)

# %% [markdown]
# Nobody made a mistake. Each daemon followed its rule, and the rule "silence is death" is wrong. Two kernels
# write to one file system, each with a cache of its own. From the first write on it is corrupt.
#
# ## First remedy: more ways to hear
#
# The rarer the silence of the living, the better. With heartbeats on one cable one plug is enough:

# %%
texts = texts_of(cluster)
solo = hasim.load({**texts, "ha.cf": texts["ha.cf"].replace("bcast eth0\n", "")})
assert solo.run(["60s cut node1:eth1"], until="2m30s").violations
assert not cluster.run(["60s cut node1:eth1"], until="2m30s").violations
for finding in solo.lint():
    if finding.rule == "one-medium":
        print(finding)

# %% [markdown]
# A second way that shares no switch, no power and no kernel module with the first makes it rare. It never makes it
# impossible: a kernel that hangs is silent on every cable.
#
# ## Second remedy: make it true
#
# *Shoot The Other Node In The Head.* If the peer is not dead, a switch in its power cord makes it so, and only when the
# switch says "done" is anything taken.

# %%
fenced = cluster.with_(stonith_host="* apcmaster pdu")
ax = hasim.plot.topology(fenced)

# %%
shot = fenced.run(["60s isolate node1"], until="2m30s")
tell(shot)
print(*str(shot.why("node2 mounts web")).splitlines()[:11], sep="\n")
assert not shot.violations
assert shot.outage[0].breakdown.fence > 5_000_000

# %%
ax = shot.plot.timeline("50s", "2m30s", title="The same with a power switch")

# %% [markdown]
# **Question.** The switch hangs on the public network. node1 has lost that network, too. Good or bad?
#
# <details><summary>Answer</summary>
#
# Good: the node that users can no longer reach cannot shoot, the other one can. It would be bad if heartbeats went only
# over that network: then its failure would both cause the silence and prevent the shot, and nobody would serve.
#
# </details>
#
# ## When both can shoot
#
# Now heartbeats on the crossover cable alone, and that cable is cut. Both nodes reach the switch, both believe the
# other dead. We look at twenty minutes.

# %%
duel = solo.with_(stonith_host="* apcmaster pdu").run(["60s cut node1:eth1"], until="20m")
log = duel.table("log")
for at, node, text in zip(log["at_s"], log["node"], log["text"], strict=True):
    if "Resetting node" in text or "now reset" in text:
        print(f"{at:7.1f} s  {node}: {text}")
tell(duel)

# %%
shots = log["text"].str.contains("Resetting node").sum()
assert shots >= 6
assert not duel.violations
assert len(duel.outage) >= 3

# %% [markdown]
# In the first seconds *both* shots are fired and both nodes go down; minutes without service follow. Then it goes on: the
# node that was shot boots, waits `initdead`, hears nobody, and shoots the one that serves. That is a *STONITH
# deathmatch*. The disk is safe all the time; the service is not.
#
# **Question.** What stops it?
#
# <details><summary>Answer</summary>
#
# Not to start heartbeat at boot (`heartbeat = "manual"` in `site.toml`, `chkconfig heartbeat off` in life): a node
# that was shot stays down until somebody has looked. Or a second medium, which makes the duel unlikely at all.
#
# </details>

# %%
ax = duel.plot.timeline("50s", "20m", title="A deathmatch: heartbeats on one cable, which is cut")

# %% [markdown]
# ## A device that fails
#
# The switch itself may have no power, hang, or lie. **Before you run it:** what should node2 do when it cannot be
# sure that node1 is dead?

# %%
print("the switch has no power:")
stuck = fenced.run(["30s power-off stonith pdu", "60s power-off node1"], until="6m")
tell(stuck)
print("the switch says 'done' and does nothing:")
liar = fenced.run(["30s stonith pdu lie", "60s kill node1 all"], until="6m")
tell(liar)

# %%
assert stuck.outage[0].open
assert not stuck.violations
assert {"no-write-by-fenced-node", "at-most-one-mounter"} <= {v.property for v in liar.violations}

# %% [markdown]
# Without an answer node2 tries again and again, and takes nothing: safe, and no service until a human comes.
# A device that lies is worse than none, for everybody trusts it. Test yours by pulling *its* plug as well.
#
# ## The watchdog
#
# A watchdog is a clock in the node itself: whoever does not feed it in time is rebooted by the kernel. It needs no network
# and no device. Heartbeat feeds it, so it acts when heartbeat is killed or hangs. Will it be in time?

# %%
CONFIGURATIONS = {
    "nothing": {},
    "watchdog": {"watchdog": "/dev/watchdog"},
    "watchdog, tuned": {
        "watchdog": "/dev/watchdog",
        "keepalive": "200ms",
        "deadtime": "29990ms",
    },
    "STONITH": {"stonith_host": "* apcmaster pdu"},
}
FAULTS = {
    "power off": ["60s power-off node1"],
    "kill -9": ["60s kill node1 all"],
    "hang of 50 s": ["60s hang node1 for 50s"],
    "all cables": ["60s isolate node1"],
}
tables = {
    name: cluster.with_(**change).sweep(
        faults=FAULTS,
        seeds=4 if QUICK else 30,
        until="2m30s",
        spread="2s",
        jobs=1 if QUICK else None,
    )
    for name, change in CONFIGURATIONS.items()
}
rows = stacked(tables)
rows["twice"] = rows["violated"].str.contains("at-most-one-mounter")
rows["address twice"] = rows["violated"].str.contains("at-most-one-vip-holder")

# %% tags=["sized"]
share = rows.pivot_table(index="configuration", columns="fault", values="twice", sort=False)
share.map("{:.0%}".format)

# %%
ax = shares(
    rows[rows["fault"] == "kill -9"],
    against="configuration",
    of=["twice", "address twice"],
    names=["both mount the disk", "both have the address"],
    title="After kill -9 of heartbeat on the node that serves",
)

# %%
sure = (
    rows.groupby(["configuration", "fault"], sort=False)["twice"].agg(["min", "max"]).astype(bool)
)
assert not rows[rows["fault"] == "power off"]["twice"].any()
assert not rows[rows["configuration"] == "STONITH"]["twice"].any()
assert sure.loc["nothing"].drop("power off")["min"].all()
assert not rows.query("configuration == 'watchdog, tuned' and fault == 'kill -9'")["twice"].any()
assert not rows.query("configuration == 'watchdog' and fault == 'hang of 50 s'")["twice"].any()
assert rows.query("configuration == 'watchdog' and fault == 'kill -9'")["address twice"].any()
assert rows.query("configuration == 'watchdog' and fault == 'all cables'")["twice"].all()

# %% [markdown]
# - A loss of power needs no protection: the dead do not write.
# - After `kill -9` a watchdog *alone* is in a race. Its time is `deadtime` rounded up to whole seconds and runs from the
#   kill; the peer's runs from the last heartbeat, which was earlier. It loses some of the time.
# - Tuned (a deadtime just below a whole second, a short keepalive) it wins.
# - Against cut cables it does nothing: both daemons are well and feed it.
# - STONITH covers all four.
#
# **Question.** Is a watchdog useless, then, where there is STONITH?
#
# <details><summary>Answer</summary>
#
# No. Where the STONITH device fails, node2 takes nothing until a human comes; a node that hangs is at least
# rebooted by its own watchdog, and comes back by itself. They fail for different reasons, so have both.
#
# </details>
#
# ## Try it
#
# (Without sliders: a kill with a watchdog alone, seed 3.)


# %%
def protected(configuration="watchdog", fault="kill -9", seed=3):
    """Draw what a fault does to a configuration."""
    run = cluster.with_(**CONFIGURATIONS[configuration]).run(
        FAULTS[fault], seed=seed, until="2m30s"
    )
    title = f"{fault}, {configuration}, seed {seed}"
    return run.plot.timeline("55s", "1m50s", title=title)


hasim.plot.interactive(protected, configuration=CONFIGURATIONS, fault=FAULTS, seed=range(10))

# %% [markdown]
# ## Exercises
#
# 1. Give the cluster both a watchdog and a STONITH device, and hang node1 for 50 s. Which of the two acts first? Ask
#    `run.why("node1 loses power")`, and look for `Resetting node` and `SOFTDOG` in the log.
# 2. Stop the deathmatch: in the texts of the model put `heartbeat = "manual"` into both `[node...]` tables of `site.toml`,
#    and run it with `start={"node1": 0, "node2": 0}`. How many shots, and what do users have?
# 3. Let the switch fail for two minutes only: `"30s stonith pdu fail for 2m", "60s power-off node1"`. How long is
#    the outage, and what determines it?
#
# <details><summary>Hints</summary>
#
# 1. node2 asks for the reset first. But the switch needs seconds, and meanwhile the watchdog has rebooted node1.
# 2. One salvo: both nodes boot, and stay without heartbeat until somebody starts it. No service either; but the one who
#    looks after it finds out at once, and not after an hour of short outages.
# 3. Until the device works again and the next try succeeds: node2 repeats the request.
#
# </details>

# %%
both = cluster.with_(stonith_host="* apcmaster pdu", watchdog="/dev/watchdog")
hung = both.run(["60s hang node1 for 50s"], until="3m").table("log").set_index("text")["at_s"]
asked = hung.filter(like="Resetting node node1").iloc[0]
rebooted = hung.filter(like="SOFTDOG: Initiating system reboot").iloc[0]
done = hung.filter(like="node node1 now reset").iloc[0]
assert asked < rebooted < done

# %%
by_hand = texts_of(solo)
by_hand["site.toml"] = (
    by_hand["site.toml"]
    .replace('heartbeat = "on-boot"', 'heartbeat = "manual"')
    .replace("[node.node2]\n", '[node.node2]\nheartbeat = "manual"\n')
)
calm = hasim.load(by_hand).with_(stonith_host="* apcmaster pdu")
calm = calm.run(["60s cut node1:eth1"], until="20m", start={"node1": 0, "node2": 0})
assert calm.table("log")["text"].str.contains("Resetting node").sum() == 2
assert calm.outage[0].open

# %%
again = fenced.run(["30s stonith pdu fail for 2m", "60s power-off node1"], until="6m")
assert not again.outage[0].open
assert 60e6 < again.outage[0].breakdown.fence < 100e6
print(again.outage[0])

# %% [markdown]
# ## Where to go on
#
# - [Property-based safety checks](06_property_tests.ipynb): let the machine look for what you did not think of.
# - [Heal, flapping and failback](07_heal_flapping_failback.ipynb): what happens when the cables are back.
# - [How hasim models STONITH and the watchdog](../docs/explanation/model.md), and the [limits](../docs/limits.md).
