"""Other names for the usual variables: a detector that goes by names must not score better than one that does not."""

from __future__ import annotations

import io
import random
import re
import tokenize
from collections.abc import Iterable, Iterator, Mapping

#: One choice a notebook: names that go together.
SCHEMES: tuple[Mapping[str, str], ...] = (
    {},
    {"X_train": "x_tr", "X_test": "x_te", "y_train": "t_tr", "y_test": "t_te", "X_val": "x_dev", "y_val": "t_dev"},
    {"X_train": "Xtrain", "X_test": "Xhold", "y_train": "ytrain", "y_test": "yhold", "X": "inputs", "y": "outcome"},
    {"X_train": "XA", "X_test": "XB", "y_train": "yA", "y_test": "yB", "X_val": "XC", "y_val": "yC", "X": "mat"},
    {"X_train": "train_features", "X_test": "test_features", "y_train": "train_labels", "y_test": "test_labels"},
    {"X_tr": "Xa", "X_te": "Xz", "y_tr": "ya", "y_te": "yz", "X": "x", "train": "part1", "test": "part2"},
)
#: Drawn one by one.
OTHERS: Mapping[str, tuple[str, ...]] = {
    "df": ("df", "data_in", "d", "frame", "tbl"),
    "model": ("model", "m0", "estimator", "my_model"),
    "clf": ("clf", "classifier", "c1"),
    "rf": ("rf", "forest_1", "big"),
    "pred": ("pred", "yhat", "out1"),
    "train": ("train", "tr_df", "dev_part"),
    "test": ("test", "te_df", "new_rows"),
    "scaler": ("scaler", "ss", "norm"),
}
#: Modules that some import whole, and what they call them.
MODULES: Mapping[str, str] = {
    "sklearn.model_selection": "ms",
    "sklearn.preprocessing": "pp",
    "sklearn.metrics": "mt",
    "sklearn.ensemble": "ens",
    "sklearn.linear_model": "lm",
    "sklearn.impute": "impute",
    "sklearn.feature_selection": "fs",
    "imblearn.over_sampling": "over",
}

_FROM = re.compile(r"^from ([\w.]+) import ([\w, ]+)$", flags=re.MULTILINE)


def reimported(sources: tuple[str, ...], key: str) -> tuple[str, ...]:
    """The same sources, where some modules are imported whole: `ms.train_test_split` for `train_test_split`."""
    rng = random.Random(f"imports of {key}")
    names, taken = _survey(sources)
    for module, alias in MODULES.items():
        brought = {m[2] for source in sources for m in _FROM.finditer(source) if m[1] == module}
        mine = {name.strip() for line in brought for name in line.split(",")}
        if rng.random() < 0.25 and mine and alias not in names | taken and not mine & taken:
            longer = {name: f"{alias}.{name}" for name in mine}
            sources = tuple(_replace(_whole(source, module, alias), longer) for source in sources)
    return sources


def _whole(source: str, module: str, alias: str) -> str:
    """`import module as alias` in the place of `from module import ...`."""
    return _FROM.sub(lambda m: f"import {module} as {alias}" if m[1] == module else m[0], source)


def renamed(sources: tuple[str, ...], key: str) -> tuple[str, ...]:
    """The same sources under other names, drawn by the key; every line stays where it is."""
    rng = random.Random(f"names of {key}")
    wish = {**{old: rng.choice(new) for old, new in OTHERS.items()}, **rng.choice(SCHEMES)}
    names, taken = _survey(sources)
    chosen: dict[str, str] = {}
    for old, new in wish.items():
        if old in names - taken and new not in names | taken | set(chosen.values()):
            chosen[old] = new
    return tuple(_replace(source, chosen) for source in sources)


def _survey(sources: Iterable[str]) -> tuple[set[str], set[str]]:
    """Names of variables, and words that are bound otherwise: in strings, as attributes or keywords."""
    names: set[str] = set()
    taken: set[str] = set()
    for source in sources:
        for kind, token, bound in _tokens(source):
            (names if kind == tokenize.NAME and not bound else taken).update(_words(token))
    return names, taken


def _tokens(source: str) -> Iterator[tuple[int, str, bool]]:
    """(type, text, bound) of what may hold a name; bound: an attribute or a keyword argument, not ours to change."""
    depth, before = 0, ""
    stream = list(_lex(source))
    for token, following in zip(stream, [*stream[1:], None], strict=True):
        depth += (token.string in "([{") - (token.string in ")]}") if token.type == tokenize.OP else 0
        bound = before == "." or (depth > 0 and following is not None and following.string == "=")
        if (
            token.type in (tokenize.NAME, tokenize.STRING, tokenize.COMMENT)
            or "FSTRING" in tokenize.tok_name[token.type]
        ):
            yield token.type, token.string, bound
        before = token.string


def _lex(source: str) -> Iterable[tokenize.TokenInfo]:
    # a magic is no Python; a comment in its place keeps the lines
    code = "\n".join(f"#{line[1:]}" if line[:1] in "%!" else line for line in source.split("\n"))
    return tokenize.generate_tokens(io.StringIO(code).readline)


def _words(text: str) -> set[str]:
    return set("".join(c if c.isidentifier() or c.isdigit() else " " for c in text).split())


def _replace(source: str, chosen: Mapping[str, str]) -> str:
    lines = source.split("\n")
    for token in reversed(list(_lex(source))):
        if token.type == tokenize.NAME and token.string in chosen:
            (row, start), (_, end) = token.start, token.end
            lines[row - 1] = lines[row - 1][:start] + chosen[token.string] + lines[row - 1][end:]
    return "\n".join(lines)
