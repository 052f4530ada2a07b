"""What the model card can take from the live objects; quick, since it is asked at every refresh, and it never raises."""

from __future__ import annotations

import ast
import inspect
import re
import weakref
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import numpy as np

from mlready_nb import frames, git
from mlready_nb.adapters.describe import describe
from mlready_nb.subjects import Cell, Subjects, Task

#: A fact is a text and where it was found.
Fact = tuple[str, str]

#: Rows that tell a column's kind.
_LOOK = 1000
#: Names that are listed of each kind of column.
_NAMED = 8
#: Loads that bring no data.
_NO_DATA = re.compile(
    r"load_(model|weights|state_dict|dotenv|ext|module|checkpoint|estimator|pipeline|config|json|yaml|env)|read_(config|text|json_config)$"
)
_TASKS = {
    Task.BINARY: "binary classification",
    Task.MULTICLASS: "multi-class classification",
    Task.MULTILABEL: "multi-label classification",
    Task.REGRESSION: "regression",
}


def collect(subjects: Subjects, cells: Sequence[Cell]) -> dict[str, tuple[str, str]]:
    """Field of the card -> (text, source); what cannot be learnt is left out."""
    found: dict[str, Fact] = {}

    def learn(key: str, ask: Callable[[], Fact | None]) -> None:
        try:
            fact = ask()
        except Exception:  # odd objects give fewer facts
            return
        if fact is not None and fact[0]:
            found[key] = fact

    learn("model_details.model_type", lambda: _model_type(subjects))
    learn("model_details.version", lambda: _version(subjects))
    if subjects.model is not None:
        learn("model_details.date", lambda: (date.today().isoformat(), "the day the live model was last looked at"))
    learn("model_details.developers", lambda: _developers(subjects))
    learn("training_data.dataset", lambda: _dataset(tuple(cells)) if subjects.X_train is not None else None)
    learn("training_data.size", lambda: _size(subjects, "X_train"))
    learn("training_data.features", lambda: _features(subjects))
    learn("training_data.date_range", lambda: _dates(subjects))
    learn("evaluation_data.dataset", lambda: _dataset(tuple(cells)) if subjects.X_test is not None else None)
    learn("evaluation_data.size", lambda: _size(subjects, "X_test"))
    return found


def _variable(subjects: Subjects, name: str) -> str:
    origin = subjects.origin.get(name)
    return origin.variable if origin is not None else name


# -- the model ----------------------------------------------------------------
def _model_type(subjects: Subjects) -> Fact | None:
    if subjects.model is None:
        return None
    info = describe(subjects.model)
    final = type(info.final).__name__ if info.final is not None else type(subjects.model).__name__
    text = final + f" ({info.library}{f' {info.version}' if info.version else ''})"
    task = subjects.task or info.task
    if task is not None:
        text += f", {_TASKS[task]}"
    classes = subjects.class_names or info.classes
    if task is not None and task.classifies and classes is not None and len(classes) > 2:
        text += f" of {len(classes)} classes"
    if " > " in info.kind:
        text += f", inside {info.kind.rpartition(' > ')[0]}"
    steps = _steps(subjects.model)
    if len(steps) > 1:
        text += f" ({' → '.join(steps)})"
    changed = _changed(info.final)
    if changed:
        text += f"; set: {', '.join(changed)}"
    return text, _variable(subjects, "model")


def _steps(model: Any) -> list[str]:
    """Class names of a pipeline's steps, also of the best one of a search."""
    for owner in (model, getattr(model, "best_estimator_", None)):
        steps = getattr(owner, "steps", None)
        if isinstance(steps, list):
            return [s if isinstance(s, str) else type(s).__name__ for _, s in steps][:12]
    return []


def _changed(final: Any) -> list[str]:
    """Settings of the final estimator that are not its defaults."""
    if not callable(getattr(final, "get_params", None)):
        return []
    defaults = {n: p.default for n, p in inspect.signature(type(final)).parameters.items()}
    given = {n: v for n, v in final.get_params(deep=False).items() if isinstance(v, (str, int, float, bool))}
    changed = [f"{n}={v!r}" for n, v in given.items() if n in defaults and defaults[n] is not v and defaults[n] != v]
    return [text if len(text) < 60 else text[:59] + "…" for text in changed[:8]]


def _version(subjects: Subjects) -> Fact | None:
    described = git.ask(subjects.project, "describe", "--always", "--dirty", "--tags")
    return (described, "git describe") if described else None


def _developers(subjects: Subjects) -> Fact | None:
    name = git.ask(subjects.project, "config", "user.name")
    return (name, "suggested: git user.name") if name else None


# -- the data -------------------------------------------------------------------
def _size(subjects: Subjects, name: str) -> Fact | None:
    X = getattr(subjects, name)
    if X is None:
        return None
    rows, columns = frames.shape(X)
    return f"{rows:,} rows × {columns:,} columns", _variable(subjects, name)


def _sample(X: Any) -> Any:
    """Rows spread over the whole, enough to tell what a column holds."""
    n = frames.n_rows(X)
    return X if n <= _LOOK else frames.take(X, np.unique(np.linspace(0, n - 1, _LOOK).astype(np.intp)))


