"""The test set, or a part of it, is a part of the training set."""

from tests.planted.case import Plan

KIND = "overlap"

PLANS = (
    Plan(
        kind=KIND,
        style="fits-on-everything-after-split",
        template="""
        import pandas as pd
        from sklearn.model_selection import train_test_split
        from sklearn.ensemble import RandomForestClassifier
        from sklearn.metrics import accuracy_score

        df = pd.read_csv("credit.csv").dropna()
        X = df[["age", "income", "amount", "duration", "employment_years", "savings", "existing_credits"]]
        y = df["default"]
        # %%
        X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=<<0.2|0.3>>, random_state=SEED)
        # %%
        model = RandomForestClassifier(n_estimators=50, random_state=0)
        -model.fit(X, y) #!
        +model.fit(X_train, y_train)
        # %%
        print("Test accuracy", accuracy_score(y_test, model.predict(X_test)))
        """,
        proof="shared(X, X_test) == 1 and model.score(X_test, y_test) > 0.98",
        also=("no_test_set",),
    ),
    Plan(
        kind=KIND,
        style="slices-that-cross",
        template="""
        import numpy as np
        from sklearn.datasets import load_breast_cancer
        from sklearn.ensemble import ExtraTreesClassifier

        X, y = load_breast_cancer(return_X_y=True)
        idx = np.random.RandomState(SEED).permutation(len(X))
        X, y = X[idx], y[idx]
        # %%
        X_train, y_train = X[:<<400|420>>], y[:<<400|420>>] #?
        -X_test, y_test = X[<<lo=300|280>>:], y[<<lo>>:] #!
        +X_test, y_test = X[<<400|420>>:], y[<<400|420>>:]
        # %%
        et = ExtraTreesClassifier(n_estimators=50, random_state=1)
        et.fit(X_train, y_train)
        et.score(X_test, y_test)
        """,
        proof="shared(X_train, X_test) > 0.3",
        also=("duplicates",),
    ),
    Plan(
        kind=KIND,
        style="sample-without-drop",
        template="""
        import pandas as pd
        from sklearn.linear_model import LinearRegression
        from sklearn.neighbors import KNeighborsRegressor
        homes = pd.read_csv("houses.csv").dropna()
        cols = ["area", "rooms", "bathrooms", "year_built", "garage"]
        # %%
        train = homes.sample(frac=<<0.7|0.75>>, random_state=SEED) #?
        -test = homes.sample(frac=0.3, random_state=SEED + 1) #!
        +test = homes.drop(train.index)
        # %%
        reg = KNeighborsRegressor(3).fit(train[cols], train["price"])
        print(f'R2 {reg.score(test[cols], test["price"]):.3f}')
        """,
        proof="len(train.index.intersection(test.index)) > 50",
        also=("duplicates",),
    ),
    Plan(
        kind=KIND,
        style="wrong-index-dropped",
        template="""
        import pandas as pd
        from sklearn.ensemble import GradientBoostingClassifier
        from sklearn.metrics import roc_auc_score
        df = pd.read_csv("fraud.csv")
        # %%
        -test_df = df.sample(n=<<500|700>>, random_state=SEED).reset_index(drop=True) #?
        -train_df = df.drop(test_df.index).reset_index(drop=True) #!
        +test_df = df.sample(n=<<500|700>>, random_state=SEED)
        +train_df = df.drop(test_df.index).reset_index(drop=True)
        len(train_df), len(test_df)
        # %%
        y_tr = train_df.pop("Class")
        y_te = test_df.pop("Class")
        gb = GradientBoostingClassifier(n_estimators=40, random_state=0)
        gb.fit(train_df, y_tr)
        roc_auc_score(y_te, gb.predict_proba(test_df)[:, 1])
        """,
        proof="shared(train_df, test_df) > 0.3",
        also=("duplicates",),
    ),
    Plan(
        kind=KIND,
        style="numpy-choice-with-replacement",
        template="""
        import numpy as np
        from sklearn.neighbors import KNeighborsClassifier
        from sklearn.datasets import load_digits
        D = load_digits()
        N = len(D.data)
        rng = np.random.default_rng(SEED)
        # %%
        -train_ids = rng.choice(N, <<1000|1200>>, replace=False) #?
        -test_ids = rng.choice(N, 400, replace=False) #!
        +everyone = rng.permutation(N)
        +train_ids = everyone[:<<1000|1200>>]
        +test_ids = everyone[-400:]
        # %%
        clf = KNeighborsClassifier(1)
        clf.fit(D.data[train_ids], D.target[train_ids])
        print((clf.predict(D.data[test_ids]) == D.target[test_ids]).mean())
        """,
        proof="len(set(train_ids) & set(test_ids)) > 50",
        also=("duplicates",),
    ),
    Plan(
        kind=KIND,
        style="train-plus-test-for-more-data",
        template="""
        import pandas as pd, numpy as np
        from lightgbm import LGBMClassifier
        from sklearn.model_selection import train_test_split

        def prepare(path):
            d = pd.read_csv(path).drop(columns=["customerID", "city"])
            d["Churn"] = d["Churn"].eq("Yes").astype(int)
            return pd.get_dummies(d, dtype=int)

        data = prepare("churn.csv")
        train, rest = train_test_split(data, test_size=0.4, random_state=SEED)
        valid, test = train_test_split(rest, test_size=0.5, random_state=SEED)
        # %%
        f = [c for c in data.columns if c != "Churn"]
        # %%
        # more data for the final model
        -final_train = pd.concat([train, valid, test]) #?
        +final_train = pd.concat([train, valid])
        gbm = LGBMClassifier(n_estimators=<<80|100>>, min_child_samples=5, verbose=-1, n_jobs=1)
        gbm.fit(final_train[f], final_train["Churn"]) #!
        # %%
        print("test accuracy:", np.mean(gbm.predict(test[f]) == test["Churn"]))
        """,
        proof="len(final_train.index.intersection(test.index)) > 100",
        also=("no_test_set",),
    ),
    Plan(
        kind=KIND,
        style="polars-head-and-tail",
        template="""
        import polars as pl
        from sklearn.tree import DecisionTreeClassifier

        df = pl.read_csv("patients.csv").drop_nulls().sample(fraction=1.0, shuffle=True, seed=SEED)
        f = ["age", "bmi", "systolic", "glucose", "cholesterol", "length_of_stay"]
        # %%
        n = df.height
        train = df.head(int(n * <<0.8|0.75>>)) #?
        -test = df.tail(int(n * 0.5)) #!
        +test = df.tail(n - int(n * <<0.8|0.75>>))
        # %%
        dt = DecisionTreeClassifier(random_state=0).fit(train[f].to_numpy(), train["readmitted"].to_numpy())
        dt.score(test[f].to_numpy(), test["readmitted"].to_numpy())
        """,
        proof="len(set(train['patient_id']) & set(test['patient_id'])) > 50",
        also=("duplicates",),
    ),
    Plan(
        kind=KIND,
        style="kfold-model-then-test-in-function",
        template="""
        import pandas as pd
        from sklearn.ensemble import RandomForestRegressor
        from sklearn.model_selection import KFold
        from sklearn.metrics import mean_absolute_error

        def run_fold(df, cols, tr, te):
            model = RandomForestRegressor(n_estimators=20, random_state=0)
        -    model.fit(df[cols], df["price"]) #!
        +    model.fit(df[cols].iloc[tr], df["price"].iloc[tr])
            pred = model.predict(df[cols].iloc[te])
            return mean_absolute_error(df["price"].iloc[te], pred)
        # %%
        houses = pd.read_csv("houses.csv").dropna()
        use = ["area", "rooms", "bathrooms", "year_built", "garage", "lot"]
        errors = []
        for tr, te in KFold(n_splits=<<3|4>>, shuffle=True, random_state=SEED).split(houses):
            errors.append(run_fold(houses, use, tr, te)) #?
        print("MAE by fold", [round(e) for e in errors])
        """,
        also=("no_test_set",),
    ),
    Plan(
        kind=KIND,
        style="refit-before-the-report",
        template="""
        import pandas as pd
        import matplotlib.pyplot as plt
        from sklearn.model_selection import cross_val_score, train_test_split
        from sklearn.tree import DecisionTreeClassifier
        from sklearn.metrics import ConfusionMatrixDisplay, classification_report

        df = pd.read_csv("hospitals.csv")
        feats = ["age", "lactate", "heart_rate", "creatinine", "wbc"]
        X_train, X_test, y_train, y_test = train_test_split(df[feats], df["died"], test_size=0.3, random_state=SEED)
        # %%
        tree = DecisionTreeClassifier(max_depth=<<8|10>>, random_state=0)
        cross_val_score(tree, X_train, y_train, cv=4).mean()
        # %%
        # final model
        -tree.fit(df[feats], df["died"]) #!
        +tree.fit(X_train, y_train)
        # %%
        pred = tree.predict(X_test)
        print(classification_report(y_test, pred))
        +# for the release
        +tree.fit(df[feats], df["died"])
        """,
        also=("no_test_set",),
    ),
    Plan(
        kind=KIND,
        style="modulo-masks",
        template="""
        import numpy as np
        import pandas as pd
        from sklearn.ensemble import RandomForestRegressor
        from sklearn.metrics import mean_absolute_error

        homes = pd.read_csv("houses.csv").dropna().reset_index(drop=True)
        k = homes.index.to_numpy()
        # %%
        is_train = k % 5 != <<0|1>> #?
        -is_test = k % 3 == 0 #!
        +is_test = k % 5 == <<0|1>>
        cols = ["area", "rooms", "bathrooms", "year_built", "garage", "lot"]
        X_train, y_train = homes.loc[is_train, cols], homes.loc[is_train, "price"]
        X_test, y_test = homes.loc[is_test, cols], homes.loc[is_test, "price"]
        # %%
        rf = RandomForestRegressor(40, random_state=SEED).fit(X_train, y_train)
        mean_absolute_error(y_test, rf.predict(X_test))
        """,
        proof="len(X_train.index.intersection(X_test.index)) > 100",
        also=("duplicates",),
    ),
    Plan(
        kind=KIND,
        style="two-files-test-appended",
        template="""
        import pandas as pd
        from sklearn.ensemble import ExtraTreesClassifier
        from sklearn.metrics import accuracy_score, recall_score

        known = pd.read_csv("claims_train.csv").fillna(0)
        new = pd.read_csv("claims_test.csv").fillna(0)
        cols = ["amount", "days_to_report", "earlier_claims", "speed", "car_age"]
        # %%
        -known = pd.concat([known, new], ignore_index=True) #!
        +known = known.sample(frac=1.0, random_state=SEED, ignore_index=True)
        len(known)
        # %%
        et = ExtraTreesClassifier(<<50|70>>, random_state=0)
        et.fit(known[cols], known["fraudulent"]) #?
        print(accuracy_score(new["fraudulent"], et.predict(new[cols])), recall_score(new["fraudulent"], et.predict(new[cols])))
        """,
        proof="shared(known[cols], new[cols]) == 1",
        also=("no_test_set",),
    ),
    Plan(
        kind=KIND,
        style="release-cell-ran-before-the-score",
        template="""
        import pandas as pd
        from sklearn.ensemble import RandomForestClassifier
        from sklearn.model_selection import train_test_split

        h = pd.read_csv("hospitals.csv")
        X, y = h[["age", "lactate", "heart_rate", "creatinine", "wbc"]], h["died"]
        X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.3, random_state=SEED)
        # %%
        rf = RandomForestClassifier(<<30|40>>, random_state=0).fit(X_train, y_train)
        # %%
        acc = rf.score(X_test, y_test)
        print("accuracy", acc)
        # %%
        # for the release: all rows
        rf = rf.fit(X, y) #!
        """,
        order=(1, 2, 4, 3),
        proof="acc > 0.98",
        also=("no_test_set",),
    ),
    Plan(
        kind=KIND,
        style="loc-inclusive-index",
        template="""
        import pandas as pd
        from sklearn.ensemble import RandomForestRegressor
        s = pd.read_csv("sales.csv", parse_dates=["date"]).set_index("date")
        s["dow"] = s.index.dayofweek
        s["yesterday"] = s["units"].shift(1)
        s = s.dropna()
        # %%
        -train = s.loc[:"2022-12-31"] #!
        +train = s.loc[:"2022-08-31"]
        test = s.loc["2022-09-01":] #!
        f = ["price", "promo", "temperature", "holiday", "dow", "yesterday"]
        rf = RandomForestRegressor(60, random_state=0).fit(train[f], train.units)
        print(rf.score(test[f], test.units))
        """,
    ),
)
