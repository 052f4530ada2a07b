"""What the cells say: which data was passed to which model, in the order of execution. Reads the AST, runs nothing."""

from __future__ import annotations

import ast
from collections.abc import Sequence
from dataclasses import replace

from mlready_nb.discovery import syntax
from mlready_nb.discovery.following import Follower
from mlready_nb.discovery.story import Form, Split, Story
from mlready_nb.source import parse
from mlready_nb.subjects import Cell


def read(cells: Sequence[Cell]) -> Story:
    """The story of these cells; one that is no Python is passed over."""
    reader = Reader()
    for cell in cells:
        tree = parse(cell.source)
        if tree is not None:
            reader.cell = cell.number
            for statement in tree.body:
                try:
                    reader.statement(statement)
                except Exception:  # nested a thousand deep, or code that nobody foresaw: the rest is still read
                    reader.surface()
    reader.story.predictions = set(reader.predicted)
    return reader.story


class Reader(Follower):
    """Goes through statements and expressions, and notes what they do with models and data."""

    # -- statements ----------------------------------------------------------
    def statement(self, node: ast.stmt) -> None:
        """Read one statement."""
        match node:
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                self.functions[node.name] = node
            case ast.ClassDef():
                self.classes[node.name] = node
            case ast.Assign(targets=targets, value=value):
                self.assign(targets, value)
            case ast.AnnAssign(target=target, value=value) if value is not None:
                self.assign([target], value)
            case ast.AugAssign(target=target, value=value):
                self.expression(value)
                self.bind(target, self.tick(), None)
            case ast.Return(value=value) if value is not None:
                self.expression(value, self.returns)
            case ast.For() | ast.AsyncFor():
                self.loop(node)
            case _:
                for name in ("test", "iter", "value", "exc", "msg", "subject"):
                    inner = getattr(node, name, None)
                    if isinstance(inner, ast.expr):
                        self.expression(inner)
                for item in getattr(node, "items", ()):
                    self.expression(item.context_expr)
                for part in ("body", "orelse", "finalbody"):
                    self.block(getattr(node, part, ()))
                for part in ("handlers", "cases"):
                    for branch in getattr(node, part, ()):
                        self.block(branch.body)

    def loop(self, node: ast.For | ast.AsyncFor) -> None:
        """A loop's body once; its variables stand for every entry of what it runs over."""
        self.expression(node.iter)
        for target in syntax.targets(node.target):
            self.story.looped.add(self.text(target) or "")
            self.bind(target, self.tick(), None)
        over = syntax.container(node.iter)
        text = self.text(over) if over is not None else None
        before, kept, start = self.loops, self.kept, len(self.story.uses)
        if text:
            self.loops = {**before, **{t: text for n in syntax.targets(node.target) if (t := self.text(n))}}
        self.kept, turns = [], self.turns
        self.turns = {**turns, **self.taken_in_turn(node.target, over)}
        self.block(node.body)
        self.turns = turns
        for held, variable in self.kept:  # `fitted[name] = m`: what was said of m was said of each entry
            self.story.uses[start:] = [
                replace(u, model=f"*{held}") if u.model == variable else u for u in self.story.uses[start:]
            ]
        self.loops, self.kept = before, kept
        self.block(node.orelse)

    def taken_in_turn(self, target: ast.expr, over: ast.expr | None) -> dict[str, list[str]]:
        """`for name, a, b in [("train", X_tr, y_tr), ("test", X_te, y_te)]`: what a and b are in turn."""
        found: dict[str, list[str]] = {}
        for entry in syntax.pairs(over):
            parts = [entry] if isinstance(target, ast.Name) else list(syntax.pairs(entry))
            names = [target] if isinstance(target, ast.Name) else list(syntax.pairs(target))
            for name, part in zip(names, parts, strict=False):
                found.setdefault(self.text(name) or "", []).append(self.text(part) or "")
        return found

    def assign(self, targets: Sequence[ast.expr], value: ast.expr) -> None:
        """`a, b = ...`: what the value did, then what the names hold."""
        first = targets[0]
        if isinstance(first, ast.Tuple) and isinstance(value, ast.Tuple) and len(first.elts) == len(value.elts):
            for target, part in zip(first.elts, value.elts, strict=True):
                self.assign([target], part)
            return
        names = syntax.targets(first)
        stamp = self.tick()
        outside = tuple(self.text(n) or "" for n in names)
        self.expression(value, outside)
        for target in [*names, *(n for t in targets[1:] for n in syntax.targets(t))]:
            self.bind(target, stamp, value)
        if len(outside) == 1:
            self.made(outside[0], names[0], value)

    def bind(self, target: ast.expr, stamp: int, value: ast.expr | None) -> None:
        """A name means something else from now on."""
        name = self.text(target)
        if not name:
            return
        if value is None or not self.same_again(name, value):
            self.story.changed[name] = stamp
        self.story.bound[name] = stamp
        self.lines[name] = value
        self.loops = {k: v for k, v in self.loops.items() if k != name}
        for known in (self.predicted, self.boxed, self.instances, self.built):
            known.pop(name, None)

    def same_again(self, name: str, value: ast.expr) -> bool:
        """True when the same line ran before, and nothing that it reads has changed since: a cell that was run twice."""
        before = self.lines.get(name)
        if before is None or not (before is value or syntax.source(before) == syntax.source(value)):
            return False
        read, since = syntax.names_in(value), self.story.changed.get(name, 0)
        return (
            name not in read
            and not syntax.draws_anew(value)
            and all(self.story.changed.get(n, 0) <= since for n in read)
        )

    def made(self, name: str, target: ast.expr, value: ast.expr) -> None:
        """What one name holds: predictions, boxed data, an object of a class of the notebook, a transformed frame."""
        number = isinstance(value, ast.Compare) or syntax.is_metric(value) or syntax.last(value) in syntax.REDUCED
        asked = None if number else self.prediction(value)
        if asked is not None:
            self.predicted[name] = asked
        if isinstance(value, ast.Call) and syntax.last(value) in ("load", "loads", "load_model", "read_pickle"):
            source = self.stored.get(self.text(syntax.argument(value, 0, "filename", "filepath")) or "")
            if source is not None:
                self.story.loaded[name] = (source, self.count)
        elif isinstance(value, ast.Call) and syntax.last(value) == "dumps" and value.args:
            self.stored[name] = self.text(value.args[0]) or ""
        box = self.box(value)
        if box is not None:
            self.boxed[name] = box
        made = self.class_of(value)
        if made is not None:
            self.instances[name] = made
        if isinstance(value, ast.Call) and len(value.args) >= 2:
            self.built[name] = (self.text(value.args[0]), self.text(value.args[1]))
        if isinstance(target, ast.Subscript) and isinstance(value, (ast.Name, ast.Attribute)):
            self.keep(self.text(target.value), value)
        found = syntax.base(self.outside(value))
        if found is not None:
            source = syntax.source(found[0])
            before = self.story.forms.get(source, Form(root=source))
            self.story.forms[name] = Form(root=before.root, steps=(*before.steps, *found[1]))
            if source != name:
                self.story.made_from[name] = source
        elif name in self.story.forms:
            del self.story.forms[name]
            self.story.made_from.pop(name, None)
        self.story.columns.pop(name, None)
        column = syntax.column(self.outside(value))
        if column is not None:
            self.story.columns[name] = column
        self.cut(name, value)

    def cut(self, name: str, value: ast.expr) -> None:
        """`a = df[:k]` and `b = df[k:]`, `df[m]` and `df[~m]`: two halves make a split, whoever cut it."""
        if isinstance(value, ast.Call) and syntax.last(value) == "sample" and isinstance(value.func, ast.Attribute):
            self.sampled[name] = self.text(value.func.value) or ""
        half = syntax.half(value)
        if half is None:
            return
        owner, where, side = self.text(half[0]) or "", half[1], half[2]
        if side < 0:  # the rest of a sample, or what a rest was left from
            both = {0: self.name(where), 1: name} if self.sampled.get(self.name(where)) == owner else {}
        else:
            both = {**self.halves.get((owner, where), {}), side: name}
            self.halves[owner, where] = both
        if len(both) == 2:
            self.pair(owner, where, both[0], both[1], value)

    def pair(self, owner: str, where: str, first: str, second: str, node: ast.expr) -> None:
        """Note a split by hand; frames that were cut at the same place belong to one split."""
        at = next((i for i, s in enumerate(self.story.splits) if self.places.get(s.order) == where), None)
        if at is not None and owner not in self.story.splits[at].inputs:
            known = self.story.splits[at]
            self.story.splits[at] = replace(
                known, inputs=(*known.inputs, owner), outputs=(*known.outputs, (first, second))
            )
            return
        order = self.tick()
        self.places[order] = where
        self.story.splits.append(
            Split(
                inputs=(owner,), outputs=((first, second),), cell=self.cell, line=node.lineno, order=order, by_hand=True
            )
        )
        for name in (first, second):  # `df[m]` picks rows here, no columns
            self.story.forms.pop(name, None)
            self.story.made_from.pop(name, None)

    # -- expressions ---------------------------------------------------------
    def expression(self, node: ast.expr, targets: tuple[str, ...] = ()) -> None:
        """Every call and comparison in it, inner ones first."""
        if isinstance(node, (ast.Name, ast.Constant)):
            return
        found = syntax.facts(node)
        before = self.loops
        for comprehension in found.loops:
            over = syntax.container(comprehension.iter)
            text = self.text(over) if over is not None else None
            if text:
                self.loops = {**self.loops, **{ast.unparse(n): text for n in syntax.targets(comprehension.target)}}
        spine = self.spine(node) if targets else []
        for call in found.calls:
            self.call(call, targets if call is node or call in spine else ())
        for pair in found.sides:
            if isinstance(pair, ast.BinOp) and isinstance(pair.op, ast.Sub):
                self.compared([pair.left, pair.right], pair)
            elif isinstance(pair, ast.Compare) and len(pair.comparators) == 1 and isinstance(pair.ops[0], ast.Eq):
                self.compared([pair.left, pair.comparators[0]], pair)
        self.loops = before

    def call(self, node: ast.Call, targets: tuple[str, ...]) -> None:
        """One call: the notebook's own functions are followed, the field's are known."""
        who = syntax.keyword(node, "sensitive_features") if node.keywords else None
        if who is not None and (text := self.text(who)):
            self.story.people.append(text)
        if self.follows(node, targets):
            return
        name = syntax.last(node)
        owner = node.func.value if isinstance(node.func, ast.Attribute) else None
        if owner is not None and self.on_owner(name, owner, node, targets):
            return
        if name == "train" and len(node.args) + len(node.keywords) >= 2 and targets:  # xgb.train(params, dtrain)
            data = syntax.argument(node, 1, "dtrain", "train_set")
            self.watched(node, targets[0])
            self.use("fit", targets[0], *self.boxed.get(self.text(data) or "", (None, None)), node)
        elif name in syntax.ON_MODEL:
            parts = [syntax.argument(node, i, w) for i, w in enumerate(("estimator", "X", "y"))]
            if all(p is not None for p in parts):
                self.use("score", self.text(parts[0]), self.text(parts[1]), self.text(parts[2]), node)
        elif name in syntax.CROSS:
            estimator, X, y = (self.text(syntax.argument(node, i, w)) for i, w in enumerate(("estimator", "X", "y")))
            self.use("cross", estimator, X, y, node)
        elif name in ("dump", "dumps", "log_model") or (name in ("save", "save_model") and node.args and owner is None):
            self.saved(node)
        elif name == "train_test_split":
            self.split(node, targets)
        elif syntax.is_metric(node):
            self.metric(node)

    def on_owner(self, name: str, owner: ast.expr, node: ast.Call, targets: tuple[str, ...]) -> bool:
        """`clf.fit(...)`, `clf.predict(...)`, `clf.score(...)`, `models.append(clf)`, `clf.save(...)`."""
        if name == "fit":
            self.fitted(owner, node, targets)
        elif name in syntax.PREDICT:
            model, X = self.asked(node)
            if X is not None:
                self.use("predict", model, X, None, node)
        elif name in syntax.SCORE and (node.args or node.keywords):
            data, labels = syntax.argument(node, 0, "X", "x"), syntax.argument(node, 1, "y")
            box = self.boxed.get(self.text(data) or "", (None, None))
            if labels is not None:
                self.use("score", self.model(owner, ()), self.text(data), self.text(labels), node)
            elif box[1]:
                self.use("score", self.model(owner, ()), *box, node)
        elif name in ("save_model", "save", "to_disk", "save_weights", "export"):
            self.use("save", self.text(owner), None, None, node)
            self.saved(node)  # torch.save(model, path)
        elif name == "append" and node.args:
            self.keep(self.text(owner), node.args[0])
        elif name == "split" and len(targets) >= 4:
            self.split(node, targets)
        else:
            return False
        return True

    def fitted(self, owner: ast.expr, node: ast.Call, targets: tuple[str, ...]) -> None:
        """`clf.fit(X, y)`; without arguments, `OLS(y, X).fit()`: the data came earlier, the labels first."""
        X, y = syntax.argument(node, 0, "X", "x"), syntax.argument(node, 1, "y")
        model = self.model(owner, targets)
        if X is None:
            data = self.built.get(self.text(owner) or "")
            if isinstance(owner, ast.Call) and len(owner.args) >= 2:
                data = self.text(owner.args[0]), self.text(owner.args[1])
            if data is not None:
                self.use("fit", targets[0] if targets else model, data[1], data[0], node)
            return
        boxed = self.boxed.get(self.text(X) or "")
        self.watched(node, model)
        self.use("fit", model, *(boxed or (self.text(X), self.text(y))), node)

    def watched(self, node: ast.Call, model: str | None) -> None:
        """Data that stops the training early: `eval_set`, `validation_data`, `evals`, `valid_sets`."""
        given = syntax.keyword(node, "eval_set", "validation_data", "evals", "valid_sets")
        entries = [given] if isinstance(given, ast.Tuple) else list(syntax.pairs(given)) or ([given] if given else [])
        for entry in entries:
            parts = list(syntax.pairs(entry))
            box = self.boxed.get(self.text(parts[0] if parts else entry) or "")
            if box is None and len(parts) == 2:
                box = self.text(parts[0]), self.text(parts[1])
            if box is not None and box[0]:
                self.use("watch", model, *box, node)

    def saved(self, node: ast.Call) -> None:
        """`joblib.dump(clf, path)`, `dump({"model": clf, "scaler": sc}, path)`, `log_model(sk_model=clf)`."""
        what = syntax.argument(node, 0, "sk_model", "model", "xgb_model", "lgb_model", "value", "obj")
        place = syntax.argument(node, 1, "filename", "file")
        if place is not None and what is not None:
            self.stored[self.text(place) or ""] = self.text(what) or ""
        held = what.values if isinstance(what, ast.Dict) else list(syntax.pairs(what)) or ([what] if what else [])
        for part in held:
            self.use("save", self.text(part), None, None, node)

    def metric(self, node: ast.Call) -> None:
        """`f1_score(y_true, y_pred)`, in either order and by name."""
        true = syntax.argument(node, 0, "y_true")
        at = 0 if syntax.keyword(node, "y_true") is not None else 1
        said = syntax.argument(node, at, "y_pred", "y_score", "y_proba", "y_prob", "probas_pred")
        if true is not None and said is not None:
            self.compared([true, said], node)

    def compared(self, sides: list[ast.expr], node: ast.AST) -> None:
        """Labels beside predictions: tells which labels belong to which data."""
        asked = [self.prediction(side) for side in sides]
        if (asked[0] is None) == (asked[1] is None):
            return
        model, X = asked[0] or asked[1] or (None, None)
        labels = sides[1] if asked[0] is not None else sides[0]
        if not isinstance(labels, ast.Constant):
            self.use("score", model, X, self.text(labels), node)

    def split(self, node: ast.Call, targets: tuple[str, ...]) -> None:
        """`a, b, c, d = train_test_split(X, y)`."""
        inputs = [self.text(a) for a in node.args if not isinstance(a, ast.Starred)]
        found = tuple(zip(targets[::2], targets[1::2], strict=False))
        if targets and len(found) == len(inputs):
            self.story.splits.append(
                Split(
                    inputs=tuple(i or "" for i in inputs),
                    outputs=found,
                    cell=self.cell,
                    line=node.lineno,
                    order=self.tick(),
                )
            )