def _features(subjects: Subjects) -> Fact | None:
    if subjects.X_train is None:
        return None
    kinds = frames.kinds(_sample(subjects.X_train))
    counts = Counter(kinds.values())
    parts = []
    for kind, count in counts.most_common():
        names = [n for n, k in kinds.items() if k == kind]
        told = ""
        if frames.is_frame(subjects.X_train):
            told = f" ({', '.join(names[:_NAMED])}{f' and {count - _NAMED} more' if count > _NAMED else ''})"
        parts.append(f"{count:,} {kind}{told}")
    return f"{len(kinds):,} columns: {'; '.join(parts)}", _variable(subjects, "X_train")


def _dates(subjects: Subjects) -> Fact | None:
    """From when to when, by each column of times and by the index; read once for each table."""
    X = subjects.X_train
    if X is None or not frames.is_frame(X):
        return None
    key = id(X)
    kept = _SPANS.get(key)
    if kept is None or kept[0]() is not X or kept[1] != frames.shape(X):
        kept = _SPANS[key] = (weakref.ref(X, lambda _: _SPANS.pop(key, None)), frames.shape(X), _spans(X))
    return (kept[2], _variable(subjects, "X_train")) if kept[2] else None


_SPANS: dict[int, tuple[Callable[[], Any], tuple[int, int], str]] = {}


def _spans(X: Any) -> str:
    times = {n: frames.column(X, n) for n, k in frames.kinds(_sample(X)).items() if k == "datetime"}
    index: Any = getattr(X, "index", None)
    if type(index).__name__ == "DatetimeIndex":
        times = {str(index.name or "index"): np.asarray(index.values), **times}
    spans = []
    for name, values in times.items():
        known = values[~np.isnat(values)] if values.dtype.kind == "M" else values[:0]
        if len(known):
            first, last = (str(t.astype("datetime64[D]")) for t in (known.min(), known.max()))
            spans.append(f"{first} to {last} ({name})")
    return "; ".join(spans[:4])


@lru_cache(maxsize=8)
def _dataset(cells: tuple[Cell, ...]) -> Fact | None:
    """What the cells read: paths, addresses without credentials, named loaders."""
    found: dict[str, int | None] = {}
    texts: dict[str, str] = {}
    for cell in cells:
        try:
            tree = ast.parse(_python(cell.source))
        except (SyntaxError, ValueError, RecursionError):
            continue
        for node in ast.walk(tree):
            if isinstance(node, ast.Assign) and len(node.targets) == 1 and isinstance(node.targets[0], ast.Name):
                text = _path(node.value, texts)
                if text:
                    texts[node.targets[0].id] = text
        for call, name in _loads(tree):
            found.setdefault(_said(call, name, texts), cell.number)
    if not found:
        return None
    where = [f"cell {n}" for n in dict.fromkeys(found.values()) if n is not None]
    return ", ".join(list(found)[:6]), f"read in {', '.join(where[:6])}" if where else "read in the notebook"


def _python(source: str) -> str:
    """A cell without IPython's own lines."""
    lines = source.splitlines()
    if lines and lines[0].startswith("%%"):
        lines = lines[1:]
    return "\n".join(re.sub(r"^(\s*)[%!].*", r"\1pass", line) for line in lines)


def _loads(tree: ast.AST) -> Iterator[tuple[ast.Call, str]]:
    calls = [n for n in ast.walk(tree) if isinstance(n, ast.Call)]
    for call in sorted(calls, key=lambda c: (c.lineno, c.col_offset)):
        name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
        if re.match(r"(read|load|fetch|scan)_\w", name) and not _NO_DATA.match(name):
            yield call, name


def _said(call: ast.Call, name: str, texts: dict[str, str]) -> str:
    """`data/adult.csv`, or the loader's name with its first argument."""
    if re.match(r"read_sql", name):
        return f"{name}(…)"  # a query or a connection is nobody else's business
    first = call.args[0] if call.args else next((k.value for k in call.keywords if k.arg in _PATHS), None)
    path = _path(first, texts) if first is not None else ""
    if name.startswith(("read_", "scan_")) and path:
        return _clean(path)
    return f"{name}({_clean(path)})"


_PATHS = ("filepath_or_buffer", "path", "io", "source", "name", "path_or_buf")


def _path(node: ast.expr, texts: dict[str, str]) -> str:
    """A text, a path put together, or a name that stands for one; empty when it cannot be read."""
    match node:
        case ast.Constant(value=str(text)):
            return text
        case ast.Name(id=name):
            return texts.get(name, "")
        case ast.BinOp(left=left, op=ast.Div(), right=right):
            one, two = _path(left, texts), _path(right, texts)
            return f"{one}/{two}" if one and two else two
        case ast.BinOp(left=left, op=ast.Add(), right=right):
            one, two = _path(left, texts), _path(right, texts)
            return one + two if one and two else ""
        case ast.JoinedStr(values=values):
            parts = [v.value if isinstance(v, ast.Constant) else _path(v.value, texts) if isinstance(v, ast.FormattedValue) else "" for v in values]  # fmt: skip
            return "".join(map(str, parts)) if all(parts) else ""
        case ast.Call(func=ast.Name(id="Path") | ast.Attribute(attr="Path"), args=[inner]):
            return _path(inner, texts)
        case ast.Call(func=ast.Attribute(attr="join"), args=args) if len(args) > 1:
            parts_ = [_path(a, texts) for a in args]
            return "/".join(p for p in parts_ if p) if parts_[-1] else ""
        case _:
            return ""


def _clean(path: str) -> str:
    """Without user, password and query: a card gets published."""
    if "://" in path:
        try:
            parts = urlsplit(path)
            path = urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))
        except ValueError:
            return "(an address)"
    return path if len(path) <= 120 else "…" + path[-119:]
