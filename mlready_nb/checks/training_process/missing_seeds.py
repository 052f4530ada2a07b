"""Draws of chance in the cells, and estimators, that no seed governs."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from mlready_nb.adapters.describe import attribute
from mlready_nb.adapters.parts import named_estimators
from mlready_nb.checks.declare import check
from mlready_nb.finding import Finding, Outcome, Place, Strength, Table, not_applicable, passed, warned
from mlready_nb.source import parse
from mlready_nb.subjects import Cell

#: Calls that draw rows by chance unless they are told not to: name -> (keyword that seeds it, keyword that must be true)
SPLITS: dict[str, str | None] = {
    "train_test_split": None,
    "KFold": "shuffle",
    "StratifiedKFold": "shuffle",
    "StratifiedGroupKFold": "shuffle",
    "ShuffleSplit": None,
    "StratifiedShuffleSplit": None,
    "GroupShuffleSplit": None,
    "RepeatedKFold": None,
    "RepeatedStratifiedKFold": None,
    "RandomizedSearchCV": None,
    "SMOTE": None,
    "ADASYN": None,
    "RandomOverSampler": None,
    "RandomUnderSampler": None,
    "resample": None,
}
#: Functions of NumPy's old global generator.
GLOBAL = frozenset(
    (
        "rand",
        "randn",
        "randint",
        "random",
        "random_sample",
        "normal",
        "uniform",
        "choice",
        "shuffle",
        "permutation",
        "binomial",
        "poisson",
        "exponential",
        "beta",
        "gamma",
        "lognormal",
        "multivariate_normal",
        "standard_normal",
        "random_integers",
    )
)
#: Calls that only show something: a sample in them decides nothing.
SHOWN = frozenset(
    {
        "display",
        "print",
        "head",
        "tail",
        "plot",
        "hist",
        "show",
        "pairplot",
        "scatterplot",
        "scatter",
        "heatmap",
        "boxplot",
    }
)
#: Names under which plotting goes by.
DRAWN = frozenset({"plt", "sns", "ax", "axes", "fig", "px", "go", "alt"})
#: scikit-learn's estimators whose answers depend on their seed with the usual parameters.
DRAWS = (
    "RandomForest",
    "ExtraTree",
    "Bagging",
    "IsolationForest",
    "MLP",
    "SGD",
    "Perceptron",
    "PassiveAggressive",
    "RandomizedSearch",
    "KMeans",
    "RandomTrees",
    "RBFSampler",
    "Nystroem",
    "BalancedRandomForest",
    "EasyEnsemble",
    "RUSBoost",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draw:
    """One unseeded draw in a cell."""

    what: str
    cell: Cell
    line: int
    #: "a split", "a sample", "numbers", "a generator"
    kind: str


@check("TRN-01.1")
def missing_seeds(cells: Any, model: Any = None, origin: Any = None, namespace: Any = None) -> Finding:
    """Splits, samples, generators and estimators without a seed, with cell and line.

    What it measures: In the cells, read as syntax: train_test_split, shuffled folds, random searches, resampling and
    .sample() without random_state, NumPy's generators without a seed; a global seed set in an earlier cell
    (np.random.seed) counts for what uses it. In the model: estimators that draw (forests, bagging, networks, stochastic
    gradients) with random_state=None. A sample that is only shown does not count.

    Why it matters: With another split and another forest nobody can tell an improvement from luck, and no result can
    be had twice (Pineau et al. 2021).

    Blind spots: Draws inside functions of other modules. A global seed holds only while all cells run in order. Seeds
    of networks (torch, TensorFlow) are looked for by their calls only.

    How to mend: SEED = 42 in the first cell, and random_state=SEED in every call that takes it;
    np.random.default_rng(SEED) instead of np.random.
    """
    if not cells:
        return not_applicable("there are no cells to read")
    draws, seeded = _read(tuple(cells), namespace or {})
    name = origin["model"].variable if origin and "model" in origin else "model"
    open_ = (
        []
        if seeded
        else [(path, type(part).__name__) for path, part in named_estimators(model, name) if _unseeded(part)]
    )
    rows: list[tuple[str | int | None, ...]] = [(d.what, d.kind, d.cell.number, d.line) for d in draws]
    rows += [(f"{kind} at {path}", "an estimator", None, None) for path, kind in open_]
    measured = {"unseeded_draws": len(draws), "unseeded_estimators": len(open_), "global_seed": seeded}
    if not rows:
        how = "; NumPy's global seed is set, which holds while all cells run in order" if seeded else ""
        return passed(
            f"no draw of chance without a seed in {len(cells):,} cells{how}",
            strength=Strength.HEURISTIC,
            measured=measured,
        )
    table = Table(title="Without a seed", columns=("call", "what it draws", "cell", "line"), rows=tuple(rows[:30]))
    first = draws[0] if draws else None
    where = (
        Place(cell=first.cell.number, line=first.line, cell_id=first.cell.cell_id)
        if first
        else _constructed(cells, open_[0][1])
    )
    what = f"{first.what} draws {first.kind}" if first else f"{open_[0][1]} ({open_[0][0]}) has random_state=None"
    more = f"; and {len(rows) - 1} more" if len(rows) > 1 else ""
    spot = f" (cell {where.cell}, line {where.line})" if where is not None and where.cell else ""
    return warned(
        f"{what} without a seed{spot}{more}",
        strength=Strength.PROVEN if first else Strength.MEASURED,
        measured=measured,
        tables=(table,),
        where=where,
        points={"TRN-01.1": Outcome.WARN},
        remedy="Set SEED = 42 in the first cell and pass it on: random_state=SEED in splits, samples and estimators, np.random.default_rng(SEED) for numbers.",
    )


def _read(cells: tuple[Cell, ...], namespace: Any) -> tuple[list[Draw], bool]:
    """Unseeded draws, each line once, and whether a global seed was set."""
    draws: dict[tuple[Any, int, str], Draw] = {}
    seeded = {"numpy": False, "random": False}
    for cell in cells:
        tree = parse(cell.source)
        if tree is None:
            continue
        shown = set(_shown(tree))
        for node in _calls(tree):
            name = _dotted(node.func)
            if name.endswith("random.seed") or name in ("set_random_seed", "seed_everything", "random.seed"):
                which = "numpy" if name.startswith(("np.", "numpy.")) else "random"
                seeded[which] = True
                if name.endswith(("seed_everything", "set_random_seed")):
                    seeded = dict.fromkeys(seeded, True)
                continue
            found = _draw(node, name, seeded)
            if found is not None and node not in shown and not (found[0] == ".sample()" and _no_table(node, namespace)):
                key = (cell.number if cell.number is not None else cell.source, node.lineno, found[0])
                draws[key] = Draw(what=found[0], kind=found[1], cell=cell, line=node.lineno)
    return list(draws.values()), seeded["numpy"]


def _draw(node: ast.Call, name: str, seeded: dict[str, bool]) -> tuple[str, str] | None:
    last = name.rpartition(".")[2]
    words = {k.arg: k.value for k in node.keywords}
    if None in words:  # **settings: not known
        return None
    given = words.get("random_state", words.get("seed"))
    open_ = given is None or (isinstance(given, ast.Constant) and given.value is None)
    if last == "resample" and isinstance(node.func, ast.Attribute) and not name.endswith("utils.resample"):
        return None  # pandas: by time
    if last in SPLITS and open_ and not seeded["numpy"]:
        needs = SPLITS[last]
        if needs is not None and not _true(words.get(needs)):
            return None
        if last == "train_test_split" and "shuffle" in words and not _true(words["shuffle"]):
            return None
        return last, "a split" if "plit" in last or "Fold" in last else "rows"
    if last == "sample" and isinstance(node.func, ast.Attribute) and open_ and not seeded["numpy"]:
        if name == "random.sample":
            return None if seeded["random"] else (name, "numbers")
        frame = {"n", "frac", "replace", "weights", "axis", "ignore_index", "fraction", "shuffle", "with_replacement"}
        return (
            (".sample()", "a sample")
            if frame & set(words) or (len(node.args) == 1 and isinstance(node.args[0], ast.Constant))
            else None
        )
    if name.startswith(("np.random.", "numpy.random.")):
        if last in ("default_rng", "RandomState", "Generator"):
            return (name, "a generator") if not node.args and open_ and last != "Generator" else None
        return (name, "numbers") if last in GLOBAL and not seeded["numpy"] else None
    if (
        last == "shuffle"
        and name in ("shuffle", "sklearn.utils.shuffle", "utils.shuffle")
        and open_
        and not seeded["numpy"]
    ):
        return name, "an order of rows"
    return None


def _no_table(node: ast.Call, namespace: Any) -> bool:
    """True for the sample of something that is known and holds no rows (a mixture model, a distribution)."""
    owner = node.func.value if isinstance(node.func, ast.Attribute) else None
    value = namespace.get(owner.id) if isinstance(owner, ast.Name) else None
    return value is not None and not hasattr(value, "columns") and not hasattr(value, "iloc")


def _true(node: ast.expr | None) -> bool:
    """True unless it is missing or the constant False."""
    return node is not None and not (isinstance(node, ast.Constant) and not node.value)


def _calls(tree: ast.Module) -> Iterator[ast.Call]:
    found = [n for n in ast.walk(tree) if isinstance(n, ast.Call)]
    yield from sorted(found, key=lambda n: (n.lineno, n.col_offset))


def _shown(tree: ast.Module) -> Iterator[ast.Call]:
    """Calls whose value is looked at and thrown away: drawn, printed, or the last word of a cell."""
    for statement in ast.walk(tree):
        if not isinstance(statement, ast.Expr):
            continue
        calls = [n for n in ast.walk(statement) if isinstance(n, ast.Call)]
        names = {_dotted(n.func) for n in calls}
        drawn = any(n.partition(".")[0] in DRAWN for n in names)
        chain: ast.expr = statement.value
        sampled = False
        while isinstance(chain, (ast.Call, ast.Attribute, ast.Subscript)):
            sampled |= isinstance(chain, ast.Attribute) and chain.attr == "sample"
            chain = chain.func if isinstance(chain, ast.Call) else chain.value
        if drawn or sampled or {n.rpartition(".")[2] for n in names} & SHOWN:
            changes = any(n.rpartition(".")[2] in ("fit", "fit_transform", "append", "shuffle") for n in names)
            yield from () if changes else calls


def _dotted(node: ast.expr) -> str:
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    parts.append(node.id if isinstance(node, ast.Name) else "")
    return ".".join(reversed(parts))


def _unseeded(part: Any) -> bool:
    """True for an estimator that draws and has no seed; members of an ensemble got theirs from it."""
    home = type(part).__module__.partition(".")[0]
    if home not in ("sklearn", "imblearn") or not any(d in type(part).__name__ for d in DRAWS):
        return False
    try:
        params = part.get_params(deep=False)
    except Exception:
        return False
    if "random_state" not in params or params["random_state"] is not None:
        return False
    return not (
        type(part).__name__.startswith("Bagging")
        and attribute(part, "bootstrap") is False
        and params.get("max_samples") == 1.0
    )


def _constructed(cells: Any, kind: str) -> Place | None:
    """Where an estimator of this class is made last."""
    found = None
    for cell in cells:
        tree = parse(cell.source)
        for node in _calls(tree) if tree is not None else ():
            if _dotted(node.func).rpartition(".")[2] == kind:
                found = Place(cell=cell.number, line=node.lineno, cell_id=cell.cell_id)
    return found
