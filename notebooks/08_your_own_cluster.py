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
# # 8. Your own cluster
#
# Bring your `/etc/ha.d`. hasim reads `ha.cf`, `haresources` and `authkeys` as the daemon does, guesses the hardware, and tells
# every guess. If you have none at hand, this page writes one.
#
# **You will learn**
#
# - to load a bare folder, and what hasim assumes about it;
# - to read the findings of `lint`, and to fix what they are about;
# - to turn the guesses into a `site.toml` of your own;
# - to try the faults that you fear, and to compare before and after;
# - to keep a run as a report that you can hand on.
#
# **Time**: 25 minutes, and as long as you like for your own. You need to have seen
# [the first cluster](01_first_cluster.ipynb).

# %%
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import hasim

# %% [markdown]
# ## The folder
#
# Put the path of your folder here, or leave it empty. Nothing is ever written into it; the page works on a copy in a
# temporary folder. The key in `authkeys` may be any other one: what counts is that all nodes have the same.

# %%
MINE = ""  # "/etc/ha.d"

EXAMPLE = {
    "ha.cf": """\
logfacility local0
keepalive 1
deadtime 10
warntime 5
initdead 60
bcast eth1
auto_failback off
node alpha
node beta
ping 10.0.0.254
respawn hacluster /usr/lib/heartbeat/ipfail
""",
    "haresources": "alpha 10.0.0.50/24/eth0 Filesystem::/dev/sdb1::/srv::ext3 apache2\n",
    "authkeys": "auth 1\n1 sha1 choose-a-better-one\n",
}
os.chdir(tempfile.mkdtemp())
folder = Path("ha.d")
folder.mkdir()
for name in EXAMPLE:
    text = (Path(MINE) / name).read_text() if MINE else EXAMPLE[name]
    (folder / name).write_text(text)
    (folder / name).chmod(0o644)

# %% [markdown]
# ## Load
#
# The first attempt fails, and it would in life. All problems are told at once, in the words of the daemon, with what to do:

# %%
try:
    hasim.load(folder)
except hasim.ConfigError as problems:
    print(problems)
else:
    raise AssertionError("the daemon would have refused this")

# %%
(folder / "authkeys").chmod(0o600)
model = hasim.load(folder)
model

# %% [markdown]
# ## What is assumed
#
# The three files say nothing about cables, switches, power and scripts:

# %%
for guess in model.assumed:
    print("-", guess)
assert len(model.assumed) > 10

# %%
ax = hasim.plot.topology(model)

# %% [markdown]
# **Question.** Which of these guesses would you check first in your machine room?
#
# <details><summary>Answer</summary>
#
# What two things share: that eth0 and eth1 of a node use no common switch, that the nodes hang on different outlets, and that
# the disk has a path of its own. A wrong guess there hides a single point of failure. That a script takes two seconds or
# three changes an outage by a second.
#
# </details>
#
# ## Lint

# %%
for finding in model.lint():
    print(finding)
rules = {finding.rule for finding in model.lint()}

# %% [markdown]
# Two of them are grave. Is it true? Ask the simulation. First a loss of power, then a cable:

# %%
run = model.run([f"2m power-off {model.nodes[0]}"])
print(run.outage)
ax = run.plot.breakdown(title="The first node loses its power")

# %%
CABLES = [f"2m cut {model.nodes[0]}:eth1 for 1m"] if not MINE else [f"2m isolate {model.nodes[0]}"]
before = model.run(CABLES)
for violation in before.violations:
    print(violation)
if not MINE:
    assert {"one-medium", "shared-disk-without-stonith"} <= rules
    assert {v.property for v in before.violations} == {
        "at-most-one-vip-holder",
        "at-most-one-mounter",
    }

# %% [markdown]
# One plug, and the disk is gone. That is what `one-medium` and `shared-disk-without-stonith` are about.
#
# ## Fix it
#
# Heartbeats over both networks. In `ha.cf`, and here as an edit of the copy:

# %%
ha_cf = folder / "ha.cf"
ha_cf.write_text(ha_cf.read_text().replace("bcast eth1\n", "bcast eth1 eth0\n"))
wider = hasim.load(folder)
after = wider.run(CABLES)
print("before:", len(before.violations), "violations; after:", len(after.violations))
print("still found:", ", ".join(sorted({finding.rule for finding in wider.lint()})))
if not MINE:
    assert not after.violations
    assert not after.outage

