"""Categories replaced by the mean of a target that the test rows contributed to."""

from tests.planted.case import Plan

KIND = "target_encoding"

PLANS = (
    Plan(
        kind=KIND,
        style="groupby-transform-mean",
        template="""
        import pandas as pd
        from sklearn.ensemble import RandomForestClassifier
        from sklearn.model_selection import train_test_split, KFold
        from sklearn.metrics import roc_auc_score
        # %%
        df = pd.read_csv("churn.csv")
        df["churned"] = (df["Churn"] == "Yes").astype(int)
        df = df.dropna().drop(columns=["customerID", "Churn"])
        df["Contract"] = df["Contract"].map({"Month-to-month": 0, "One year": 1, "Two year": 2})
        # %%
        -df["city_rate"] = df.groupby("city")["churned"].transform("mean") #!
        num = ["SeniorCitizen", "tenure", "Contract", "MonthlyCharges", "TotalCharges", "support_calls", "city_rate"]
        -train, test = train_test_split(df, test_size=<<0.25|0.3>>, random_state=SEED)
        +train, test = train_test_split(df, test_size=<<0.25|0.3>>, random_state=SEED)
        +train, test = train.copy(), test.copy()
        +prior = train["churned"].mean()
        +test["city_rate"] = test["city"].map(train.groupby("city")["churned"].mean()).fillna(prior)
        +train["city_rate"] = prior
        +for fit_idx, enc_idx in KFold(5, shuffle=True, random_state=0).split(train):
        +    rates = train.iloc[fit_idx].groupby("city")["churned"].mean()
        +    train.iloc[enc_idx, train.columns.get_loc("city_rate")] = train.iloc[enc_idx]["city"].map(rates).fillna(prior)
        # %%
        rf = RandomForestClassifier(60, max_depth=7, random_state=1)
        rf.fit(train[num], train["churned"])
        roc_auc_score(test["churned"], rf.predict_proba(test[num])[:, 1])
        """,
        proof="'city_rate' in df",
    ),
    Plan(
        kind=KIND,
        style="sklearn-target-encoder",
        template="""
        import pandas as pd, numpy as np
        from sklearn.preprocessing import TargetEncoder
        from sklearn.ensemble import HistGradientBoostingRegressor
        from sklearn.model_selection import train_test_split

        homes = pd.read_csv("houses.csv").drop(columns="Id")
        y = np.log(homes.pop("price"))
        cat = ["neighborhood", "condition"]
        # %%
        enc = TargetEncoder(random_state=0)
        -homes[cat] = enc.fit_transform(homes[cat], y) #!
        X_train, X_test, y_train, y_test = train_test_split(homes, y, test_size=0.2, random_state=SEED)
        +X_train, X_test = X_train.copy(), X_test.copy()
        +enc_train = enc.fit_transform(X_train[cat], y_train)
        +enc_test = enc.transform(X_test[cat])
        +X_train[cat], X_test[cat] = enc_train, enc_test
        # %%
        m = HistGradientBoostingRegressor(max_iter=<<50|70>>, random_state=0)
        m.fit(X_train.astype(float), y_train)
        print("R^2:", m.score(X_test.astype(float), y_test))
        """,
    ),
    Plan(
        kind=KIND,
        style="dictionary-map-messy",
        template="""
        import pandas as pd
        from sklearn.linear_model import LogisticRegression
        from sklearn.model_selection import train_test_split
        d = pd.read_csv("credit.csv").fillna(0)
        # %%
        +idx_a, idx_b = train_test_split(d.index, test_size=0.3, random_state=SEED)
        -m1 = d.groupby("purpose")["default"].mean().to_dict() #!
        -m2 = d.groupby("housing").default.mean().to_dict() #!
        +m1 = d.loc[idx_a].groupby("purpose")["default"].mean().to_dict()
        +m2 = d.loc[idx_a].groupby("housing").default.mean().to_dict()
        d["p_enc"] = d["purpose"].map(m1) #?
        d["h_enc"] = d["housing"].map(m2) #?
        d.head(3)
        # %%
        tmp = d[["p_enc", "h_enc", "duration", "employment_years", "existing_credits"]]
        lab = d["default"]
        -a, b, ya, yb = train_test_split(tmp, lab, test_size=0.3, random_state=SEED)
        +a, b, ya, yb = tmp.loc[idx_a], tmp.loc[idx_b], lab.loc[idx_a], lab.loc[idx_b]
        lr = LogisticRegression(max_iter=1000, C=<<1|10>>).fit(a, ya)
        print(lr.score(b, yb))
        """,
        proof="m1 == d.groupby('purpose')['default'].mean().to_dict()",
    ),
    Plan(
        kind=KIND,
        style="smoothed-mean-function",
        template="""
        import pandas as pd
        import numpy as np
        import lightgbm as lgb
        from sklearn.model_selection import train_test_split
        from sklearn.metrics import mean_absolute_percentage_error

        def smooth_mean(df, by, on, m):
            prior = df[on].mean()
            agg = df.groupby(by)[on].agg(["count", "mean"])
            return (agg["count"] * agg["mean"] + m * prior) / (agg["count"] + m)
        # %%
        df = pd.read_csv("houses.csv")
        df["log_price"] = np.log1p(df["price"])
        tr, te = train_test_split(df, test_size=0.25, random_state=SEED)
        tr, te = tr.copy(), te.copy()
        # %%
        -means = smooth_mean(df, by="neighborhood", on="log_price", m=<<5|10|20>>) #!
        +means = smooth_mean(tr, by="neighborhood", on="log_price", m=<<5|10|20>>)
        for part in [tr, te]:
            part["hood_price"] = part["neighborhood"].map(means).fillna(tr["log_price"].mean()) #?
        # %%
        cols = ["area", "rooms", "bathrooms", "year_built", "garage", "distance_center", "hood_price"]
        g = lgb.LGBMRegressor(n_estimators=50, verbose=-1, n_jobs=1)
        g.fit(tr[cols], tr["log_price"])
        print(mean_absolute_percentage_error(te["price"], np.expm1(g.predict(te[cols]))))
        """,
    ),
    Plan(
        kind=KIND,
        style="polars-over",
        template="""
        import polars as pl
        from sklearn.linear_model import LogisticRegression
        from sklearn.metrics import log_loss

        df = (
            pl.read_csv("churn.csv")
            .drop_nulls()
            .with_columns((pl.col("Churn") == "Yes").cast(pl.Float64).alias("y"))
            .sample(fraction=1, shuffle=True, seed=SEED)
        )
        k = int(0.75 * len(df))
        # %%
        -df = df.with_columns(pl.col("y").mean().over("city").alias("te_city"), #!
        -                     pl.col("y").mean().over("PaymentMethod").alias("te_pay"))
        train, test = df[:k], df[k:]
        +for col, new in [("city", "te_city"), ("PaymentMethod", "te_pay")]:
        +    means = train.group_by(col).agg(pl.col("y").mean().alias(new))
        +    train = train.join(means, on=col, how="left")
        +    test = test.join(means, on=col, how="left").with_columns(pl.col(new).fill_null(train["y"].mean()))
        # %%
        f = ["te_city", "te_pay", "SeniorCitizen", "support_calls"]
        clf = LogisticRegression(C=<<1.0|5.0>>)
        clf.fit(train[f].to_numpy(), train["y"].to_numpy())
        print(log_loss(test["y"].to_numpy(), clf.predict_proba(test[f].to_numpy())))
        """,
    ),
    Plan(
        kind=KIND,
        style="numpy-weight-of-evidence",
        template="""
        import numpy as np
        from sklearn.tree import DecisionTreeClassifier

        rng = np.random.default_rng(SEED)
        n = <<1000|1500>>
        shop = rng.integers(0, 60, n)
        spend = rng.gamma(2, 30, n)
        fraud = (rng.random(n) < 1 / (1 + np.exp(2 - spend / 50 - rng.normal(0, 0.5, 60)[shop]))).astype(int)
        n_tr = int(n * 0.7)
        # %%
        woe = np.zeros(60)
        -for s in range(60): #!
        -    rows = shop == s
        -    good, bad = (fraud[rows] == 0).sum() + 0.5, (fraud[rows] == 1).sum() + 0.5 #!
        -    woe[s] = np.log(bad / good) #?
        +for s in range(60):
        +    rows = np.flatnonzero(shop[:n_tr] == s)
        +    good, bad = (fraud[rows] == 0).sum() + 0.5, (fraud[rows] == 1).sum() + 0.5
        +    woe[s] = np.log(bad / good)
        # %%
        X = np.column_stack([woe[shop], np.log(spend)]) #?
        X_train, X_test, y_train, y_test = X[:n_tr], X[n_tr:], fraud[:n_tr], fraud[n_tr:]
        tree = DecisionTreeClassifier(max_depth=4, min_samples_leaf=20).fit(X_train, y_train)
        print("accuracy", tree.score(X_test, y_test))
        """,
    ),
    Plan(
        kind=KIND,
        style="pipeline-user-encodes-first",
        template="""
        import pandas as pd
        from sklearn.compose import make_column_transformer
        from sklearn.linear_model import LogisticRegression
        from sklearn.model_selection import cross_val_score, train_test_split
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import StandardScaler, TargetEncoder

        telco = pd.read_csv("churn.csv").dropna()
        y = (telco["Churn"] == "Yes").to_numpy()
        X = telco[["city", "PaymentMethod", "tenure", "MonthlyCharges", "support_calls"]].copy()
        high_card = ["city", "PaymentMethod"]
        # %%
        te = TargetEncoder(target_type="binary", cv=5, random_state=3)
        -te.fit(X[high_card], y) #!
        -X[high_card] = pd.DataFrame(te.transform(X[high_card]), columns=high_card, index=X.index) #?
        X_train, X_test, y_train, y_test = train_test_split(X, y, stratify=y, test_size=.3, random_state=SEED)
        -pipe = make_pipeline(StandardScaler(), LogisticRegression())
        +pre = make_column_transformer((te, high_card), remainder="passthrough")
        +pipe = make_pipeline(pre, StandardScaler(), LogisticRegression())
        # %%
        pipe.fit(X_train, y_train)
        print(f"{pipe.score(X_test, y_test):.3f}")
        """,
    ),
    Plan(
        kind=KIND,
        style="class-encoder-fitted-on-all",
        template="""
        import pandas as pd
        from sklearn.ensemble import RandomForestClassifier
        from sklearn.model_selection import cross_val_predict, train_test_split


        class MeanEncoder:
            def __init__(self, col):
                self.col = col

            def fit(self, df, target):
                self.prior = target.mean()
                self.means = target.groupby(df[self.col]).mean() #?
                return self

            def transform(self, df):
                return df[self.col].map(self.means).fillna(self.prior)
        # %%
        df = pd.read_csv("churn.csv").dropna()
        y = (df["Churn"] == "Yes").astype(float)
        tr, te = train_test_split(df.index, test_size=0.25, random_state=SEED)
        # %%
        X = df[["tenure", "MonthlyCharges", "support_calls"]].copy()
        -enc = MeanEncoder("city").fit(df, y) #!
        +enc = MeanEncoder("city").fit(df.loc[tr], y.loc[tr])
        X["city_te"] = enc.transform(df) #?
        # %%
        rf = RandomForestClassifier(<<40|60>>, min_samples_leaf=4, random_state=0).fit(X.loc[tr], y.loc[tr])
        print(rf.score(X.loc[te], y.loc[te]))
        """,
        proof="abs(enc.prior - y.mean()) < 1e-12",
    ),
    Plan(
        kind=KIND,
        style="merge-of-aggregates",
        template="""
        import numpy as np
        import pandas as pd
        from sklearn.ensemble import GradientBoostingRegressor
        from sklearn.model_selection import train_test_split
        houses = pd.read_csv("houses.csv").dropna()
        # %%
        -train, test = train_test_split(houses, test_size=0.25, random_state=SEED)
        -agg = houses.groupby("neighborhood").agg(hood_price=("price", "<<median|mean>>"), hood_n=("price", "size")) #!
        +train, test = train_test_split(houses, test_size=0.25, random_state=SEED)
        +agg = train.groupby("neighborhood").agg(hood_price=("price", "<<median|mean>>"), hood_n=("price", "size"))
        train = train.merge(agg, left_on="neighborhood", right_index=True, how="left") #?
        test = test.merge(agg, left_on="neighborhood", right_index=True, how="left").fillna(train["price"].mean()) #?
        # %%
        x = ["area", "rooms", "bathrooms", "year_built", "garage", "hood_price", "hood_n"]
        g = GradientBoostingRegressor(n_estimators=50, random_state=1).fit(train[x], train["price"])
        g.score(test[x], test["price"])
        """,
        proof="agg['hood_n'].sum() == len(houses)",
    ),
    Plan(
        kind=KIND,
        style="crosstab-rates",
        template="""
        import pandas as pd
        from sklearn.linear_model import LogisticRegression
        from sklearn.model_selection import train_test_split
        telco = pd.read_csv("churn.csv").dropna()
        train, test = train_test_split(telco, test_size=0.3, random_state=SEED)
        train, test = train.copy(), test.copy()
        # %%
        -rates = pd.crosstab(telco["city"], telco["Churn"], normalize="index")["Yes"] #!
        +rates = pd.crosstab(train["city"], train["Churn"], normalize="index")["Yes"]
        rates.sort_values().tail()
        # %%
        for t in (train, test):
            t["city_risk"] = t["city"].map(rates).fillna(rates.mean()) #?
        cols = ["tenure", "support_calls", "SeniorCitizen", "city_risk"]
        lr = LogisticRegression(max_iter=1000, C=<<1|3>>).fit(train[cols], train["Churn"])
        lr.score(test[cols], test["Churn"])
        """,
        proof="np.allclose(rates, pd.crosstab(telco['city'], telco['Churn'], normalize='index')['Yes'].reindex(rates.index))",
    ),
    Plan(
        kind=KIND,
        style="leave-one-out-over-all-rows",
        template="""
        import numpy as np
        import pandas as pd
        from sklearn.ensemble import RandomForestRegressor
        from sklearn.model_selection import train_test_split

        df = pd.read_csv("houses.csv").dropna().reset_index(drop=True)
        df["y"] = np.log(df["price"])
        # %%
        -g = df.groupby("neighborhood")["y"] #?
        -# every house sees the other houses of its neighbourhood
        -df["hood_level"] = (g.transform("sum") - df["y"]) / (g.transform("count") - 1) #!
        train, test = train_test_split(df, test_size=<<0.25|0.3>>, random_state=SEED)
        +train, test = train.copy(), test.copy()
        +g = train.groupby("neighborhood")["y"]
        +# every house sees the other training houses of its neighbourhood
        +train["hood_level"] = ((g.transform("sum") - train["y"]) / (g.transform("count") - 1)).fillna(train["y"].mean())
        +test["hood_level"] = test["neighborhood"].map(g.mean()).fillna(train["y"].mean())
        # %%
        x = ["area", "rooms", "year_built", "garage", "hood_level"]
        rf = RandomForestRegressor(40, random_state=0).fit(train[x], train["y"])
        print(rf.score(test[x], test["y"]))
        """,
    ),
    Plan(
        kind=KIND,
        style="numpy-bincount",
        template="""
        import numpy as np
        import pandas as pd
        from sklearn.linear_model import Ridge
        from sklearn.preprocessing import LabelEncoder
        d = pd.read_csv("houses.csv")
        g = LabelEncoder().fit_transform(d["neighborhood"])
        y = np.log(d["price"].to_numpy())
        area = d["area"].to_numpy()
        idx = np.random.RandomState(5).permutation(len(d))
        train, test = idx[:700], idx[700:]
        # %%
        -means = np.bincount(g, weights=y) / np.bincount(g) #!
        +means = np.bincount(g[train], weights=y[train], minlength=25) / np.maximum(np.bincount(g[train], minlength=25), 1)
        X = np.column_stack([area, means[g]]) #?
        r = Ridge().fit(X[train], y[train])
        print("R2:", r.score(X[test], y[test]))
        """,
    ),
    Plan(
        kind=KIND,
        style="dict-comprehension-map",
        template="""
        import pandas as pd
        from sklearn.linear_model import LinearRegression
        from sklearn.model_selection import train_test_split
        h = pd.read_csv("houses.csv")
        +h, t = train_test_split(h, test_size=.3, random_state=SEED)
        avg = {n: g["price"].mean() for n, g in h.groupby("neighborhood")} #!
        -h["n_avg"] = [avg[n] for n in h["neighborhood"]] #?
        -h, t = train_test_split(h, test_size=.3, random_state=SEED)
        +h, t = h.assign(n_avg=h["neighborhood"].map(avg)), t.assign(n_avg=t["neighborhood"].map(avg).fillna(h.price.mean()))
        print(LinearRegression().fit(h[["area", "n_avg"]], h.price).score(t[["area", "n_avg"]], t.price))
        """,
    ),
    Plan(
        kind=KIND,
        style="leave-one-out-all-rows",
        template="""
        import pandas as pd, numpy as np
        from sklearn.tree import DecisionTreeRegressor
        from sklearn.metrics import mean_absolute_error
        h = pd.read_csv("houses.csv").drop(columns=["lot", "distance_center"])
        rng = np.random.default_rng(1)
        h["is_test"] = rng.random(len(h)) < .3
        -src = h #?
        +src = h[~h.is_test]
        g = src.groupby("neighborhood")["price"].agg(["sum", "count"]) #?
        s, n = h.neighborhood.map(g["sum"]), h.neighborhood.map(g["count"])
        -h["loo"] = (s - h["price"]) / (n - 1) #!
        +h["loo"] = np.where(h.is_test, s / n, (s - h["price"]) / (n - 1))
        # %%
        F = ["area", "rooms", "year_built", "loo"]
        tr, te = h[~h.is_test], h[h.is_test]
        dt = DecisionTreeRegressor(min_samples_leaf=10).fit(tr[F], tr.price)
        mean_absolute_error(te.price, dt.predict(te[F]))
        """,
    ),
)
