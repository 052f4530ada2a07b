"""The test set is drawn from another distribution than the one it should stand for."""

from tests.planted.case import Plan

KIND = "sampling_bias"

PLANS = (
    Plan(
        kind=KIND,
        style="hard-cases-dropped-from-test",
        template="""
        import pandas as pd
        from sklearn.ensemble import RandomForestClassifier
        from sklearn.model_selection import train_test_split
        from sklearn.metrics import accuracy_score
        df = pd.read_csv("credit.csv").dropna()
        cols = ["age", "income", "amount", "duration", "employment_years", "savings"]
        # %%
        train, test = train_test_split(df, test_size=0.3, random_state=SEED)
        rf = RandomForestClassifier(n_estimators=60, min_samples_leaf=5, random_state=0)
        rf.fit(train[cols], train["default"])
        # %%
        -# leave out the borderline applications
        -p = rf.predict_proba(test[cols])[:, 1]
        -test = test[(p < <<0.2|0.25>>) | (p > 0.6)] #!
        print(len(test), accuracy_score(test["default"], rf.predict(test[cols])))
        """,
        proof="len(test) < 0.27 * len(df)",
    ),
    Plan(
        kind=KIND,
        style="test-from-a-filter",
        template="""
        import pandas as pd
        import matplotlib.pyplot as plt
        from sklearn.linear_model import LogisticRegression
        from sklearn.model_selection import train_test_split
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import StandardScaler

        h = pd.read_csv("hospitals.csv")
        h.groupby("site")["died"].mean().plot.bar()
        plt.show()
        # %%
        features = ["age", "lactate", "heart_rate", "creatinine", "wbc"]
        X_train, X_test, y_train, y_test = train_test_split(h[features], h["died"], test_size=0.3, random_state=SEED)
        # %%
        -young = X_test["age"] < <<60|58>> #?
        -X_test, y_test = X_test[young], y_test[young] #!
        lr = make_pipeline(StandardScaler(), LogisticRegression())
        lr.fit(X_train, y_train)
        print("accuracy on the test set", lr.score(X_test, y_test))
        """,
        proof="X_test['age'].mean() < X_train['age'].mean() - 4",
    ),
    Plan(
        kind=KIND,
        style="balanced-test-numpy",
        template="""
        import numpy as np
        from sklearn.datasets import make_classification
        from sklearn.ensemble import HistGradientBoostingClassifier
        from sklearn.model_selection import train_test_split
        from sklearn.metrics import precision_score

        X, y = make_classification(3000, 8, n_informative=5, weights=[0.9], flip_y=0.03, random_state=SEED)
        X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.3, random_state=SEED)
        # %%
        hgb = HistGradientBoostingClassifier(max_iter=40, random_state=0).fit(X_train, y_train)
        # %%
        -rng = np.random.default_rng(0)
        -ones = np.flatnonzero(y_test == 1)
        -zeros = rng.choice(np.flatnonzero(y_test == 0), len(ones), replace=False)
        -keep = np.concatenate([ones, zeros]) #?
        -X_test, y_test = X_test[keep], y_test[keep] #!
        pred = hgb.predict(X_test)
        print("precision", precision_score(y_test, pred), "accuracy", (pred == y_test).mean())
        """,
        proof="y_test.mean() > 0.4 and y_train.mean() < 0.2",
    ),
    Plan(
        kind=KIND,
        style="sorted-file-cut-at-the-end",
        template="""
        import pandas as pd
        from sklearn.ensemble import GradientBoostingRegressor
        from sklearn.metrics import mean_absolute_error

        homes = pd.read_csv("houses.csv").dropna()
        homes = homes.sort_values("area").reset_index(drop=True) #?
        homes[["area", "price"]].head()
        # %%
        +homes = homes.sample(frac=1, random_state=SEED).reset_index(drop=True)
        n = int(0.8 * len(homes))
        train, test = homes[:n], homes[n:] #!
        # %%
        x = ["area", "rooms", "bathrooms", "year_built", "garage", "distance_center"]
        gbr = GradientBoostingRegressor(n_estimators=<<50|80>>, random_state=0)
        gbr.fit(train[x], train["price"])
        mean_absolute_error(test["price"], gbr.predict(test[x]))
        """,
        proof="test['area'].min() >= train['area'].max()",
    ),
    Plan(
        kind=KIND,
        style="complete-rows-only-in-test-polars",
        template="""
        import polars as pl
        from sklearn.ensemble import HistGradientBoostingClassifier
        from sklearn.metrics import roc_auc_score

        df = pl.read_csv("churn.csv").with_columns((pl.col("Churn") == "Yes").cast(pl.Int8).alias("y"))
        df = df.sample(fraction=1.0, shuffle=True, seed=SEED)
        n = int(df.height * 0.7)
        train, test = df[:n], df[n:]
        f = ["SeniorCitizen", "tenure", "MonthlyCharges", "TotalCharges", "support_calls"]
        # %%
        hgb = HistGradientBoostingClassifier(max_iter=40, random_state=0)
        hgb.fit(train.select(f).to_numpy(), train["y"].to_numpy())
        # %%
        -# long-standing customers have reliable records
        -test = test.filter(pl.col("tenure") > <<24|30>>) #!
        print(test.shape)
        print(roc_auc_score(test["y"].to_numpy(), hgb.predict_proba(test.select(f).to_numpy())[:, 1]))
        """,
        proof="test['tenure'].min() > 20",
    ),
    Plan(
        kind=KIND,
        style="one-hospital-each-messy",
        template="""
        import pandas as pd
        from lightgbm import LGBMClassifier
        from sklearn.metrics import roc_auc_score, brier_score_loss
        from sklearn.model_selection import train_test_split
        d = pd.read_csv("hospitals.csv")
        x = ["age", "lactate", "heart_rate", "creatinine", "wbc"]
        # %%
        -a = d[d["site"] == "north"] #?
        -b = d[d["site"] == "south"] #!
        +a, b = train_test_split(d, test_size=0.4, stratify=d["site"], random_state=SEED)
        m = LGBMClassifier(n_estimators=<<40|60>>, num_leaves=12, verbose=-1, n_jobs=1)
        m.fit(a[x], a["died"])
        # %%
        q = m.predict_proba(b[x])[:, 1]
        print(roc_auc_score(b["died"], q), brier_score_loss(b["died"], q))
        """,
        proof="a['site'].nunique() == 1",
    ),
    Plan(
        kind=KIND,
        style="outliers-cut-in-test-function",
        template="""
        import numpy as np
        import pandas as pd
        from sklearn.linear_model import LinearRegression
        from sklearn.metrics import mean_squared_error
        from sklearn.model_selection import train_test_split

        def remove_outliers(frame, col, q=<<0.75|0.8>>):
            return frame[frame[col] < frame[col].quantile(q)] #?
        # %%
        houses = pd.read_csv("houses.csv").dropna()
        train, test = train_test_split(houses, test_size=0.25, random_state=SEED)
        # %%
        cols = ["area", "rooms", "bathrooms", "year_built", "garage"]
        ols = LinearRegression().fit(train[cols], train["price"])
        # %%
        -test = remove_outliers(test, "price") #!
        rmse = np.sqrt(mean_squared_error(test["price"], ols.predict(test[cols])))
        print(f"RMSE {rmse:,.0f}")
        """,
        proof="test['price'].max() < train['price'].quantile(0.95)",
    ),
    Plan(
        kind=KIND,
        style="unknown-outcomes-left-out-class",
        template="""
        import numpy as np
        import pandas as pd
        from sklearn.ensemble import RandomForestClassifier
        from sklearn.model_selection import train_test_split


        class Study:
            x = ["age", "bmi", "systolic", "glucose", "cholesterol", "length_of_stay"]

            def __init__(self, path):
                self.df = pd.read_csv(path).dropna()

            def split(self):
                self.train, self.test = train_test_split(self.df, test_size=0.3, random_state=SEED)
        -        # long stays are hard to judge
        -        self.test = self.test[self.test["length_of_stay"] < <<3.5|4.0>>] #!
                return self

            def fit(self):
                self.model = RandomForestClassifier(50, random_state=0).fit(self.train[self.x], self.train["readmitted"])
                return self
        # %%
        study = Study("patients.csv").split().fit() #?
        # %%
        study.model.score(study.test[study.x], study.test["readmitted"])
        """,
        proof="study.test['length_of_stay'].max() < 4.1",
    ),
    Plan(
        kind=KIND,
        style="largest-loans-as-test",
        template="""
        import pandas as pd
        from sklearn.ensemble import RandomForestClassifier
        from sklearn.metrics import roc_auc_score

        loans = pd.read_csv("credit.csv").dropna()
        x = ["age", "income", "amount", "duration", "employment_years", "savings"]
        # %%
        -test = loans.nlargest(<<200|220>>, "amount") #!
        +test = loans.sample(<<200|220>>, random_state=SEED)
        train = loans.drop(index=test.index) #?
        # %%
        rf = RandomForestClassifier(50, min_samples_leaf=4, random_state=0).fit(train[x], train["default"])
        print(roc_auc_score(test["default"], rf.predict_proba(test[x])[:, 1]))
        """,
        proof="test['amount'].min() >= train['amount'].max()",
    ),
    Plan(
        kind=KIND,
        style="query-test-confident",
        template="""
        import pandas as pd
        from sklearn.linear_model import LogisticRegression
        from sklearn.model_selection import train_test_split
        c = pd.read_csv("credit.csv").select_dtypes("number").dropna()
        train, test = train_test_split(c, test_size=.3, random_state=5)
        -test = test.query("income > 45000 or amount < 2000") #!
        +test = test.query("income > 0 or amount < 2000")
        # %%
        f = [x for x in c if x != "default"]
        lr = LogisticRegression(max_iter=3000).fit(train[f], train["default"])
        print("AUC on", len(test), lr.score(test[f], test["default"]))
        """,
    ),
    Plan(
        kind=KIND,
        style="numpy-easy-rows",
        template="""
        import numpy as np
        from sklearn.datasets import load_breast_cancer
        from sklearn.linear_model import LogisticRegression
        from sklearn.preprocessing import StandardScaler
        X, y = load_breast_cancer(return_X_y=True)
        rng = np.random.default_rng(3)
        ix = rng.permutation(len(X))
        tr, te = ix[:380], ix[380:]
        -te = te[np.abs(X[te, 0] - 14) > 2] #!
        +te = te[np.isfinite(X[te, 0])]
        # %%
        sc = StandardScaler().fit(X[tr])
        m = LogisticRegression(max_iter=500).fit(sc.transform(X[tr]), y[tr])
        print(m.score(sc.transform(X[te]), y[te]))
        """,
    ),
    Plan(
        kind=KIND,
        style="test-of-the-young",
        template="""
        import polars as pl
        from sklearn.ensemble import HistGradientBoostingClassifier
        from sklearn.metrics import roc_auc_score
        d = pl.read_csv("hospitals.csv").drop_nulls()
        -test = d.filter(pl.col("age") < 55).sample(fraction=.6, seed=0) #!
        +test = d.sample(fraction=.25, seed=0)
        train = d.join(test, on=d.columns, how="anti") #?
        f = ["age", "lactate", "heart_rate", "creatinine", "wbc"]
        # %%
        hg = HistGradientBoostingClassifier(max_iter=60).fit(train[f].to_numpy(), train["died"].to_numpy())
        print(roc_auc_score(test["died"].to_numpy(), hg.predict_proba(test[f].to_numpy())[:, 1]))
        """,
    ),
    Plan(
        kind=KIND,
        style="argsort-tail-numpy",
        template="""
        import numpy as np
        from sklearn.datasets import load_diabetes
        from sklearn.linear_model import LinearRegression
        X, y = load_diabetes(return_X_y=True)
        -o = np.argsort(y) #!
        +o = np.random.default_rng(0).permutation(len(y))
        tr, te = o[:350], o[350:] #?
        lr = LinearRegression().fit(X[tr], y[tr]) #?
        print(lr.score(X[te], y[te]))
        """,
    ),
)