# %% [markdown]
# **Question.** The lint still complains of the disk. Which fault breaks it now?
#
# <details><summary>Answer</summary>
#
# One that silences a living node on both cables: a hang longer than `deadtime`, `kill -9`, a switch that both share. The next
# cell lets the machine find one.
#
# </details>

# %%
hits = wider.check(examples=30, properties=["at-most-one-mounter"], jobs=1)
print(hits.smallest)
if not MINE:
    assert not hits.ok

# %% [markdown]
# ## From guesses to a site
#
# A STONITH device is hardware, so it has to stand in a `site.toml`. `hasim init` writes the guesses down to begin with:

# %%
INIT = [sys.executable, "-m", "hasim", "init", str(folder)]
site = subprocess.run(INIT, capture_output=True, text=True, check=True).stdout
print(*site.splitlines()[:24], "...", sep="\n")

# %% [markdown]
# Go through it line by line with somebody who knows the machine room, and delete each comment that you have checked. Here we add
# a power switch, and a line to `ha.cf` that uses it:

# %%
one, two = model.nodes[:2]
site += f"""
[stonith.pdu]
kind = "apcmaster"
on = "{next(iter(model.site.switches))}"
plugs = {{ {one} = "outlet1", {two} = "outlet2" }}
off = "3s"
reboot = "8s"
"""
(folder / "site.toml").write_text(site)
ha_cf.write_text(ha_cf.read_text() + "stonith_host * apcmaster pdu\n")
fenced = hasim.load(folder)
print(fenced)
assert not fenced.assumed

# %%
for finding in fenced.lint():
    print(finding)

# %% [markdown]
# With a site, the rules about hardware are judged as well. And what the search had found?

# %%
worst = hits.smallest.scenario.faults if hits.smallest else CABLES
again = fenced.run(worst)
print("; ".join(str(fault) for fault in worst), "->", again.outage or "no outage")
assert not again.violations

# %% [markdown]
# ## A report to hand on
#
# One HTML file with everything: log, timeline, outages, provenance, and the command that repeats it. Keys of `authkeys` are not in
# it.

# %%
page = again.report("report")
print(page, "and", *sorted(path.name for path in page.parent.iterdir() if path != page))
text = page.read_text()
assert "choose-a-better-one" not in text
assert text.lower().startswith("<!doctype html>")

# %%
print(again.python())

# %% [markdown]
# ## Try it
#
# Your cluster, your faults. (Without sliders: a hang of the first node, in the cluster with STONITH.)

# %%
VERSIONS = {"as it was": model, "two media": wider, "STONITH": fenced}
FAULTS = [
    f"2m power-off {one}",
    f"2m hang {one} for 40s",
    f"2m kill {one} all",
    f"2m isolate {one} for 40s",
    f"2m stop {one}",
]


def mine(version="STONITH", fault=FAULTS[1], seed=0):
    """Draw what a fault does to a version of the cluster."""
    run = VERSIONS[version].run([fault], seed=seed, until="4m")
    return run.plot.timeline("1m50s", "3m30s", title=f"{version}: {fault}, seed {seed}")


hasim.plot.interactive(mine, version=VERSIONS, fault=FAULTS, seed=range(5))

# %% [markdown]
# ## Exercises
#
# 1. Put the path of a real folder into `MINE` and run the page again. Which finding surprises you?
# 2. Give both nodes one outlet: in `site.toml` let alpha and beta have `power = "outlet1"`. What does lint say, what the load,
#    what a loss of that outlet?
# 3. Write a scenario file for the fault that you fear most: `again.scenario_text()` shows how it looks. Put it into
#    `ha.d/scenarios/`, and run it by name.
#
# <details><summary>Hints</summary>
#
# 2. The plugs of the power switch no longer fit: a plug must belong to the node that it names.
# 3. `hasim.load("ha.d").run(scenario="feared")`, for a file `feared.toml`.
#
# </details>

# %%
(folder / "scenarios").mkdir()
(folder / "scenarios" / "feared.toml").write_text(again.scenario_text())
feared = hasim.load(folder).run(scenario="feared")
assert feared.ok
assert feared.trace.records == again.trace.records

# %% [markdown]
# ## Where to go on
#
# - [Write a site.toml](../docs/howto/site-toml.md) and [lint before every commit](../docs/howto/lint-pre-commit.md).
# - [Model hardware of your own](../docs/howto/hardware.md).
# - [Files, fault lines, command line](../docs/formats.md): the reference.
