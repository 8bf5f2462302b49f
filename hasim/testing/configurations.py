"""Configurations for Hypothesis: one cluster, set up as administrators set theirs up."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cached_property

from hypothesis import strategies as st

from hasim.errors import ConfigError, HasimError, nearest
from hasim.folder.sources import FileText
from hasim.model import Model
from hasim.model.model import model_of
from hasim.testing.field import DEADPINGS, FAILBACKS, METHODS, SETTINGS, TIMES, weighted
from hasim.testing.plans import Plan, authkeys_of, model_from, told
from hasim.units import micros

__all__ = ["VARIED", "configurations"]

#: What may differ from configuration to configuration: directives, and the method of ``authkeys``.
VARIED = (*TIMES, "auto_failback", "deadping", "auth")

_Directives = tuple[tuple[str, str], ...]


def configurations(
    base: Model | None = None,
    *,
    vary: str | Iterable[str] | None = None,
    warnings: bool = False,
) -> st.SearchStrategy[Model]:
    """Return a strategy for models that differ in their configuration, on the same hardware.

    Times and the method of ``authkeys`` come as often as they were counted in real files
    (:mod:`hasim.testing.field`). The daemon accepts every one of them. It shrinks to the most usual
    values.

    Parameters
    ----------
    base : Model, optional
        The cluster; if not given the plainest of :func:`hasim.testing.topologies`.
    vary : str or iterable of str, optional
        What differs, of :data:`VARIED`; everything else stays as it is in `base`. All of it if not
        given.
    warnings : bool
        Whether there are also configurations of which the daemon says a warning that it does not
        say of `base`.

    Raises
    ------
    HasimError
        At once, for something that cannot be varied, with the nearest that can; when drawing, where
        the daemon accepts no usual values beside those that `base` keeps.

    Notes
    -----
    ``model.save("folder")`` writes a model; ``model.diff(base)`` tells what differs.
    """
    if base is not None and not isinstance(base, Model):
        raise HasimError(f"{base!r} is no model: hasim.load(PATH) returns one")
    asked = [vary] if isinstance(vary, str) else VARIED if vary is None else vary
    names = tuple(dict.fromkeys(asked))
    for name in names:
        if name not in VARIED:
            known = f"; there are {', '.join(VARIED)}"
            raise HasimError(f"{name!r} cannot be varied{nearest(str(name), VARIED) or known}")
    return _models(_Field(base or model_from(Plan()), names, warnings))


@st.composite
def _models(draw: st.DrawFn, field: _Field) -> Model:
    times = draw(st.sampled_from(field.times))
    failback = draw(st.sampled_from(field.failbacks))
    deadping = draw(st.sampled_from(field.deadpings(times)))
    method = draw(st.sampled_from(field.methods))
    return told(field.model((*times, *failback, *deadping), method))


class _Field:
    """The values that a base can take, each as often as in the field."""

    def __init__(self, base: Model, names: tuple[str, ...], warnings: bool) -> None:
        self.base, self.names, self.warnings = base, names, warnings
        self.known = {(p.level, p.text) for p in base.warnings}
        self.made: dict[tuple[_Directives, str], Model] = {}

    def choices(self, name: str, counts: Mapping[str, int]) -> tuple[_Directives, ...]:
        """Return the values of one directive that are accepted; nothing where it is to stay."""
        if name not in self.names:
            return ((),)
        fit = [v for v in counts if self.accepts(((name, v),))]
        return tuple(((name, v),) for v in weighted(fit, counts.__getitem__))

    @cached_property
    def times(self) -> tuple[_Directives, ...]:
        """Settings that are accepted, of the directives that may differ."""
        counts: dict[_Directives, int] = {}
        for one in SETTINGS:
            some = tuple((k, v) for k, v in one.directives().items() if k in self.names)
            counts[some] = counts.get(some, 0) + one.files
        fit = [some for some in counts if not some or self.accepts(some)]
        if not fit:
            kept = ", ".join(name for name in TIMES if name not in self.names)
            raise HasimError(f"with {kept} of {self.base.name} the daemon accepts no usual times")
        return weighted(fit, counts.__getitem__)

    @cached_property
    def failbacks(self) -> tuple[_Directives, ...]:
        """Values of auto_failback."""
        return self.choices("auto_failback", FAILBACKS)

    @cached_property
    def methods(self) -> tuple[str, ...]:
        """Methods of authkeys; empty where they are to stay."""
        return weighted(METHODS, METHODS.__getitem__) if "auth" in self.names else ("",)

    def deadpings(self, times: _Directives) -> tuple[_Directives, ...]:
        """Return the values of deadping that go with times: it must exceed two keepalives."""
        if "deadping" not in self.names:
            return ((),)
        configs = self.model(times, "").configs.values()
        least = 2 * max(config.keepalive for config in configs)
        fit = [v for v in DEADPINGS if not v or micros(v) > least]
        return tuple((("deadping", v),) for v in weighted(fit, DEADPINGS.__getitem__))

    def accepts(self, directives: _Directives) -> bool:
        """Tell whether the daemon starts, and says no more than before unless it may."""
        try:
            model = self.model(directives, "")
        except ConfigError:
            return False
        return self.warnings or {(p.level, p.text) for p in model.warnings} <= self.known

    def model(self, directives: _Directives, method: str) -> Model:
        """Return the base with directives and, unless it is empty, a method of authkeys."""
        key = directives, method
        if key not in self.made:
            changed = self.base.changed(dict(directives)) if directives else self.base
            self.made[key] = _rekeyed(changed, method) if method else changed
        return self.made[key]


def _rekeyed(model: Model, method: str) -> Model:
    """Return a model whose nodes all sign with a method; one that does already stays as it is."""
    signing = [c.authkeys.signing.method for c in model.configs.values() if c.authkeys is not None]
    if all(used == method for used in signing):
        return model
    data, sources = authkeys_of(method).encode(), model.sources

    def one(files: Mapping[str, FileText]) -> dict[str, FileText]:
        return {n: replace(f, data=data) if n == "authkeys" else f for n, f in files.items()}

    own = {node: one(files) for node, files in sources.own.items()}
    again = model_of(replace(sources, common=one(sources.common), own=own), model.dialect)
    return replace(again, scenarios=model.scenarios, edits=model.edits)
