"""Messages and remedies, with the notebook's own names."""

from __future__ import annotations

from mlready_nb.finding import Place
from mlready_nb.leakage.cells.judge import Fault


def _at(place: Place | None) -> str:
    return f"cell {place.cell}" if place is not None and place.cell is not None else "the cells"


def message(fault: Fault, place: Place | None, split: Place | None) -> str:
    """One sentence."""
    event = fault.event
    test = (event.T.name if event is not None else "") or "the test set"
    where = f" in {_at(place)}"
    first = fault.split is None or fault.site.step < fault.split.step
    own = "test set alone" in fault.words
    order = "before" if first else "after" if own else "over both sides of"
    after = (
        f", {order} the split in {_at(split)}"
        if split is not None
        and fault.kind not in ("sampling_bias", "overlap", "multi_test", "early_stopping", "temporal", "target_proxy")
        else ""
    )
    if event is not None and event.how == "cross" and not after:
        after = ", before the folds of the cross-validation were cut"
    head = fault.words[:1].upper() + fault.words[1:] if not fault.words.startswith("`") else fault.words
    match fault.kind:
        case "preprocessing" | "imputation" | "feature_selection" | "target_encoding" | "oversampling" | "duplicates":
            return f"{head}{where}{after}: rows of {test} took part."
        case "overlap":
            return f"{head}{where}: the score on {test} does not tell how it does on new rows."
        case "multi_test":
            times = f" ({fault.count} looks)" if fault.count > 1 else ""
            return f"{head}{where}{times}: the score of the chosen one is too good."
        case "early_stopping":
            return f"{head}{where}: the score on {test} is too good."
        case "no_test_set":
            return f"{head}{where}."
    return f"{head}{where}."


def remedy(fault: Fault) -> str:
    """Code that mends it."""
    event = fault.event
    model = (event.fit.est.name if event is not None else "") or "model"
    train = (event.fit.X.name if event is not None else "") or "X_train"
    test = (event.T.name if event is not None else "") or "X_test"
    y = (event.fit.y.name if event is not None and event.fit.y is not None else "") or "y_train"
    step = fault.trace.op if fault.trace is not None and fault.trace.op[:1].isupper() else ""
    name = next(iter(fault.variables), "") or "step"
    match fault.kind:
        case "preprocessing" | "imputation" | "feature_selection" | "target_encoding" if step:
            return f"{model} = make_pipeline({step}(), {model})\n{model}.fit({train}, {y})  # {step} now learns from {train} only"
        case "preprocessing" | "imputation":
            return f"# split first, then take the statistic from the training rows only\nvalue = {train}.mean()\n{train}, {test} = {train} - value, {test} - value"
        case "feature_selection":
            return f"# split first, then choose the columns on the training rows only\ncolumns = {train}.corrwith({y}).abs().nlargest(10).index\n{train}, {test} = {train}[columns], {test}[columns]"
        case "target_encoding":
            return f"# split first; TargetEncoder fits in folds of the training rows\n{model} = make_pipeline(TargetEncoder(), {model})\n{model}.fit({train}, {y})"
        case "oversampling" | "duplicates":
            return (
                f"# split first, then repeat rows of the training part only\n{train}, {y} = {name}.fit_resample({train}, {y})"
                if fault.kind == "oversampling"
                else "df = df.drop_duplicates()  # before the split"
            )
        case "overlap":
            return f"X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=0)\n{model}.fit(X_train, y_train)\n{model}.score(X_test, y_test)"
        case "no_test_set":
            return f"X_train, X_test, y_train, y_test = train_test_split({train}, {y}, random_state=0)\n{model}.fit(X_train, y_train)\n{model}.score(X_test, y_test)"
        case "multi_test":
            return f"# choose on a validation part (or by cross-validation) of the training rows; score {test} once\nsearch = GridSearchCV({model}, grid).fit({train}, {y})\nsearch.score({test}, y_test)"
        case "early_stopping":
            return f"X_fit, X_valid, y_fit, y_valid = train_test_split({train}, {y}, random_state=0)\n{model}.fit(X_fit, y_fit, eval_set=[(X_valid, y_valid)])"
        case "target_proxy":
            column = repr(fault.columns[0]) if fault.columns else "..."
            return f"{train} = {train}.drop(columns=[{column}])"
        case "temporal":
            return (
                "# use earlier rows only: shift(1), rolling(...).mean().shift(1), ffill(); split by time, not at random"
            )
        case "sampling_bias":
            return f"# score on every row of {test}; filter or balance the training rows only"
    return ""
