"""Where the cells are silent: the form that goes with the training set, names, widths; a tie is a question."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from mlready_nb import frames
from mlready_nb.discovery import names
from mlready_nb.discovery.candidates import Question
from mlready_nb.discovery.data import is_table, is_wide, rows_of
from mlready_nb.discovery.evidence import SIDES, Evidence


class Guesses(Evidence):
    """What objects and names say."""

    def taken(self, variable: str) -> bool:
        """True for what is a side already, or was overwritten since it was one."""
        return variable in self.gone or any(c.value is self.value(variable) for c in self.found.X.values())

    def derived(self, variable: str, side: str) -> str | None:
        """The form of a split's output that goes with the training set that was taken: scaled with scaled."""
        train = self.found.X.get("train")
        if train is None or side == "train":
            return None
        form = self.form(train.variable)
        rows = self.rows(variable)
        made = [
            n
            for n, f in self.story.forms.items()
            if f.root == self.form(variable).root
            and n != variable
            and is_table(self.value(n))
            and self.rows(n) == rows
            and self.fits(n)
        ]
        same = [n for n in made if self.form(n).steps == form.steps]
        if same:
            return same[-1]
        if self.form(variable).steps == form.steps and self.fits(variable):
            return variable
        alike = [n for n in made if names.decoration(n) == names.decoration(train.variable)]
        alike = alike or [n for n in made if len(self.form(n).steps) == len(form.steps)]
        if alike:
            return alike[-1]
        built = form.of(self.form(variable).root) if not self.form(variable).steps else None
        if built is not None and self.rows(built) == rows and self.fits(built):
            return built
        return None

    # -- features ------------------------------------------------------------
    def by_name(self) -> None:
        """Sides that are still open: by what variables are called, confirmed by the model's width."""
        for side in SIDES:
            if side in self.found.X or f"X_{side}" in self.found.closed:
                continue
            fitting = [n for n in self.tables if names.role(n) == side and self.fits(n) and not self.taken(n)]
            named = [n for n in fitting if "x" in names.tokens(n)] or [n for n in fitting if names.is_features(n)]
            if self.info is not None and self.info.n_features is not None:
                named = named or fitting  # the width confirms it
            partner = self.found.X.get("train") or self.found.X.get("test")
            if len(named) > 1 and partner is not None:
                alike = [n for n in named if names.decoration(n) == names.decoration(partner.variable)]
                named = alike or named
            elif len(named) > 1 and self.info is None:
                plain = [n for n in named if not names.decoration(n)]
                named = plain or named
            named = self._by_type(named)
            if len(named) == 1:
                self.found.X[side] = self.candidate(named[0], "by its name and width" if self.info else "by its name")
            elif named:
                best = self._by_score(named, side)
                if best is not None:
                    self.found.X[side] = self.candidate(best, "by its name; the model scores sensibly on it alone")
                else:
                    text = f"{len(named)} variables could be the {side} features: {', '.join(named[:5])}. Which is it?"
                    self.found.questions.append(Question(subject=f"X_{side}", text=text, options=tuple(named)))

    def _by_type(self, named: Sequence[str]) -> list[str]:
        """A model fitted with column names was fitted on a frame."""
        if self.info is None or len(named) < 2:
            return list(named)
        framed = [n for n in named if frames.is_frame(self.value(n))]
        arrays = [n for n in named if n not in framed]
        if self.info.feature_names:
            return framed or list(named)
        return (arrays if self.info.fitted and self.info.library == "sklearn" else []) or list(named)

    def _by_score(self, named: Sequence[str], side: str) -> str | None:
        """The one reading on which the model answers sensibly, where the difference is decisive."""
        if self.model is None or self.info is None or self.info.classes is None:
            return None
        scores = {}
        for name in named:
            X, rows = self.value(name), self.rows(name)
            same = (y for y in self.labels if names.role(y) == side and self.data[y] == rows)
            partner = self.partner(name) or next(same, None)
            if partner is None or not rows:
                return None
            some = np.arange(min(1000, rows))
            try:
                said = np.asarray(self.model.value.predict(frames.take(X, some)))
                scores[name] = float(np.mean(said.ravel() == np.asarray(frames.labels(self.value(partner)))[some]))
            except Exception:
                scores[name] = 0.0
        ranked = sorted(scores, key=lambda n: -scores[n])
        return ranked[0] if scores[ranked[0]] - scores[ranked[1]] > 0.15 else None

    # -- labels --------------------------------------------------------------
    def by_labels(self) -> None:
        """The labels of each side: split off together, else by name, length and classes."""
        for side in SIDES:
            X = self.found.X.get(side)
            if X is None or f"y_{side}" in self.found.closed:
                continue
            rows = rows_of(X.value)
            current = self.found.y.get(side)
            if current is not None and rows_of(current.value) == rows:
                continue
            partner = self.partner(X.variable)
            if partner is not None:
                self.found.y[side] = self.candidate(partner, f"split together with {X.variable}")
                continue
            alike_y = self._same_column(X.variable, rows)
            if alike_y is not None:
                self.found.y[side] = self.candidate(alike_y, "the column that the training labels are")
                continue
            named = [n for n in self.labels if names.role(n) == side]
            matching = [n for n in named if self.data[n] == rows] or ([] if current else named)
            matching = [n for n in matching if self.known_classes(n)] or matching
            if len(matching) > 1:
                other = self.found.y.get("train") or self.found.y.get("test")
                alike = [
                    n for n in matching if other is not None and names.decoration(n) == names.decoration(other.variable)
                ]
                plain = [n for n in matching if not names.decoration(n)]
                matching = alike or plain or matching
            if len(matching) == 1:
                self.found.y[side] = self.candidate(matching[0], "by its name")
            elif matching:
                text = f"{len(matching)} variables could be the {side} labels: {', '.join(matching[:5])}. Which is it?"
                self.found.questions.append(Question(subject=f"y_{side}", text=text, options=tuple(matching)))

    def _same_column(self, X: str, rows: int | None) -> str | None:
        """Fitted on `train["churned"]`: the labels of what was made from `test` are `test["churned"]`."""
        train = self.found.y.get("train")
        column = self.column(train.variable) if train is not None else None
        if column is None:
            return None
        for frame in self.ancestors(X):
            kept = [n for n, c in self.story.columns.items() if c == (frame, column[1])]
            for name in [*kept, f"{frame}{column[1]}"]:
                if self.rows(name) == rows and not is_wide(self.value(name)) and self.known_classes(name):
                    return name
        return None

    # -- for the drawer ------------------------------------------------------
    def alternatives(self) -> None:
        """What else would do, for each subject."""
        tables = [n for n in self.tables if self.fits(n)]
        for side in SIDES:
            mine = sorted(tables, key=lambda n: (names.role(n) != side, not names.is_features(n)))
            why = "has the model's width" if self.info else "a table"
            self.found.others[f"X_{side}"] = [self.candidate(n, why) for n in mine[:12]]
            X = self.found.X.get(side)
            rows = rows_of(X.value) if X is not None else None
            labels = [n for n, r in self.data.items() if r == rows and not is_wide(self.namespace[n])]
            labels = [n for n in labels if n not in self.story.predictions]
            labels.sort(key=lambda n: (names.role(n) != side, not names.is_labels(n)))
            self.found.others[f"y_{side}"] = [self.candidate(n, f"has {rows:,} values") for n in labels[:12]]
