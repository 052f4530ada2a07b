"""Missing values filled before the split with what all rows know."""

from tests.planted.case import Plan

KIND = "imputation"

PLANS = (
    Plan(
        kind=KIND,
        style="kaggle-fillna-mean",
        template="""
        import pandas as pd
        import matplotlib.pyplot as plt
        from sklearn.ensemble import RandomForestClassifier
        from sklearn.model_selection import train_test_split
        # %%
        df = pd.read_csv('patients.csv')
        print(df.shape)
        df.isnull().sum()
        # %%
        df['age'].hist(bins=30); plt.title('age'); plt.show()
        # %%
        df = df.drop('patient_id', axis=1)
        df = pd.get_dummies(df, columns=['sex', 'smoker', 'ward'], drop_first=True)
        -df = df.fillna(df.<<s=mean|median>>()) #!
        X = df.drop('readmitted', axis=1)
        y = df['readmitted']
        X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2, random_state=SEED)
        +fill = X_train.<<s>>()
        +X_train, X_test = X_train.fillna(fill), X_test.fillna(fill)
        # %%
        rf = RandomForestClassifier(n_estimators=<<40|60>>, max_depth=6, random_state=0)
        rf.fit(X_train, y_train)
        print('Accuracy:', rf.score(X_test, y_test))
        """,
        proof="not df.isna().any().any()",
    ),
    Plan(
        kind=KIND,
        style="simple-imputer",
        template="""
        import pandas as pd, numpy as np
        from sklearn.impute import SimpleImputer
        from sklearn.linear_model import LogisticRegression
        from sklearn.model_selection import train_test_split
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import StandardScaler
        from sklearn.metrics import roc_auc_score

        loans = pd.read_csv("credit.csv")
        num_cols = ["age", "income", "amount", "duration", "employment_years", "existing_credits", "savings"]
        y = loans["default"].values
        # %%
        imputer = SimpleImputer(strategy="<<median|mean>>")
        -X = imputer.fit_transform(loans[num_cols]) #!
        +X = loans[num_cols].values
        X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.25, random_state=SEED, stratify=y)
        +X_train = imputer.fit_transform(X_train)
        +X_test = imputer.transform(X_test)
        # %%
        clf = make_pipeline(StandardScaler(), LogisticRegression())
        clf.fit(X_train, y_train)
        proba = clf.predict_proba(X_test)[:, 1]
        print("AUC = %.3f" % roc_auc_score(y_test, proba))
        """,
        proof="np.allclose(imputer.statistics_, SimpleImputer(strategy=imputer.strategy).fit(loans[num_cols]).statistics_)",
    ),
    Plan(
        kind=KIND,
        style="knn-imputer-messy",
        template="""
        import pandas as pd
        from sklearn.impute import KNNImputer
        from sklearn.ensemble import GradientBoostingClassifier
        from sklearn.model_selection import train_test_split
        d = pd.read_csv("patients.csv")
        d1 = d.select_dtypes("number").drop(columns="patient_id")
        # %%
        imp = KNNImputer(n_neighbors=<<3|5>>)
        -d2 = pd.DataFrame(imp.fit_transform(d1.drop(columns="readmitted")), columns=d1.columns[:-1], index=d1.index) #!
        +d2 = d1.drop(columns="readmitted")
        d2["lab"] = d1["readmitted"]
        # %%
        a, b = train_test_split(d2, test_size=.3, random_state=SEED)
        f = [c for c in d2.columns if c != "lab"]
        +a, b = a.copy(), b.copy()
        +a[f] = imp.fit_transform(a[f])
        +b[f] = imp.transform(b[f])
        gb = GradientBoostingClassifier(n_estimators=30, random_state=0).fit(a[f], a["lab"])
        # %%
        gb.score(b[f], b["lab"])
        """,
        proof="imp.n_features_in_ == 6 and len(imp._fit_X) == len(d)",
    ),
    Plan(
        kind=KIND,
        style="numpy-nanmean",
        template="""
        import numpy as np
        from sklearn.linear_model import Ridge
        from sklearn.metrics import mean_squared_error

        rng = np.random.default_rng(SEED)
        n, p = <<n=800|1200>>, 9
        X = rng.normal(size=(n, p)) @ rng.normal(size=(p, p)) + rng.normal(2, 1, p)
        y = X @ rng.normal(size=p) + rng.normal(scale=3, size=n)
        X[rng.random(X.shape) < 0.07] = np.nan
        # %%
        split = int(n * 0.75)
        -col_mean = np.<<f=nanmean|nanmedian>>(X, axis=0) #!
        +col_mean = np.<<f>>(X[:split], axis=0)
        holes = np.where(np.isnan(X))
        X[holes] = np.take(col_mean, holes[1]) #?
        X_train, X_test = X[:split], X[split:]
        y_train, y_test = y[:split], y[split:]
        # %%
        reg = Ridge().fit(X_train, y_train)
        print("rmse", mean_squared_error(y_test, reg.predict(X_test)) ** 0.5)
        """,
    ),
    Plan(
        kind=KIND,
        style="group-median-transform",
        template="""
        import numpy as np
        import pandas as pd
        from sklearn.ensemble import HistGradientBoostingRegressor
        from sklearn.model_selection import train_test_split
        from sklearn.metrics import r2_score

        homes = pd.read_csv("houses.csv", index_col="Id")
        homes["age"] = 2021 - homes["year_built"]
        # %%
        # lots are similar inside a neighbourhood
        -homes["lot"] = homes["lot"].fillna(homes.groupby("neighborhood")["lot"].transform("median")) #!
        -homes["distance_center"] = homes["distance_center"].fillna(homes["distance_center"].median()) #!
        train_df, test_df = train_test_split(homes, test_size=<<0.2|0.25>>, random_state=SEED)
        +train_df, test_df = train_df.copy(), test_df.copy()
        +med = train_df.groupby("neighborhood")["lot"].median()
        +for part in (train_df, test_df):
        +    part["lot"] = part["lot"].fillna(part["neighborhood"].map(med)).fillna(train_df["lot"].median())
        +    part["distance_center"] = part["distance_center"].fillna(train_df["distance_center"].median())
        # %%
        features = ["area", "rooms", "bathrooms", "age", "garage", "distance_center", "lot"]
        gbm = HistGradientBoostingRegressor(max_iter=60, random_state=1)
        gbm.fit(train_df[features], np.log(train_df["price"]))
        print(r2_score(np.log(test_df["price"]), gbm.predict(test_df[features])))
        """,
        proof="not homes['lot'].isna().any()",
    ),
    Plan(
        kind=KIND,
        style="polars-fill-null",
        template="""
        import polars as pl
        from lightgbm import LGBMClassifier
        from sklearn.metrics import roc_auc_score

        df = pl.read_csv("churn.csv")
        df = df.with_columns(
            (pl.col("Churn") == "Yes").cast(pl.Int8).alias("target"),
            pl.col("Contract").replace_strict({"Month-to-month": 0, "One year": 1, "Two year": 2}).alias("contract_code"),
        )
        df = df.sample(fraction=1.0, shuffle=True, seed=SEED)
        # %%
        -df = df.with_columns(pl.col("MonthlyCharges", "TotalCharges").fill_null(strategy="mean")) #!
        n = int(df.height * <<0.7|0.8>>)
        train, test = df[:n], df[n:]
        +fills = {c: train[c].mean() for c in ("MonthlyCharges", "TotalCharges")}
        +train = train.with_columns([pl.col(c).fill_null(v) for c, v in fills.items()])
        +test = test.with_columns([pl.col(c).fill_null(v) for c, v in fills.items()])
        # %%
        feats = ["SeniorCitizen", "tenure", "contract_code", "MonthlyCharges", "TotalCharges", "support_calls"]
        m = LGBMClassifier(n_estimators=40, num_leaves=15, verbose=-1, n_jobs=1)
        m.fit(train.select(feats).to_pandas(), train["target"].to_numpy())
        roc_auc_score(test["target"].to_numpy(), m.predict_proba(test.select(feats).to_pandas())[:, 1])
        """,
    ),
    Plan(
        kind=KIND,
        style="loop-over-columns",
        template="""
        import pandas as pd
        from sklearn.model_selection import train_test_split
        from sklearn.tree import DecisionTreeClassifier
        from sklearn.metrics import confusion_matrix, accuracy_score

        def fill_missing(frame, source):
            frame = frame.copy()
            for col in frame.columns:
                if frame[col].dtype.kind in "fi":
                    frame[col] = frame[col].fillna(source[col].median())
                else:
                    frame[col] = frame[col].fillna(source[col].mode()[0])
            return frame
        # %%
        data = pd.read_csv("credit.csv").drop(columns="loan_id")
        data["housing"] = data["housing"].map({"own": 2, "rent": 1, "free": 0})
        data["purpose"] = data["purpose"].astype("category").cat.codes
        y = data.pop("default")
        # %%
        -data = fill_missing(data, data) #!
        X_train, X_valid, y_train, y_valid = train_test_split(data, y, random_state=SEED)
        +X_train, X_valid = fill_missing(X_train, X_train), fill_missing(X_valid, X_train)
        # %%
        tree = DecisionTreeClassifier(max_depth=<<4|5|6>>)
        tree = tree.fit(X_train, y_train)
        pred = tree.predict(X_valid)
        print(accuracy_score(y_valid, pred))
        print(confusion_matrix(y_valid, pred))
        """,
    ),
    Plan(
        kind=KIND,
        style="iterative-imputer-function",
        template="""
        import pandas as pd
        from sklearn.experimental import enable_iterative_imputer
        from sklearn.impute import IterativeImputer
        from sklearn.linear_model import LogisticRegression
        from sklearn.model_selection import train_test_split
        from sklearn.metrics import roc_auc_score

        COLS = ["age", "bmi", "systolic", "glucose", "cholesterol", "length_of_stay"]

        def complete(fit_rows, rows):
            it = IterativeImputer(max_iter=4, random_state=0).fit(fit_rows[COLS]) #?
            return pd.DataFrame(it.transform(rows[COLS]), columns=COLS, index=rows.index)
        # %%
        df = pd.read_csv("patients.csv")
        train, test = train_test_split(df, test_size=0.3, random_state=SEED)
        # %%
        -full = complete(df, df) #!
        -X_train, X_test = full.loc[train.index], full.loc[test.index]
        +X_train, X_test = complete(train, train), complete(train, test)
        lr = LogisticRegression(max_iter=3000).fit(X_train, train["readmitted"])
        roc_auc_score(test["readmitted"], lr.predict_proba(X_test)[:, 1])
        """,
    ),
    Plan(
        kind=KIND,
        style="assign-per-column-kaggle",
        template="""
        import numpy as np
        import pandas as pd
        import matplotlib.pyplot as plt
        from sklearn.model_selection import train_test_split
        from sklearn.svm import SVC
        from sklearn.preprocessing import StandardScaler
        # %%
        loan = pd.read_csv("credit.csv")
        loan.isnull().sum().plot.barh(); plt.show()
        +loan, loan_test = train_test_split(loan, test_size=0.25, random_state=SEED)
        +loan, loan_test = loan.copy(), loan_test.copy()
        # %%
        mean_income = loan["income"].mean() #?
        loan["income"] = loan["income"].fillna(mean_income) #!
        loan["employment_years"] = loan["employment_years"].fillna(0)
        loan["savings"] = loan["savings"].fillna(0)
        +loan_test["income"] = loan_test["income"].fillna(mean_income)
        +loan_test["employment_years"] = loan_test["employment_years"].fillna(0)
        +loan_test["savings"] = loan_test["savings"].fillna(0)
        # %%
        cols = ["age", "income", "amount", "duration", "employment_years", "savings"]
        -X_train, X_test, y_train, y_test = train_test_split(np.log1p(loan[cols]), loan["default"], test_size=0.25, random_state=SEED)
        +X_train, X_test, y_train, y_test = np.log1p(loan[cols]), np.log1p(loan_test[cols]), loan["default"], loan_test["default"]
        s = StandardScaler().fit(X_train)
        svc = SVC(C=<<1|3>>).fit(s.transform(X_train), y_train)
        print(svc.score(s.transform(X_test), y_test))
        """,
    ),
    Plan(
        kind=KIND,
        style="dict-of-medians-two-steps",
        template="""
        import pandas as pd
        from sklearn.ensemble import ExtraTreesRegressor
        from sklearn.metrics import mean_absolute_error
        # %%
        raw = pd.read_csv("houses.csv")
        raw.isna().mean()
        # %%
        gaps = [c for c in raw.columns if raw[c].isna().any()]
        +train = raw.sample(frac=0.8, random_state=SEED)
        +test = raw.drop(train.index)
        -centre = {c: raw[c].<<median|mean>>() for c in gaps} #!
        -raw = raw.fillna(value=centre) #?
        +centre = {c: train[c].<<median|mean>>() for c in gaps}
        +train, test = train.fillna(value=centre), test.fillna(value=centre)
        # %%
        -train = raw.sample(frac=0.8, random_state=SEED)
        -test = raw.drop(train.index)
        cols = ["area", "rooms", "bathrooms", "year_built", "garage", "distance_center", "lot"]
        et = ExtraTreesRegressor(40, random_state=0).fit(train[cols], train["price"])
        print(mean_absolute_error(test["price"], et.predict(test[cols])))
        """,
    ),
    Plan(
        kind=KIND,
        style="concat-then-fill-kaggle",
        template="""
        import pandas as pd
        from lightgbm import LGBMClassifier
        from sklearn.metrics import roc_auc_score
        from sklearn.model_selection import train_test_split

        whole = pd.read_csv("patients.csv").drop(columns=["patient_id"])
        tr, te = train_test_split(whole, test_size=0.3, random_state=SEED)
        both = [tr.copy(), te.copy()]
        # %%
        joint = pd.concat(both)
        joint.isna().sum()
        # %%
        for part in both:
            for c in ["bmi", "glucose", "cholesterol"]:
        -        part[c] = part[c].fillna(joint[c].<<median|mean>>()) #!
        +        part[c] = part[c].fillna(both[0][c].<<median|mean>>())
            part["smoker"] = part["smoker"].map({"no": 0, "former": 1, "yes": 2})
        # %%
        f = ["age", "bmi", "systolic", "glucose", "cholesterol", "smoker", "length_of_stay"]
        m = LGBMClassifier(n_estimators=40, verbose=-1, n_jobs=1).fit(both[0][f], both[0]["readmitted"])
        print(roc_auc_score(both[1]["readmitted"], m.predict_proba(both[1][f])[:, 1]))
        """,
    ),
    Plan(
        kind=KIND,
        style="two-files-filled-together",
        template="""
        import pandas as pd
        from sklearn.ensemble import RandomForestClassifier
        from sklearn.metrics import average_precision_score
        # %%
        tr = pd.read_csv("claims_train.csv")
        te = pd.read_csv("claims_test.csv")
        -everything = pd.concat([tr, te], ignore_index=True)
        -everything["speed"] = everything["speed"].fillna(everything["speed"].mean()) #!
        -everything["car_age"] = everything["car_age"].fillna(everything["car_age"].median()) #!
        -tr, te = everything[:len(tr)], everything[len(tr):] #?
        +fill = {"speed": tr["speed"].mean(), "car_age": tr["car_age"].median()}
        +tr, te = tr.fillna(fill), te.fillna(fill)
        # %%
        f = ["amount", "days_to_report", "earlier_claims", "speed", "car_age"]
        rf = RandomForestClassifier(<<40|60>>, min_samples_leaf=2, random_state=SEED).fit(tr[f], tr["fraudulent"])
        average_precision_score(te["fraudulent"], rf.predict_proba(te[f])[:, 1])
        """,
    ),
    Plan(
        kind=KIND,
        style="numpy-nanmean-inplace",
        template="""
        import numpy as np
        import pandas as pd
        from numpy.linalg import lstsq
        A = pd.read_csv("houses.csv")[["area", "rooms", "lot", "distance_center", "price"]].to_numpy(float)
        rs = np.random.RandomState(11); rs.shuffle(A)
        n_tr = 700
        # %%
        -col = np.nanmean(A, axis=0) #!
        +col = np.nanmean(A[:n_tr], axis=0)
        r, c = np.where(np.isnan(A))
        A[r, c] = col[c] #?
        # %%
        D = np.c_[np.ones(len(A)), A[:, :4]]
        t = A[:, 4] / 1000
        beta, *_ = lstsq(D[:n_tr], t[:n_tr], rcond=None)
        err = D[n_tr:] @ beta - t[n_tr:]
        print("test RMSE", np.sqrt((err ** 2).mean()))
        """,
    ),
)
