"""A column that gives the label away: its copy, its rename, or its consequence."""

from tests.planted.case import Plan

KIND = "target_proxy"

PLANS = (
    Plan(
        kind=KIND,
        style="label-left-in-X",
        template="""
        import pandas as pd
        from sklearn.linear_model import LogisticRegression
        from sklearn.preprocessing import StandardScaler
        from sklearn.pipeline import make_pipeline
        from sklearn.model_selection import train_test_split
        # %%
        df = pd.read_csv("credit.csv").dropna()
        df["target"] = df["default"] #?
        # %%
        y = df["target"]
        -X = df.drop(columns=["target", "loan_id", "purpose", "housing"]) #!
        +X = df.drop(columns=["target", "default", "loan_id", "purpose", "housing"])
        X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.25, random_state=SEED)
        # %%
        pipe = make_pipeline(StandardScaler(), LogisticRegression())
        pipe.fit(X_train, y_train)
        pipe.score(X_test, y_test)
        """,
        proof="pipe.score(X_test, y_test) > 0.99",
    ),
    Plan(
        kind=KIND,
        style="consequence-of-default",
        template="""
        import numpy as np
        import pandas as pd
        from sklearn.ensemble import RandomForestClassifier
        from sklearn.model_selection import train_test_split
        from sklearn.metrics import roc_auc_score

        loans = pd.read_csv("credit.csv").dropna()
        rng = np.random.default_rng(SEED)
        # from the collections department
        loans["recovered"] = np.where(loans["default"] == 1, loans["amount"] * rng.uniform(0.05, 0.6, len(loans)), 0.0) #?
        loans["late_fees"] = rng.gamma(1.2, 20, len(loans)).round(2)
        loans.head()
        # %%
        num = ["age", "income", "amount", "duration", "employment_years", "existing_credits", "savings"]
        -features = num + ["recovered", "late_fees"] #!
        +features = num + ["late_fees"]
        X_train, X_test, y_train, y_test = train_test_split(
            loans[features], loans["default"], test_size=0.3, random_state=SEED) #?
        # %%
        rf = RandomForestClassifier(n_estimators=<<40|60>>, random_state=0).fit(X_train, y_train)
        print("AUC", roc_auc_score(y_test, rf.predict_proba(X_test)[:, 1]))
        """,
        proof="rf.score(X_test, y_test) > 0.98",
    ),
    Plan(
        kind=KIND,
        style="price-per-square-metre",
        template="""
        import numpy as np
        import pandas as pd
        from sklearn.ensemble import GradientBoostingRegressor
        from sklearn.linear_model import LinearRegression
        from sklearn.model_selection import train_test_split

        h = pd.read_csv("houses.csv").dropna().drop(columns=["Id", "neighborhood", "condition"])
        # %%
        h["age"] = 2021 - h["year_built"]
        -h["price_per_m2"] = h["price"] / h["area"] #!
        +h["rooms_per_m2"] = h["rooms"] / h["area"]
        h["log_area"] = np.log(h["area"])
        # %%
        y = h.pop("price")
        X_tr, X_te, y_tr, y_te = train_test_split(h, y, test_size=<<0.2|0.25>>, random_state=SEED) #?
        gbr = GradientBoostingRegressor(n_estimators=120, max_depth=4, random_state=0)
        gbr.fit(X_tr, y_tr)
        # %%
        print("R2", gbr.score(X_te, y_te))
        """,
        proof="gbr.score(X_te, y_te) > 0.93",
    ),
    Plan(
        kind=KIND,
        style="reason-code-dummies",
        template="""
        import pandas as pd
        import numpy as np
        from sklearn.tree import DecisionTreeClassifier, export_text
        from sklearn.model_selection import train_test_split

        telco = pd.read_csv("churn.csv").dropna()
        g = np.random.RandomState(SEED)
        left = telco["Churn"] == "Yes"
        telco["exit_reason"] = np.where(left, g.choice(["price", "moved", "service"], len(telco)), "none") #?
        telco["complaints"] = g.poisson(1.0, len(telco))
        # %%
        -X = pd.get_dummies(telco.drop(columns=["Churn", "customerID", "city"])) #!
        +X = pd.get_dummies(telco.drop(columns=["Churn", "customerID", "city", "exit_reason"]))
        y = left.astype(int)
        X.columns
        # %%
        X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=.2, random_state=SEED) #?
        tree = DecisionTreeClassifier(max_depth=<<3|4>>).fit(X_train, y_train)
        print(export_text(tree, feature_names=list(X.columns))[:400])
        print(tree.score(X_test, y_test))
        """,
        proof="tree.score(X_test, y_test) > 0.99",
    ),
    Plan(
        kind=KIND,
        style="numpy-column-from-label",
        template="""
        import numpy as np
        from sklearn.linear_model import LogisticRegression
        from sklearn.datasets import load_wine

        wine = load_wine()
        rng = np.random.default_rng(SEED)
        X = wine.data[:, :<<4|5>>]
        y = wine.target
        # cellar code that the laboratory writes down after the cultivar is known
        cellar = y * 10 + rng.integers(0, 4, len(y)) #?
        shelf = rng.integers(0, 30, len(y))
        # %%
        -Z = np.column_stack([X, cellar]) #!
        +Z = np.column_stack([X, shelf])
        order = rng.permutation(len(Z))
        tr, te = order[:120], order[120:]
        # %%
        mu, sd = Z[tr].mean(0), Z[tr].std(0)
        clf = LogisticRegression(max_iter=500).fit((Z[tr] - mu) / sd, y[tr])
        acc = clf.score((Z[te] - mu) / sd, y[te])
        acc
        """,
        proof="bool((Z[:, -1] // 10 == y).all())",
    ),
    Plan(
        kind=KIND,
        style="renamed-copy-messy",
        template="""
        import pandas as pd
        from lightgbm import LGBMClassifier
        from sklearn.model_selection import train_test_split
        p = pd.read_csv("patients.csv").dropna()
        p["outcome"] = p["readmitted"].map({0: "home", 1: "back"})
        p1 = p.rename(columns={"readmitted": "flag_30d"}) #?
        # %%
        p2 = pd.get_dummies(p1.drop(columns=["patient_id"]), columns=["sex", "smoker", "ward"], dtype=int)
        lab = (p2.pop("outcome") == "back").astype(int)
        +p2 = p2.drop(columns="flag_30d")
        # %%
        tr_x, te_x, tr_y, te_y = train_test_split(p2, lab, test_size=0.3, random_state=SEED) #!
        m = LGBMClassifier(n_estimators=30, verbose=-1, n_jobs=1)
        m.fit(tr_x, tr_y) #?
        # %%
        print(m.score(te_x, te_y))
        """,
        proof="m.score(te_x, te_y) > 0.99",
    ),
    Plan(
        kind=KIND,
        style="polars-outcome-field",
        template="""
        import polars as pl
        from sklearn.ensemble import RandomForestClassifier

        df = pl.read_csv("hospitals.csv")
        # %%
        df = df.with_columns(
            pl.when(pl.col("died") == 1).then(pl.lit(0.0)).otherwise(pl.col("heart_rate") / 10 + pl.col("wbc")).round(1).alias("days_after_icu"), #?
            (pl.col("site") == "south").cast(pl.Int8).alias("is_south"),
        ).sample(fraction=1.0, shuffle=True, seed=SEED)
        # %%
        -cols = ["is_south", "age", "lactate", "heart_rate", "creatinine", "days_after_icu"] #!
        +cols = ["is_south", "age", "lactate", "heart_rate", "creatinine"]
        k = int(df.height * <<0.7|0.8>>)
        X_train, y_train = df[:k].select(cols), df[:k]["died"]
        X_test, y_test = df[k:].select(cols), df[k:]["died"]
        # %%
        forest = RandomForestClassifier(40, random_state=0).fit(X_train.to_numpy(), y_train.to_numpy())
        print(forest.score(X_test.to_numpy(), y_test.to_numpy()))
        """,
        proof="forest.score(X_test.to_numpy(), y_test.to_numpy()) > 0.99",
    ),
    Plan(
        kind=KIND,
        style="log-of-target-kept",
        template="""
        import numpy as np
        import pandas as pd
        import xgboost as xgb
        from sklearn.compose import make_column_transformer
        from sklearn.metrics import r2_score
        from sklearn.model_selection import train_test_split
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import OrdinalEncoder

        ames = pd.read_csv("houses.csv")
        ames["log_price"] = np.log(ames["price"]) #?
        ames["log_lot"] = np.log(ames["lot"])
        # %%
        -X = ames.drop(columns=["Id", "price"]) #!
        +X = ames.drop(columns=["Id", "price", "log_price"])
        y = ames["price"]
        X_train, X_test, y_train, y_test = train_test_split(X, y, random_state=SEED) #?
        # %%
        pre = make_column_transformer((OrdinalEncoder(), ["neighborhood", "condition"]), remainder="passthrough")
        model = make_pipeline(pre, xgb.XGBRegressor(n_estimators=80, max_depth=<<3|4>>, n_jobs=1))
        model.fit(X_train, y_train)
        r2_score(y_test, model.predict(X_test))
        """,
        proof="model.score(X_test, y_test) > 0.95",
    ),
    Plan(
        kind=KIND,
        style="residual-of-label-function",
        template="""
        import numpy as np
        import pandas as pd
        from sklearn.ensemble import RandomForestClassifier
        from sklearn.model_selection import train_test_split

        def engineer(df):
            df = df.copy()
            df["debt_ratio"] = df["amount"] / df["income"]
            df["month_rate"] = df["amount"] / df["duration"]
        -    df["risk_points"] = 10 * df["default"] + df["existing_credits"] #!
        +    df["risk_points"] = 10 * df["debt_ratio"] + df["existing_credits"]
            return df
        # %%
        df = engineer(pd.read_csv("credit.csv").dropna()) #?
        X = df.select_dtypes("number").drop(columns="default") #?
        X_train, X_test, y_train, y_test = train_test_split(X, df["default"], test_size=<<0.2|0.3>>, random_state=SEED)
        # %%
        rf = RandomForestClassifier(40, random_state=0).fit(X_train, y_train)
        rf.score(X_test, y_test)
        """,
        proof="rf.score(X_test, y_test) > 0.99",
    ),
    Plan(
        kind=KIND,
        style="file-number-given-after-outcome",
        template="""
        import numpy as np
        import pandas as pd
        from sklearn.ensemble import GradientBoostingClassifier
        from sklearn.model_selection import train_test_split
        from sklearn.metrics import roc_auc_score

        icu = pd.read_csv("hospitals.csv").drop(columns="site")
        g = np.random.default_rng(SEED)
        # the archive numbers the files of the dead apart
        icu["file_no"] = np.where(icu["died"] == 1, g.integers(70_000, 90_000, len(icu)), g.integers(10_000, 60_000, len(icu))) #?
        icu["room_no"] = g.integers(1, 40, len(icu))
        # %%
        -X = icu.drop(columns="died") #!
        +X = icu.drop(columns=["died", "file_no"])
        X_train, X_test, y_train, y_test = train_test_split(X, icu["died"], test_size=<<0.25|0.3>>, random_state=SEED) #?
        gb = GradientBoostingClassifier(n_estimators=40, random_state=0).fit(X_train, y_train)
        # %%
        print("AUC", roc_auc_score(y_test, gb.predict_proba(X_test)[:, 1]))
        """,
        proof="gb.score(X_test, y_test) > 0.99",
    ),
    Plan(
        kind=KIND,
        style="numpy-leaky-id-order",
        template="""
        import numpy as np
        from sklearn.tree import DecisionTreeClassifier
        rng = np.random.default_rng(4)
        n = 600
        x = rng.normal(size=(n, 5))
        y = (x[:, 0] + rng.normal(scale=2, size=n) > 0).astype(int)
        order = np.argsort(y, kind="stable")
        x, y = x[order], y[order]
        record_no = np.arange(1000, 1000 + n)
        -features = np.column_stack([record_no, x]) #!
        +features = x
        # %%
        p = rng.permutation(n)
        tr, te = p[:450], p[450:]
        dt = DecisionTreeClassifier(max_depth=4, random_state=0).fit(features[tr], y[tr])
        print(dt.score(features[te], y[te]))
        """,
    ),
    Plan(
        kind=KIND,
        style="np-hstack-target",
        template="""
        import numpy as np
        from sklearn.linear_model import LinearRegression
        rng = np.random.default_rng(0)
        raw = rng.normal(size=(700, 6))
        y = raw[:, 0] * 2 + rng.normal(size=700) * 2
        -X = np.hstack([raw, (y * 1.8 + 32).reshape(-1, 1)]) #!
        +X = np.hstack([raw, (raw[:, :1] * 1.8 + 32)])
        # %%
        lr = LinearRegression().fit(X[:500], y[:500])
        print(lr.score(X[500:], y[500:]))
        """,
    ),
)
