"""Which data the model was fitted on and scored on, as the cells tell it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from mlready_nb.discovery import names
from mlready_nb.discovery.data import columns, is_table, narrowed
from mlready_nb.discovery.evidence import Found, owner, place
from mlready_nb.discovery.guesses import Guesses
from mlready_nb.discovery.story import Split, Use


class Finder(Guesses):
    """Looks for the data of one model: cells first, then objects, names last."""

    def look(self) -> Found:
        """Train first, since it tells what the others must look like."""
        self._train()
        self._scored()
        self._watched()
        self._from_splits()
        self._crossed()
        self.by_name()
        self.by_labels()
        self.alternatives()
        return self.found

    def _uses(self, *kinds: str) -> list[Use]:
        return [u for u in (self.model.uses if self.model else ()) if u.kind in kinds]

    def _held(self, use: Use) -> str | None:
        """The expression for what this use was about, if it still holds it."""
        if not use.X or self.rows(use.X) is None:
            return None
        if not self.fits(use.X):
            narrow = narrowed(use.X, self.value(use.X), self.info)
            if narrow is not None and not self.story.overwritten(use.X, use.order) and self.rows(narrow) is not None:
                return narrow
            self.found.notes.append(
                f"{use.X} was passed to {_verb(use)}{place(use)} but has {columns(self.value(use.X))} columns now while "
                f"the model takes {self.info.n_features if self.info else '?'}: it was overwritten since"
            )
            return None
        if self.story.overwritten(use.X, use.order):
            self.found.notes.append(
                f"{use.X} was passed to {_verb(use)}{place(use)} and was overwritten since: run that cell again, "
                "or say what the data is"
            )
            return None
        return self.lasting(use.X)

    def _train(self) -> None:
        fitted = self._uses("fit")
        for use in reversed(fitted):
            X = self._held(use)
            if X is None:
                if self.rows(use.X) is not None:
                    self.found.closed |= {"X_train", "y_train"}
                    return  # overwritten: what stands there now is not what the model saw
                continue
            if use is not fitted[-1]:
                self.found.notes.append(
                    f"{owner(use)} was fitted again{place(fitted[-1])} on data that cannot be read from the cells; "
                    f"{X} is what it was fitted on{place(use)}"
                )
            how = f"passed to {owner(use)}.fit{place(use)}"
            self.found.X["train"] = self.candidate(X, how)
            if use.y and self.rows(use.y) is not None and not self.story.overwritten(use.y, use.order):
                self.found.y["train"] = self.candidate(self.lasting(use.y), how)
            elif use.y and self.rows(use.y) is not None:
                self.found.closed.add("y_train")
                self.found.notes.append(f"{use.y} was passed to fit{place(use)} and was overwritten since")
            elif use.y and not (self.info and self.info.classes):  # no classes to tell other labels by
                self.found.closed.add("y_train")
                self.found.notes.append(
                    f"the labels passed to fit{place(use)} cannot be read from the cells: {use.y[:60]}. "
                    "Hint: %mlready use y_train=<variable>"
                )
            return

    def _scored(self) -> None:
        """Data that the model was asked about, other than what it was fitted on."""
        train = self.found.X.get("train")
        labelled: dict[str, Use] = {}
        asked: dict[str, Use] = {}
        for use in self._uses("score", "predict"):
            if train is not None and use.X and self._is_train(use.X, train.variable, train.value):
                continue
            X = self._held(use)
            if X is None:
                if use.X and self.rows(use.X) is not None:
                    self.gone.add(use.X)
                continue
            asked[X] = use
            self.gone.discard(X)
            if use.kind != "score" or self.rows(use.y) is None or self.story.overwritten(use.y, use.order):
                continue
            if self.rows(use.y) == self.rows(X) or X not in labelled:
                labelled[X] = use  # lengths differ: the checks will say so, unless something better is found
        by_side: dict[str, list[str]] = {"test": [], "valid": [], "": []}
        for X in sorted(labelled, key=lambda x: labelled[x].order):
            by_side.setdefault(self.role(X) or "", []).append(X)
        for X in asked:
            if X not in labelled and self.partner(X) is not None:
                by_side.setdefault(self.role(X) or "", []).append(X)
        test = by_side["test"] or by_side[""]
        if not test and by_side["valid"] and not self._unscored_test():
            test, by_side["valid"] = by_side["valid"], []
            for X, use in asked.items():
                if X not in labelled and X not in test:
                    self.found.notes.append(
                        f"{X} was predicted{place(use)} but has no labels, so {test[-1]} stands for the test set"
                    )
        for side, chosen in (("test", test), ("valid", by_side["valid"])):
            if chosen:
                X = chosen[-1]
                use = labelled.get(X) or asked[X]
                verb = "scored" if use.kind == "score" else "predicted"
                self.found.X[side] = self.candidate(X, f"{verb} with {owner(use)}{place(use)}")
                if X in labelled and labelled[X].y:
                    self.found.y[side] = self.candidate(
                        self.lasting(str(labelled[X].y)), f"the labels beside {X}{place(labelled[X])}"
                    )

    def _is_train(self, X: str, variable: str, value: Any) -> bool:
        return variable == X or self.value(X) is value or self.role(X) == "train"

    def _unscored_test(self) -> bool:
        """There is a labelled test set that was never scored (yet): validation stays validation."""
        return any(
            self.role(t) == "test" and self.fits(t) and self.partner(t) is not None
            for s in self.story.splits
            for _, t in s.outputs
            if is_table(self.value(t))
        )

    def _watched(self) -> None:
        """What stopped the training early is the validation set, unless it is the test set."""
        for use in reversed(self._uses("watch")):
            X = self._held(use) if "valid" not in self.found.X else None
            if X is None or self.taken(X) or self.role(X) in ("train", "test"):
                continue
            how = f"watched while {owner(use)} was fitted{place(use)}"
            self.found.X["valid"] = self.candidate(X, how)
            if use.y and self.rows(use.y) == self.rows(X):
                self.found.y["valid"] = self.candidate(self.lasting(use.y), how)

    def _crossed(self) -> None:
        """What was only ever cross-validated is the training set."""
        for use in reversed(self._uses("cross")):
            if "train" in self.found.X or "X_train" in self.found.closed:
                return
            X = self._held(use)
            if X is not None:
                how = f"cross-validated with {owner(use)}{place(use)}"
                self.found.X["train"] = self.candidate(X, how)
                if use.y and self.rows(use.y) == self.rows(X):
                    self.found.y["train"] = self.candidate(self.lasting(use.y), how)

    # -- splits --------------------------------------------------------------
    def _from_splits(self) -> None:
        """The other outputs of the split, where the cells never scored them."""
        train = self.found.X.get("train")
        line = set(self.ancestors(train.variable)) if train is not None else set()
        splits = sorted(
            self.story.splits,
            key=lambda s: (any(v in line for pair in s.outputs for v in pair), s.order),
            reverse=True,
        )
        strange = False
        for split in splits:
            pairs = [(a, b) for a, b in split.outputs if self.rows(a) is not None and self.rows(b) is not None]
            features = [p for p in pairs if self._could_be_features(p[0]) and not self._parted(p, split)]
            if not features:
                continue
            if self._of_another(split, features, line):
                strange = True
                continue
            for position, which in enumerate(("train", "test")):
                pair = next((p for p in features if set(p) & line), features[0])
                variable = pair[position]
                side = self.role(variable) or which
                if split.by_hand:
                    if not set(pair) & line or variable in line:
                        continue  # the half that was fitted on tells what the other is
                    side = self.role(variable) or "test"
                if (
                    side in self.found.X
                    or f"X_{side}" in self.found.closed
                    or self.cut_again(variable)
                    or self.taken(variable)
                ):
                    continue
                better = self.derived(variable, side)
                if better is not None and better != variable:
                    how = f"made from {variable}, put aside by {_cutter(split)}{place(split)}"
                    self.found.X[side] = self.candidate(better, how)
                elif self.fits(variable):
                    how = f"the {side} part of {_cutter(split)}{place(split)}"
                    self.found.X[side] = self.candidate(variable, how)
        if strange and "test" not in self.found.X:
            self.found.closed |= {"X_test", "y_test"}

    def _of_another(self, split: Split, pairs: Sequence[tuple[str, str]], line: set[str]) -> bool:
        """The model was fitted on other rows than this split's: on a table that has nothing to do with it."""
        train, fitted = self.found.X.get("train"), self._uses("fit")
        if split.by_hand or not (train or fitted):
            return False
        if train is None:
            line = set(self.ancestors(str(fitted[-1].X)))
        kin = {v for pair in pairs for v in pair}.union(*(self.ancestors(v) for v in split.inputs))
        tables = {v for v in kin & line if self.rows(v) is not None}  # a generator of random numbers makes no kin
        if tables or (train is not None and any(self.rows(a) == self.rows(train.variable) for a, _ in pairs)):
            return False
        if train is None and split.order > fitted[-1].order:
            return True  # what is split after the last fit, and is no part of its table, the model never saw
        others = (u for u in self.story.uses if u.kind == "fit" and u not in fitted)
        return any(u.X in {a for a, _ in pairs} for u in others)

    def _parted(self, pair: tuple[str, str], split: Split) -> bool:
        """One half bears another table now: the name was used again, and the columns are others."""
        return columns(self.value(pair[0])) != columns(self.value(pair[1])) and any(
            self.story.overwritten(v, split.order) for v in pair
        )

    def _could_be_features(self, variable: str) -> bool:
        if names.is_labels(variable):
            return False
        return is_table(self.value(variable)) or (
            self.model is not None and self.info is not None and self.info.n_features is None
        )


def _cutter(split: Split) -> str:
    return "the split" if split.by_hand else "train_test_split"


def _verb(use: Use) -> str:
    return {"fit": "fit", "score": "score", "predict": "predict", "cross": "cross-validation"}.get(use.kind, "fit")
