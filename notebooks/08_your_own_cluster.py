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
# Bring your `/etc/ha.d`. Three files are enough: `ha.cf`, `haresources`, `authkeys`. Nothing is changed, nothing is sent
# anywhere, no daemon is started.
#
# **You will learn**
#
# - how to load a configuration, and what is assumed where it says nothing of the hardware;
# - what the daemon itself would refuse, and what an experienced colleague would say;
# - how to describe your hardware, so that faults hit what you really have;
# - how to ask the three questions that matter, and how to show the answers to somebody else.
#
# **Time**: 30 minutes, and as long as you like with your own files.

# %%
import os
import tempfile
from pathlib import Path

import hasim

QUICK = bool(os.environ.get("HASIM_QUICK"))
place = tempfile.TemporaryDirectory()
folder = Path(place.name) / "ha.d"
folder.mkdir()

(folder / "ha.cf").write_text("""\
keepalive 1
deadtime 10
warntime 5
initdead 20
udpport 694
bcast eth1
auto_failback on
node alpha beta
ping 10.1.0.254
respawn hacluster /usr/lib/heartbeat/ipfail
""")
(folder / "haresources").write_text(
    "alpha 10.1.0.100/24/eth0 Filesystem::/dev/drbd0::/srv::ext3 mysql\n"
)
(folder / "authkeys").write_text("auth 1\n1 sha1 not-so-secret\n")
(folder / "authkeys").chmod(0o600)

# %% [markdown]
# This folder stands for yours. With your own files the next cell is `cluster = hasim.load("/etc/ha.d")`, and the rest of
# the notebook stays as it is, but for the names of nodes.

# %%
cluster = hasim.load(folder, dialect="3.0.6")
print(cluster.nodes, cluster.dialect)
for sentence in cluster.assumed[:6]:
    print("assumed:", sentence)
print(f"... and {len(cluster.assumed) - 6} more")

# %% [markdown]
# Where the daemon would refuse a configuration, so does `load`, with its words, the file and the line:

# %%
try:
    cluster.with_(deadtime="2")
except hasim.ConfigError as refused:
    print(str(refused).replace(str(folder), "ha.d"))

# %% [markdown]
# ## What would a colleague say?
#
# The rules of `hasim lint` are the daemon's own checks and advice, each with its reason and source
# ([all of them](../docs/lint.md)).

# %%
findings = cluster.lint()
for finding in findings:
    if finding.severity != "advice":
        print(str(finding).replace(str(folder), "ha.d").split("\n")[0])

# %%
rules = {finding.rule for finding in findings}
assert {"one-medium", "drbd-without-fencing"} <= rules

# %% [markdown]
# **Question.** One of the findings concerns the heartbeat. Which, and which fault does it make dangerous?
#
# <details><summary>Answer</summary>
#
# There is one medium only: `bcast eth1`. One cable, one port, one card that fails, and both nodes are alone.
#
# </details>
#
# ## Your hardware
#
# Without a `site.toml` every medium is its own cable or switch, every ping node lies behind the card that reaches it, and
# power feeds are separate. `hasim init /etc/ha.d > site.toml` writes these guesses down, each as a comment; edit them, put
# the file beside `ha.cf`, and the faults hit what you have. The picture shows what hasim believes:

# %%
ax = cluster.topology.plot()

# %%
for sentence in cluster.single_points():
    print(sentence)

# %% [markdown]
# ## Three questions
#
# **1. A node loses its power. How long are users without the service?**

# %%
power = cluster.run(["5m power-off alpha"], until="6m")
print(power.outage[0])
ax = power.plot.breakdown()
assert power.outage[0].after == "beta"
assert 8_000_000 < power.outage[0].duration_us < 20_000_000

# %% [markdown]
# **2. The heartbeat cable fails. Is the data safe?**

# %%
cable = cluster.run(["5m cut alpha:eth1"], until="6m")
for violation in cable.violations:
    print(violation)
ax = cable.plot.timeline("4m50s", "5m40s", title="One cable, two masters")
assert "at-most-one-mounter" in {violation.property for violation in cable.violations}

# %% [markdown]
# **3. Would a second medium have helped?** The configuration is edited in memory; the folder stays as it is.

# %%
texts = {name: (folder / name).read_text() for name in ("ha.cf", "haresources", "authkeys")}
better = hasim.load(
    {**texts, "ha.cf": texts["ha.cf"].replace("bcast eth1\n", "bcast eth1\nbcast eth0\n")},
    dialect="3.0.6",
)
print(better.run(["5m cut alpha:eth1"], until="6m").violations or "nothing is violated")
assert not better.run(["5m cut alpha:eth1"], until="6m").violations

# %% [markdown]
# And what is left? The search looks for schedules of faults that still break it, and finds that no number of cables
# replaces a STONITH device:

# %%
hits = better.check(
    examples=8 if QUICK else 40, properties=["at-most-one-mounter"], families=["process"], jobs=1
)
print(hits.statement())
for found in hits.found:
    print([str(fault) for fault in found.faults])
assert not hits.ok

# %% [markdown]
# ## Choose deadtime
#
# A sweep runs every value under many seeds; the same seeds at each value, so that differences are no chance of the draws.

# %%
table = better.sweep(
    deadtime=[5, 10, 20],
    warntime=[2.5],
    faults=["60s power-off alpha"],
    seeds=4 if QUICK else 20,
    spread="1s",
    jobs=1,
)
ax = hasim.plot.latency(table, against="deadtime")

# %% [markdown]
# ## Show it to somebody
#
# A report is one HTML file: verdict, timeline with the log in step, where the time went, configuration. It can be mailed.
# Keys of `authkeys` are not in it.

# %%
page = cable.report(Path(place.name) / "report")
text = page.read_text()
print(
    page.name,
    "has a timeline:",
    "Timeline and log" in text,
    "and no key:",
    "not-so-secret" not in text,
)
assert "not-so-secret" not in text

# %% [markdown]
# ## Try it
#
# Any fault line, any instant; `hasim run /etc/ha.d --fault help` lists the verbs.


# %%
def what_if(fault="cut alpha:eth1", deadtime=10, media="one"):
    """Draw what a fault at five minutes does."""
    model = (cluster if media == "one" else better).with_(deadtime=deadtime)
    return model.run([f"5m {fault}"], until="6m30s").plot.timeline(
        "4m50s", "6m", title=f"5m {fault}"
    )


hasim.plot.interactive(
    what_if,
    fault=[
        "cut alpha:eth1",
        "cut alpha:eth0",
        "power-off alpha",
        "kill alpha all",
        "hang alpha for 30s",
    ],
    deadtime=[5, 10, 15],
    media=["one", "two"],
)

# %% [markdown]
# ## Exercises
#
# 1. Load your own folder. What does `lint` say, and do you agree?
# 2. Write a `site.toml` with your switches and power feeds, load again, and look at `single_points()`.
# 3. Write the sentence that your cluster must never violate as a function of a run, and give it to `cluster.check`
#    ([how](../docs/search.md)).
# 4. Read the log of your last incident: `hasim.read_logs("ha-log.node1", "ha-log.node2").summary()`
#    ([how](../docs/reading.md)).
#
# ## Where to go on
#
# - [How to write a site.toml](../docs/howto/site-toml.md), and the other how-to guides.
# - [What is not simulated](../docs/limits.md): read it before you trust an answer.

# %%
place.cleanup()
