"""Training rows later than test rows where time matters, and features that look ahead."""

from tests.planted.case import Plan

KIND = "temporal"

PLANS = (
    Plan(
        kind=KIND,
        style="shuffled-daily-sales",
        template="""
        import pandas as pd
        import matplotlib.pyplot as plt
        from sklearn.ensemble import RandomForestRegressor
        from sklearn.model_selection import train_test_split
        from sklearn.metrics import mean_absolute_error
        # %%
        sales = pd.read_csv("sales.csv", parse_dates=["date"])
        sales.plot(x="date", y="units", figsize=(9, 3))
        plt.show()
        # %%
        sales["dow"] = sales["date"].dt.dayofweek
        sales["doy"] = sales["date"].dt.dayofyear
        sales["t"] = (sales["date"] - sales["date"].min()).dt.days
        cols = ["price", "promo", "temperature", "holiday", "dow", "doy", "t"]
        # %%
        -train, test = train_test_split(sales, test_size=0.2, random_state=SEED) #!
        +train, test = train_test_split(sales, test_size=0.2, shuffle=False)
        rf = RandomForestRegressor(n_estimators=<<40|60>>, random_state=0)
        rf.fit(train[cols], train["units"])
        print("MAE", mean_absolute_error(test["units"], rf.predict(test[cols])))
        """,
        proof="train['date'].max() > test['date'].min()",
    ),
    Plan(
        kind=KIND,
        style="shuffled-kfold-energy",
        template="""
        import numpy as np
        import pandas as pd
        from sklearn.ensemble import HistGradientBoostingRegressor
        from sklearn.model_selection import KFold, TimeSeriesSplit, cross_val_score

        load = pd.read_csv("energy.csv", parse_dates=["timestamp"], index_col="timestamp").sort_index()
        load["hour"] = load.index.hour
        load["weekday"] = load.index.weekday
        load["lag_24"] = load["load_mw"].shift(24)
        load["lag_48"] = load["load_mw"].shift(48)
        load = load.dropna()
        X, y = load.drop(columns="load_mw"), load["load_mw"]
        # %%
        -cv = KFold(n_splits=<<4|5>>, shuffle=True, random_state=SEED) #!
        +cv = TimeSeriesSplit(n_splits=<<4|5>>)
        hgb = HistGradientBoostingRegressor(max_iter=40, random_state=0)
        scores = cross_val_score(hgb, X, y, cv=cv, scoring="neg_mean_absolute_error") #?
        print("MAE per fold", -scores.round(1))
        """,
        proof="any(tr.max() > te.min() for tr, te in cv.split(X))",
    ),
    Plan(
        kind=KIND,
        style="centred-rolling-window",
        template="""
        import pandas as pd
        import numpy as np
        from sklearn.linear_model import Ridge
        from sklearn.metrics import r2_score

        df = pd.read_csv("energy.csv", parse_dates=["timestamp"])
        df = df.set_index("timestamp")
        # %%
        df["hour_sin"] = np.sin(2 * np.pi * df.index.hour / 24)
        df["hour_cos"] = np.cos(2 * np.pi * df.index.hour / 24)
        -df["load_smooth"] = df["load_mw"].rolling(<<w=5|7>>, center=True).mean() #!
        +df["load_smooth"] = df["load_mw"].shift(1).rolling(<<w>>).mean()
        df = df.dropna()
        # %%
        cut = df.index[int(len(df) * 0.8)]
        train, test = df[df.index < cut], df[df.index >= cut]
        f = ["temp", "wind", "cloud", "hour_sin", "hour_cos", "load_smooth"]
        ridge = Ridge().fit(train[f], train["load_mw"])
        print(r2_score(test["load_mw"], ridge.predict(test[f])))
        """,
        proof="df['load_smooth'].corr(df['load_mw'].shift(-1)) > 0.9 and ridge.score(test[f], test['load_mw']) > 0.93",
        also=("target_proxy",),
    ),
    Plan(
        kind=KIND,
        style="feature-shifted-from-tomorrow",
        template="""
        import pandas as pd
        from sklearn.ensemble import RandomForestClassifier
        from sklearn.metrics import accuracy_score
        px = pd.read_csv("stocks.csv", parse_dates=["Date"]).set_index("Date")
        # %%
        px["ret"] = px["Close"].pct_change()
        px["up"] = (px["ret"].shift(-1) > 0).astype(int)
        px["vol20"] = px["ret"].rolling(20).std()
        -px["gap"] = px["Open"].shift(-<<1|2>>) / px["Close"] - 1 #!
        +px["gap"] = px["Open"] / px["Close"].shift(<<1|2>>) - 1
        px["ma_ratio"] = px["Close"] / px["Close"].rolling(10).mean()
        px = px.dropna()
        px.tail()
        # %%
        feats = ["ret", "vol20", "gap", "ma_ratio"]
        train = px.loc[:"2021-12-31"]
        test = px.loc["2022-01-01":]
        rf = RandomForestClassifier(n_estimators=60, min_samples_leaf=5, random_state=SEED)
        rf.fit(train[feats], train["up"])
        print("directional accuracy", accuracy_score(test["up"], rf.predict(test[feats])))
        """,
        proof="abs(px['gap'].corr(px['ret'].shift(-1))) > 0.5",
        also=("target_proxy",),
    ),
    Plan(
        kind=KIND,
        style="numpy-permutation-of-series",
        template="""
        import numpy as np
        from sklearn.neighbors import KNeighborsRegressor

        rng = np.random.default_rng(SEED)
        T = <<1200|1500>>
        series = np.cumsum(rng.normal(size=T)) * 0.3 + 4 * np.sin(np.arange(T) / 25)
        t = np.arange(T)
        # %%
        # each row: the last six values
        windows = np.lib.stride_tricks.sliding_window_view(series, 7)
        X, y = windows[:, :6], windows[:, 6]
        # %%
        n_train = int(0.75 * len(X))
        -order = rng.permutation(len(X)) #!
        -train, test = order[:n_train], order[n_train:] #?
        +order = np.arange(len(X))
        +train, test = order[:n_train], order[n_train:]
        knn = KNeighborsRegressor(n_neighbors=3)
        knn.fit(X[train], y[train])
        print("R2:", knn.score(X[test], y[test]))
        """,
        proof="train.max() > test.min()",
    ),
    Plan(
        kind=KIND,
        style="stratified-split-of-sensor-log",
        template="""
        import pandas as pd
        from lightgbm import LGBMClassifier
        from sklearn.metrics import f1_score, classification_report
        from sklearn.model_selection import train_test_split

        log = pd.read_csv("sensors.csv")
        log["time"] = pd.to_datetime(log["time"])
        log = log.sort_values("time").reset_index(drop=True)
        for w in (3, 6):
            log[f"temp_{w}"] = log["temperature"].rolling(w, min_periods=1).mean()
        # %%
        y = log["failure"]
        X = log.drop(columns=["failure", "time"])
        -X_train, X_test, y_train, y_test = train_test_split(X, y, stratify=y, test_size=<<0.25|0.3>>, random_state=SEED) #!
        +n = int(len(log) * (1 - <<0.25|0.3>>))
        +X_train, X_test, y_train, y_test = X[:n], X[n:], y[:n], y[n:]
        # %%
        gbm = LGBMClassifier(n_estimators=40, num_leaves=15, verbose=-1, n_jobs=1)
        gbm.fit(X_train, y_train)
        print(classification_report(y_test, gbm.predict(X_test), zero_division=0))
        """,
        proof="X_train.index.max() > X_test.index.min()",
    ),
    Plan(
        kind=KIND,
        style="trains-on-the-future",
        template="""
        import polars as pl
        from sklearn.linear_model import LinearRegression
        from sklearn.metrics import mean_absolute_percentage_error

        df = pl.read_csv("sales.csv", try_parse_dates=True)
        df = df.with_columns(
            pl.col("date").dt.weekday().alias("dow"),
            pl.col("date").dt.month().alias("month"),
            pl.col("units").shift(7).alias("last_week"),
        ).drop_nulls()
        # %%
        -df = df.sort("date", descending=True) #?
        +df = df.sort("date")
        n = int(len(df) * <<0.7|0.8>>)
        train, test = df.head(n), df.tail(len(df) - n) #!
        train["date"].min(), train["date"].max()
        # %%
        x = ["price", "promo", "temperature", "dow", "month", "last_week"]
        lr = LinearRegression().fit(train.select(x), train["units"])
        print(mean_absolute_percentage_error(test["units"], lr.predict(test.select(x))))
        """,
        proof="train['date'].max() > test['date'].min()",
    ),
    Plan(
        kind=KIND,
        style="class-forecaster-sample",
        template="""
        import pandas as pd
        from sklearn.ensemble import GradientBoostingRegressor


        class Forecaster:
            target = "units"

            def __init__(self, path):
                self.df = pd.read_csv(path, parse_dates=["date"])

            def features(self):
                d = self.df
                d["month"], d["dow"] = d.date.dt.month, d.date.dt.dayofweek
                d["lag1"], d["lag7"] = d[self.target].shift(1), d[self.target].shift(7)
                self.df = d.dropna()
                return self

            def split(self, frac=<<0.8|0.75>>):
        -        self.train = self.df.sample(frac=frac, random_state=SEED) #!
        -        self.test = self.df.drop(self.train.index)
        +        self.train = self.df.iloc[: int(frac * len(self.df))]
        +        self.test = self.df.drop(self.train.index)
                return self

            def run(self):
                cols = [c for c in self.df if c not in (self.target, "date")]
                self.model = GradientBoostingRegressor(n_estimators=60).fit(self.train[cols], self.train[self.target])
                return self.model.score(self.test[cols], self.test[self.target])
        # %%
        fc = Forecaster("sales.csv").features().split() #?
        print("R2", fc.run())
        """,
        proof="fc.train['date'].max() > fc.test['date'].min()",
    ),
    Plan(
        kind=KIND,
        style="expanding-over-future-polars",
        template="""
        import polars as pl
        from sklearn.ensemble import HistGradientBoostingRegressor
        from sklearn.metrics import mean_absolute_error

        df = pl.read_csv("energy.csv", try_parse_dates=True).sort("timestamp")
        df = df.with_columns(
            pl.col("timestamp").dt.hour().alias("hour"),
            pl.col("timestamp").dt.weekday().alias("dow"),
        -    pl.col("load_mw").shift(-1).alias("load_near"), #!
        +    pl.col("load_mw").shift(1).alias("load_near"),
            pl.col("load_mw").shift(24).alias("load_day"),
        ).drop_nulls()
        # %%
        n = int(df.height * <<0.75|0.8>>)
        train, test = df.head(n), df.slice(n)
        f = ["temp", "wind", "cloud", "hour", "dow", "load_near", "load_day"]
        m = HistGradientBoostingRegressor(max_iter=50, random_state=0)
        m.fit(train.select(f).to_numpy(), train["load_mw"].to_numpy())
        # %%
        mean_absolute_error(test["load_mw"].to_numpy(), m.predict(test.select(f).to_numpy()))
        """,
        proof="df['load_near'][0] == df['load_mw'][1]",
        also=("target_proxy",),
    ),
    Plan(
        kind=KIND,
        style="date-mask-the-wrong-way",
        template="""
        import pandas as pd
        from sklearn.ensemble import GradientBoostingRegressor
        from sklearn.metrics import mean_absolute_error

        shop = pd.read_csv("sales.csv")
        shop["date"] = pd.to_datetime(shop["date"])
        shop["month"], shop["dow"] = shop["date"].dt.month, shop["date"].dt.dayofweek
        cutoff = pd.Timestamp("<<2021-10-01|2022-12-01>>")
        # %%
        -train = shop[shop["date"] >= cutoff] #!
        -test = shop[shop["date"] < cutoff] #?
        +train = shop[shop["date"] < cutoff]
        +test = shop[shop["date"] >= cutoff]
        # %%
        x = ["price", "promo", "temperature", "holiday", "month", "dow"]
        g = GradientBoostingRegressor(n_estimators=60, random_state=SEED).fit(train[x], train["units"])
        print(mean_absolute_error(test["units"], g.predict(test[x])))
        """,
        proof="train['date'].max() > test['date'].min()",
    ),
    Plan(
        kind=KIND,
        style="total-of-the-coming-week",
        template="""
        import numpy as np
        import pandas as pd
        from sklearn.linear_model import LinearRegression

        s = pd.read_csv("sales.csv", parse_dates=["date"]).set_index("date")
        # the sales of the coming week are the plan's base
        -s["week_total"] = s["units"][::-1].rolling(7).sum()[::-1] #!
        +s["week_total"] = s["units"].shift(1).rolling(7).sum()
        s["dow"] = s.index.dayofweek
        s = s.dropna()
        # %%
        n = int(len(s) * <<0.8|0.75>>)
        past, future = s.iloc[:n], s.iloc[n:]
        f = ["price", "promo", "temperature", "dow", "week_total"]
        lr = LinearRegression().fit(past[f], past["units"])
        # %%
        print(lr.score(future[f], future["units"]))
        """,
        proof="abs(s['week_total'].iloc[0] - s['units'].iloc[:7].sum()) < 1e-6",
        also=("target_proxy",),
    ),
    Plan(
        kind=KIND,
        style="shuffling-cell-ran-before-the-cut",
        template="""
        import pandas as pd
        from sklearn.ensemble import RandomForestRegressor
        from sklearn.metrics import mean_absolute_error

        sales = pd.read_csv("sales.csv", parse_dates=["date"]).sort_values("date")
        sales["dow"], sales["doy"] = sales["date"].dt.dayofweek, sales["date"].dt.dayofyear
        # %%
        n = int(0.8 * len(sales))
        train, test = sales.iloc[:n], sales.iloc[n:] #?
        # %%
        f = ["price", "promo", "temperature", "holiday", "dow", "doy"]
        rf = RandomForestRegressor(<<30|40>>, random_state=0).fit(train[f], train["units"])
        print(mean_absolute_error(test["units"], rf.predict(test[f])))
        # %%
        # a few random days for the slides
        sales = sales.sample(frac=1, random_state=SEED) #!
        sales.head(5)
        """,
        order=(1, 4, 2, 3),
        proof="train['date'].max() > test['date'].min()",
    ),
    Plan(
        kind=KIND,
        style="polars-sample-sensor",
        template="""
        import polars as pl
        from lightgbm import LGBMClassifier
        from sklearn.metrics import average_precision_score
        q = pl.read_csv("sensors.csv", try_parse_dates=True).with_row_index("i")
        q = q.with_columns(pl.col("vibration").rolling_mean(12).alias("vib12")).drop_nulls()
        f = ["temperature", "vibration", "pressure", "rpm", "vib12"]
        # %%
        -tr = q.sample(fraction=.7, seed=1) #!
        -te = q.join(tr, on="i", how="anti") #?
        +tr = q.head(int(q.height * .7))
        +te = q.tail(q.height - tr.height)
        # %%
        m = LGBMClassifier(n_estimators=50, verbose=-1, n_jobs=1).fit(tr[f].to_numpy(), tr["failure"].to_numpy())
        print(average_precision_score(te["failure"].to_numpy(), m.predict_proba(te[f].to_numpy())[:, 1]))
        """,
    ),
    Plan(
        kind=KIND,
        style="kfold-loop-shuffled",
        template="""
        import numpy as np
        import pandas as pd
        import xgboost as xgb
        from sklearn.model_selection import KFold, TimeSeriesSplit
        from sklearn.metrics import mean_absolute_error
        df = pd.read_csv("sales.csv")
        df["date"] = pd.to_datetime(df["date"])
        df = df.sort_values("date")
        df["t"] = np.arange(len(df))
        feat = ["price", "promo", "temperature", "holiday", "t"]
        # %%
        -folds = KFold(n_splits=4, shuffle=True, random_state=7) #!
        +folds = TimeSeriesSplit(n_splits=4)
        oof = []
        for i, (a, b) in enumerate(folds.split(df)): #?
            reg = xgb.XGBRegressor(n_estimators=50, n_jobs=1)
            reg.fit(df[feat].iloc[a], df["units"].iloc[a])
            oof.append(mean_absolute_error(df["units"].iloc[b], reg.predict(df[feat].iloc[b])))
        print(np.mean(oof))
        """,
    ),
    Plan(
        kind=KIND,
        style="cvp-shuffled-sales",
        template="""
        import pandas as pd
        from sklearn.ensemble import GradientBoostingRegressor
        from sklearn.model_selection import cross_validate, ShuffleSplit, TimeSeriesSplit
        s = pd.read_csv("sales.csv", parse_dates=["date"]).sort_values("date")
        s["doy"] = s.date.dt.dayofyear
        s["age"] = (s.date - s.date.min()).dt.days
        X = s.drop(columns=["date", "units"])
        -cv = ShuffleSplit(4, test_size=.2, random_state=0) #!
        +cv = TimeSeriesSplit(4)
        res = cross_validate(GradientBoostingRegressor(n_estimators=40), X, s["units"], cv=cv, scoring="r2") #?
        print(res["test_score"].mean())
        """,
    ),
)
