"""What a variable's name says: features or labels, of which split."""

from __future__ import annotations

import re
from functools import lru_cache

TRAIN = frozenset({"train", "tr", "trn", "training", "trainset"})
TEST = frozenset({"test", "te", "tst", "testing", "testset", "holdout", "oot", "ts", "unseen", "prueba", "eval"})
VALID = frozenset({"valid", "val", "va", "vl", "validation", "dev", "vld", "oof"})
FEATURES = frozenset({"x", "features", "feats", "feat", "inputs", "data", "df", "predictors", "matrix"})
LABELS = frozenset({"y", "target", "targets", "label", "labels", "lbl", "outcome", "response", "classes"})

_ROLES = {**dict.fromkeys(TRAIN, "train"), **dict.fromkeys(TEST, "test"), **dict.fromkeys(VALID, "valid")}
_GLUED = re.compile(
    r"(?P<a>x|y|df|data|target|label|labels|features)(?P<r>train|tr|test|te|ts|valid|val|va|dev|holdout)\Z"
    r"|(?P<r2>train|tr|test|te|valid|val|dev|holdout)(?P<a2>x|y|df|data|target|label|labels|features|set)\Z"
)


@lru_cache(maxsize=8192)
def tokens(expression: str) -> tuple[str, ...]:
    """Words of the last identifier: `data.X_train_scaled` -> ("x", "train", "scaled")."""
    words = re.findall(r"[A-Za-z_]\w*", expression)
    if not words:
        return ()
    word = words[-1] if re.fullmatch(r"[\w.]+|\w+\[(['\"]).*\1\]", expression) else words[0]
    spaced = re.sub(r"([a-z0-9])([A-Z])", r"\1_\2", word)
    spaced = re.sub(r"\b([XY])(?=[a-z])", r"\1_", spaced)
    found: list[str] = []
    for part in re.split(r"[_\W\d]+", spaced.lower()):
        if glued := _GLUED.match(part):
            found += [g for g in (glued["a"], glued["r"], glued["r2"], glued["a2"]) if g]
        elif part:
            found.append(part)
    return tuple(found)


def role(expression: str) -> str | None:
    """Which split: "train", "valid", "test", or `None` when the name does not tell."""
    said = {_ROLES[t] for t in tokens(expression) if t in _ROLES}
    return said.pop() if len(said) == 1 else None


def is_labels(expression: str) -> bool:
    """True when the name speaks of labels."""
    return bool(LABELS & set(tokens(expression)))


def is_features(expression: str) -> bool:
    """True when the name speaks of features."""
    words = set(tokens(expression))
    return bool(FEATURES & words) and not LABELS & words


def decoration(expression: str) -> frozenset[str]:
    """What is left of a name without its split and without features or labels: ("scaled",)."""
    return frozenset(t for t in tokens(expression) if t not in _ROLES and t not in FEATURES and t not in LABELS)
