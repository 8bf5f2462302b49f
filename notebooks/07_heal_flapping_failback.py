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
# A failure is half of the story. The other half begins when somebody plugs the cable in again, and it is the half that
# nobody tests.
#
# **You will learn**
#
# - what happens when two nodes that both serve hear each other again;
# - why the order in which cables are plugged in matters to users;
# - what `auto_failback` costs, and what a node costs that comes and goes;
# - what an operator can do instead.
#
# **Time**: 30 minutes, and ten more for the exercises. You need to have seen
# [split-brain, STONITH, watchdog](05_split_brain.ipynb).

# %%
import os
from pathlib import Path

import hasim
from hasim.experiment import quantiles

QUICK = bool(os.environ.get("HASIM_QUICK"))
FOLDER = Path("../models/webdata")
cluster = hasim.load(FOLDER)

# The same cluster with nothing but an address: a disk would be ruined before it heals.
texts = {name: (FOLDER / name).read_text() for name in ("ha.cf", "authkeys", "site.toml")}
address = hasim.load({**texts, "haresources": "node1 192.168.60.200/24/eth0\n"})


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
# ## The cables are back
#
# node1 is cut off for two minutes. Both nodes serve meanwhile. Then both cables are restored in the same instant.

# %%
CUT = ["60s cut node1:eth0", "60s cut node1:eth1"]
healed = address.run([*CUT, "3m restore node1:eth0", "3m restore node1:eth1"], until="5m")
tell(healed)
ax = healed.plot.timeline("50s", "4m10s", title="Cut off for two minutes")

# %% [markdown]
# The second outage is longer than the first, and it happens *because* everything works again. Each node hears a peer that
# it had declared dead, and that has not been restarted: proof that both have served. There is only one safe way out.
# The log says it, and after it each gives up everything and starts anew:

# %%
print("\n".join(str(healed.why("Cluster node node2 returning after partition")).splitlines()[-3:]))

# %%
first, second = healed.outage
assert first.duration_us < 33_000_000 < 40_000_000 < second.duration_us
assert second.begin > 3 * 60_000_000
assert [v.property for v in healed.violations] == ["at-most-one-vip-holder"]

# %% [markdown]
# **Question.** Why does it take so long to start a service that both nodes had a moment ago?
#
# <details><summary>Answer</summary>
#
# Both daemons restart at once. A stop of resources, a sleep before the new start, the start race of two nodes that have to
# agree on who has what, and ten seconds in which each waits for the other's word: it adds up to three quarters of a minute.
#
# </details>
#
# ## In which order?
#
# Somebody has pulled both cables. Which one do you put back first?

# %%
orders = {
    "both at once": ["3m restore node1:eth0", "3m restore node1:eth1"],
    "crossover first": ["3m restore node1:eth1", "4m restore node1:eth0"],
    "public first": ["3m restore node1:eth0", "4m restore node1:eth1"],
}
away = {}
for name, restored in orders.items():
    run = address.run([*CUT, *restored], until="7m")
    away[name] = run.outage[-1].duration_us / 1e6
    print(f"{name:16} {away[name]:5.1f} s without the service")

# %%
assert away["crossover first"] > away["public first"] + 15

# %% [markdown]
# With the crossover cable alone the nodes find each other, and restart; but node1 cannot reach its ping node, and a starting
# node waits for every node in its table to be heard, ping nodes too. While it waits, the other waits for it. Put the public
# cable back first. (Hundreds of seeds say the same: [heal order](../docs/experiments.md#heal-order).)
#
# ## A node that comes and goes
#
# node1 loses its power three times, for a minute each, ten minutes apart.

# %%
FLAPPING = [f"{minute}m power-off node1 for 60s" for minute in (2, 12, 22)]
flapped = {
    value: cluster.with_(auto_failback=value).run(FLAPPING, until="30m") for value in ("on", "off")
}
for value, run in flapped.items():
    print("auto_failback", value)
    tell(run)
    print()
ax = flapped["on"].plot.timeline(0, "30m", title="auto_failback on: the group travels six times")

# %%
assert len(flapped["on"].outage) == 6
assert len(flapped["off"].outage) == 1

# %% [markdown]
# With `auto_failback on` the group goes home each time, which is an outage of its own, and is then there for the next loss
# of power. With `off` it stays where it is well. One seed is an anecdote:

# %%
table = cluster.sweep(
    auto_failback=["on", "off"],
    faults=FLAPPING,
    seeds=4 if QUICK else 30,
    spread="2s",
    until="30m",
    jobs=1,
)
print(quantiles(table, by="auto_failback", of="down_s").round(1).to_string(index=False))

# %%
down = table.groupby("auto_failback")["down_s"].median()
assert down["on"] > 2.5 * down["off"]

# %% [markdown]
# ## What an operator can do
#
# `auto_failback off` does not mean that the group never goes home: an operator sends it, at an hour of his choosing, and it
# costs users a few seconds that they may have been told of.

# %%
planned = cluster.with_(auto_failback="off").run(
    ["2m power-off node1 for 60s", "15m standby node2 foreign"], until="20m"
)
tell(planned)
assert planned.outage[-1].duration_us < 6_000_000
assert planned.outage[-1].after == "node1"

# %% [markdown]
# ## Try it
#
# How long is node1 cut off, and which cable comes back first? A silence shorter than `deadtime` heals without a trace; one
# of just over it is the worst of all.


# %%
def cut_off(seconds=120, first="both at once"):
    """Draw what follows when node1 is cut off for so long."""
    ends = 60 + seconds
    later = {
        "both at once": (ends, ends),
        "crossover": (ends + 60, ends),
        "public": (ends, ends + 60),
    }
    eth0, eth1 = later[first]
    run = address.run(
        [*CUT, f"{eth0}s restore node1:eth0", f"{eth1}s restore node1:eth1"], until=ends + 150
    )
    return run.plot.timeline(50, ends + 140, title=f"Cut off for {seconds} s; first: {first}")


hasim.plot.interactive(
    cut_off,
    seconds=[10, 25, 29, 31, 35, 60, 120],
    first=["both at once", "crossover", "public"],
)

# %% [markdown]
# ## Exercises
#
# 1. Give the address cluster a STONITH device: `address.with_(stonith_host="* apcmaster pdu")`. Who serves while node1 is cut
#    off, and what happens when its cables are back?
# 2. A cable with a loose contact: `1m cut node1:eth1 for 5s`, again and again. How many of these does it take until users
#    notice?
# 3. Try `auto_failback="legacy"` with the flapping node and several seeds. Look at the violations before you use it.
#
# <details><summary>Hints</summary>
#
# 1. node1 is reset while it is cut off; there is no second server, and no restart of both.
# 2. None: the other cable carries the heartbeats. Cut that one too and look at `late heartbeat` in the log.
# 3. `hasim.experiment.shares` counts them; some runs mount the disk twice.
#
# </details>

# %%
loose = cluster.run([f"{60 + 20 * i}s cut node1:eth1 for 5s" for i in range(6)], until="5m")
tell(loose)
assert not loose.outage

# %% [markdown]
# ## Where to go on
#
# - [Your own cluster](08_your_own_cluster.ipynb).
# - [Experiments](../docs/experiments.md): heal order and flapping, with intervals.
# - [How Heartbeat works](../docs/explanation/heartbeat.md).
