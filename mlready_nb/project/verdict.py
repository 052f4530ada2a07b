"""From what the files say of each sub-bullet to one finding that names file and line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from mlready_nb.finding import Finding, Measure, Outcome, Strength, Table, not_run
from mlready_nb.project.files import Tree

#: Worst first: a fault beside something good is still a fault.
_ORDER = (Outcome.FAIL, Outcome.WARN, Outcome.INCONCLUSIVE, Outcome.PASS, Outcome.NOT_APPLICABLE)
_MOST = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What one file says of one sub-bullet."""

    outcome: Outcome
    #: a clause: "runs as root, no USER follows the last FROM"
    text: str
    #: `Dockerfile:12`
    at: str = ""
    remedy: str | None = None

    def __str__(self) -> str:
        return f"{self.at} {self.text}" if self.at else self.text


def good(text: str, at: str = "") -> Said:
    """The sub-bullet is met."""
    return Said(outcome=Outcome.PASS, text=text, at=at)


def weak(text: str, at: str = "", remedy: str | None = None) -> Said:
    """Somebody should look at it."""
    return Said(outcome=Outcome.WARN, text=text, at=at, remedy=remedy)


def bad(text: str, at: str = "", remedy: str | None = None) -> Said:
    """It must be mended."""
    return Said(outcome=Outcome.FAIL, text=text, at=at, remedy=remedy)


def unsure(text: str, at: str = "", remedy: str | None = None) -> Said:
    """The files cannot decide; a person can."""
    return Said(outcome=Outcome.INCONCLUSIVE, text=text, at=at, remedy=remedy)


def settle(
    tree: Tree,
    points: Mapping[str, Said | Iterable[Said] | None],
    nothing: str,
    *,
    strength: Strength = Strength.MEASURED,
    measured: Mapping[str, Measure] | None = None,
) -> Finding:
    """One finding from the verdicts by sub-bullet; those of which the files say nothing stay open for a person.

    Parameters
    ----------
    nothing
        What is missing when no file says anything: "no Dockerfile".
    """
    by_code: dict[str, list[Said]] = {}
    for code, said in points.items():
        by_code[code] = sorted(
            [said] if isinstance(said, Said) else list(said or ()), key=lambda s: _ORDER.index(s.outcome)
        )
    every = [s for said in by_code.values() for s in said]
    if not every:
        return not_run(f"{nothing} in {tree.root.name or tree.root}{_partly(tree)}; if it lies elsewhere, attest it")
    decisive = min((s.outcome for s in every), key=_ORDER.index)
    telling = list(dict.fromkeys(str(s) for s in every if s.outcome is decisive))
    more = f" (and {len(telling) - 3} more)" if len(telling) > 3 else ""
    remedies = dict.fromkeys(s.remedy for s in every if s.remedy and s.outcome is not Outcome.PASS)
    rows = [(code, str(s.outcome), s.at, s.text) for code, said in by_code.items() for s in said[:4]]
    return Finding(
        outcome=decisive,
        message="; ".join(telling[:3]) + more + _partly(tree),
        strength=strength,
        measured=dict(measured or {}),
        tables=(
            Table(
                title="What the files say",
                columns=("sub-bullet", "verdict", "where", "what"),
                rows=tuple(rows[:_MOST]),
                note=f"{len(rows) - _MOST} more" if len(rows) > _MOST else None,
            ),
        ),
        remedy=" ".join(list(remedies)[:3]) or None,
        points={code: said[0].outcome for code, said in by_code.items() if said},
    )


def _partly(tree: Tree) -> str:
    return f" (only a part of the folder was read: {tree.left_out})" if tree.left_out else ""
