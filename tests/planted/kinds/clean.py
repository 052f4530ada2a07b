"""Wholly clean notebooks, each with something that tempts a detector."""

from tests.planted.case import CLEAN, Plan

PLANS = (
    Plan(
        kind=CLEAN,
        style="scaler-on-all-for-a-plot",
        template="""
        import pandas as pd
        import matplotlib.pyplot as plt
        from sklearn.decomposition import PCA
        from sklearn.linear_model import LogisticRegression
        from sklearn.model_selection import train_test_split
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import StandardScaler

        df = pd.read_csv("patients.csv").dropna()
        X = df[["age", "bmi", "systolic", "glucose", "cholesterol", "length_of_stay"]]
        y = df["readmitted"]
        # %%
        # a look at all patients in two dimensions
        Z = PCA(2).fit_transform(StandardScaler().fit_transform(X))
        plt.scatter(Z[:, 0], Z[:, 1], c=y, s=5)
        plt.show()
        # %%
        X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.25, random_state=SEED)
        clf = make_pipeline(StandardScaler(), LogisticRegression()).fit(X_train, y_train)
        print(clf.score(X_test, y_test))
        """,
    ),
    Plan(
        kind=CLEAN,
        style="stateless-steps-before-split",
        template="""
        import numpy as np
        import pandas as pd
        from sklearn.ensemble import RandomForestRegressor
        from sklearn.metrics import r2_score
        from sklearn.model_selection import train_test_split

        h = pd.read_csv("houses.csv").drop(columns=["Id"])
        h.columns = h.columns.str.lower()
        h["condition"] = h["condition"].str.strip().str.lower().map({"poor": 0, "fair": 1, "good": 2, "new": 3})
        h["log_area"] = np.log(h["area"])
        h["age"] = 2021 - h["year_built"]
        h["lot"] = h["lot"].fillna(0)
        h["distance_center"] = h["distance_center"].fillna(-1)
        h = pd.get_dummies(h, columns=["neighborhood"], dtype=int)
        y = np.log1p(h.pop("price"))
        # %%
        X_train, X_test, y_train, y_test = train_test_split(h, y, test_size=<<0.2|0.3>>, random_state=SEED)
        rf = RandomForestRegressor(n_estimators=40, random_state=0).fit(X_train, y_train)
        # %%
        print("R2", r2_score(y_test, rf.predict(X_test)))
        """,
    ),
    Plan(
        kind=CLEAN,
        style="gridsearch-on-train-only",
        template="""
        import pandas as pd
        from sklearn.compose import ColumnTransformer
        from sklearn.ensemble import RandomForestClassifier
        from sklearn.impute import SimpleImputer
        from sklearn.model_selection import GridSearchCV, train_test_split
        from sklearn.pipeline import Pipeline, make_pipeline
        from sklearn.preprocessing import OneHotEncoder, StandardScaler
        from sklearn.metrics import classification_report, confusion_matrix, roc_auc_score

        credit = pd.read_csv("credit.csv")
        X, y = credit.drop(columns=["default", "loan_id"]), credit["default"]
        num = X.select_dtypes("number").columns
        cat = ["purpose", "housing"]
        # %%
        X_train, X_test, y_train, y_test = train_test_split(X, y, stratify=y, test_size=0.25, random_state=SEED)
        pre = ColumnTransformer([
            ("num", make_pipeline(SimpleImputer(strategy="median"), StandardScaler()), num),
            ("cat", OneHotEncoder(handle_unknown="ignore"), cat),
        ])
        pipe = Pipeline([("pre", pre), ("rf", RandomForestClassifier(n_estimators=30, random_state=0))])
        # %%
        search = GridSearchCV(pipe, {"rf__max_depth": [4, 8], "rf__min_samples_leaf": [1, 5]}, cv=3, scoring="roc_auc")
        search.fit(X_train, y_train)
        search.best_params_
        # %%
        proba = search.predict_proba(X_test)[:, 1]
        pred = search.predict(X_test)
        print("AUC", roc_auc_score(y_test, proba))
        print(classification_report(y_test, pred))
        print(confusion_matrix(y_test, pred))
        """,
    ),
    Plan(
        kind=CLEAN,
        style="natural-repeats-coarse-survey",
        template="""
        import pandas as pd
        from sklearn.linear_model import LogisticRegression
        from sklearn.model_selection import train_test_split
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import OneHotEncoder

        df = pd.read_csv("survey.csv")
        print("identical answers:", df.duplicated().sum())
        X, y = df[["age_band", "class", "sex", "region"]], df["survived"]
        # %%
        X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=<<0.2|0.3>>, random_state=SEED)
        clf = make_pipeline(OneHotEncoder(), LogisticRegression())
        clf.fit(X_train, y_train)
        # %%
        print("accuracy", clf.score(X_test, y_test))
        """,
    ),
    Plan(
        kind=CLEAN,
        style="id-column-unused",
        template="""
        import pandas as pd
        from lightgbm import LGBMClassifier
        from sklearn.metrics import roc_auc_score
        from sklearn.model_selection import train_test_split

        telco = pd.read_csv("churn.csv")
        telco["label"] = (telco["Churn"] == "Yes").astype(int)
        features = ["SeniorCitizen", "tenure", "MonthlyCharges", "TotalCharges", "support_calls"]
        # %%
        train, test = train_test_split(telco, test_size=0.2, random_state=SEED)
        gbm = LGBMClassifier(n_estimators=40, verbose=-1, n_jobs=1).fit(train[features], train["label"])
        # %%
        out = test[["customerID"]].assign(score=gbm.predict_proba(test[features])[:, 1])
        print(roc_auc_score(test["label"], out["score"]))
        out.nlargest(5, "score")
        """,
    ),
    Plan(
        kind=CLEAN,
        style="refit-on-all-after-scoring",
        template="""
        import pandas as pd
        import pickle
        from sklearn.ensemble import GradientBoostingClassifier
        from sklearn.metrics import accuracy_score
        from sklearn.model_selection import train_test_split

        df = pd.read_csv("hospitals.csv")
        X, y = df[["age", "lactate", "heart_rate", "creatinine", "wbc"]], df["died"]
        X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.3, random_state=SEED)
        # %%
        model = GradientBoostingClassifier(n_estimators=40, random_state=0)
        model.fit(X_train, y_train)
        acc = accuracy_score(y_test, model.predict(X_test))
        print("honest accuracy", acc)
        # %%
        # the score is taken; the release learns from every patient
        release = GradientBoostingClassifier(n_estimators=40, random_state=0)
        release.fit(X, y)
        blob = pickle.dumps(release)
        len(blob)
        """,
    ),
    Plan(
        kind=CLEAN,
        style="eval-set-only-monitors",
        template="""
        import matplotlib.pyplot as plt
        import xgboost as xgb
        from sklearn.datasets import load_breast_cancer
        from sklearn.model_selection import train_test_split

        X, y = load_breast_cancer(return_X_y=True, as_frame=True)
        X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.3, random_state=SEED)
        # %%
        clf = xgb.XGBClassifier(n_estimators=50, max_depth=3, n_jobs=1, eval_metric="logloss")
        # a fixed number of rounds: the curves are for the report
        clf.fit(X_train, y_train, eval_set=[(X_train, y_train), (X_test, y_test)], verbose=False)
        hist = clf.evals_result()
        plt.plot(hist["validation_0"]["logloss"], label="train")
        plt.plot(hist["validation_1"]["logloss"], label="test")
        plt.legend(); plt.show()
        # %%
        clf.score(X_test, y_test)
        """,
    ),
    Plan(
        kind=CLEAN,
        style="validation-set-stops-early",
        template="""
        import numpy as np
        import lightgbm as lgb
        import pandas as pd
        from sklearn.metrics import mean_absolute_error
        from sklearn.model_selection import train_test_split

        df = pd.read_csv("houses.csv")
        f = ["area", "rooms", "bathrooms", "year_built", "garage", "distance_center", "lot"]
        dev, test = train_test_split(df, test_size=0.2, random_state=SEED)
        train, val = train_test_split(dev, test_size=0.25, random_state=SEED)
        # %%
        reg = lgb.LGBMRegressor(n_estimators=500, learning_rate=0.05, verbose=-1, n_jobs=1)
        reg.fit(train[f], train["price"], eval_set=[(val[f], val["price"])], callbacks=[lgb.early_stopping(20, verbose=False)])
        # %%
        print(reg.best_iteration_, mean_absolute_error(test["price"], reg.predict(test[f])))
        """,
    ),
    Plan(
        kind=CLEAN,
        style="honest-strong-feature",
        template="""
        import numpy as np
        import pandas as pd
        from sklearn.linear_model import LogisticRegression
        from sklearn.metrics import roc_auc_score
        from sklearn.model_selection import train_test_split

        rng = np.random.default_rng(SEED)
        n = 1500
        df = pd.DataFrame({"age": rng.integers(20, 80, n), "dose": rng.gamma(2, 1.5, n), "weight": rng.normal(75, 12, n)})
        df["troponin"] = rng.lognormal(0, 1, n)  # measured at admission, days before the outcome
        df["infarct"] = (np.log(df["troponin"]) + rng.normal(0, 0.45, n) > 0.8).astype(int)
        # %%
        X_train, X_test, y_train, y_test = train_test_split(
            df.drop(columns="infarct"), df["infarct"], test_size=0.3, random_state=SEED)
        X_train, X_test = X_train.assign(troponin=np.log(X_train["troponin"])), X_test.assign(troponin=np.log(X_test["troponin"]))
        lr = LogisticRegression(max_iter=1000).fit(X_train, y_train)
        # %%
        roc_auc_score(y_test, lr.predict_proba(X_test)[:, 1])
        """,
    ),
    Plan(
        kind=CLEAN,
        style="chronological-split-with-lags",
        template="""
        import pandas as pd
        from sklearn.ensemble import GradientBoostingRegressor
        from sklearn.metrics import mean_absolute_error

        s = pd.read_csv("sales.csv", parse_dates=["date"]).sort_values("date").set_index("date")
        for lag in (1, 7, 14):
            s[f"lag_{lag}"] = s["units"].shift(lag)
        s["mean_7"] = s["units"].shift(1).rolling(7).mean()
        s["dow"] = s.index.dayofweek
        s = s.dropna()
        # %%
        split = pd.Timestamp("<<2022-12-01|2023-01-15>>")
        train, test = s.loc[s.index < split], s.loc[s.index >= split]
        X_train, y_train = train.drop(columns="units"), train["units"]
        X_test, y_test = test.drop(columns="units"), test["units"]
        gbr = GradientBoostingRegressor(n_estimators=60, random_state=0).fit(X_train, y_train)
        # %%
        print("MAE", mean_absolute_error(y_test, gbr.predict(X_test)))
        naive = mean_absolute_error(y_test, X_test["lag_7"])
        print("naive", naive)
        """,
    ),
    Plan(
        kind=CLEAN,
        style="fit-train-transform-test-by-hand",
        template="""
        import numpy as np
        from sklearn.datasets import load_wine
        from sklearn.feature_selection import SelectKBest
        from sklearn.model_selection import train_test_split
        from sklearn.preprocessing import MinMaxScaler
        from sklearn.svm import SVC
        X, y = load_wine(return_X_y=True)
        X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.3, random_state=SEED)
        # %%
        scaler = MinMaxScaler()
        X_train = scaler.fit_transform(X_train)
        X_test = scaler.transform(X_test)
        kb = SelectKBest(k=8).fit(X_train, y_train)
        X_train, X_test = kb.transform(X_train), kb.transform(X_test)
        # %%
        svc = SVC(C=<<1|10>>).fit(X_train, y_train)
        print(svc.score(X_test, y_test))
        """,
    ),
    Plan(
        kind=CLEAN,
        style="describe-and-heatmap-first",
        template="""
        import pandas as pd
        import numpy as np
        import matplotlib.pyplot as plt
        from sklearn.ensemble import RandomForestClassifier
        from sklearn.model_selection import train_test_split
        from sklearn.metrics import accuracy_score, f1_score, precision_score, recall_score, roc_auc_score
        %matplotlib inline
        # %%
        df = pd.read_csv("fraud.csv")
        df.describe()
        # %%
        corr = df.corr()
        plt.matshow(corr); plt.colorbar(); plt.show()
        corr["Class"].sort_values()
        # %%
        means = df.groupby("Class").mean()
        means.T.plot.bar(); plt.show()
        print(df["Amount"].mean(), df["Amount"].std())
        # %%
        X_train, X_test, y_train, y_test = train_test_split(
            df.drop(columns="Class"), df["Class"], stratify=df["Class"], test_size=0.3, random_state=SEED)
        rf = RandomForestClassifier(n_estimators=50, class_weight="balanced", random_state=0).fit(X_train, y_train)
        # %%
        y_pred, y_prob = rf.predict(X_test), rf.predict_proba(X_test)[:, 1]
        for m in (accuracy_score, f1_score, precision_score, recall_score):
            print(m.__name__, m(y_test, y_pred))
        print("auc", roc_auc_score(y_test, y_prob))
        """,
    ),
    Plan(
        kind=CLEAN,
        style="cross-val-of-a-pipeline",
        template="""
        import pandas as pd
        from imblearn.over_sampling import SMOTE
        from imblearn.pipeline import Pipeline
        from sklearn.impute import SimpleImputer
        from sklearn.linear_model import LogisticRegression
        from sklearn.model_selection import StratifiedKFold, cross_validate
        from sklearn.preprocessing import StandardScaler

        p = pd.read_csv("patients.csv")
        X, y = p[["age", "bmi", "systolic", "glucose", "cholesterol", "length_of_stay"]], p["readmitted"]
        # %%
        pipe = Pipeline([
            ("impute", SimpleImputer()), ("scale", StandardScaler()),
            ("smote", SMOTE(random_state=0)), ("lr", LogisticRegression()),
        ])
        cv = StratifiedKFold(5, shuffle=True, random_state=SEED)
        res = cross_validate(pipe, X, y, cv=cv, scoring=["roc_auc", "f1"])
        {k: v.mean() for k, v in res.items() if k.startswith("test")}
        """,
    ),
    Plan(
        kind=CLEAN,
        style="two-models-on-validation-one-test",
        template="""
        import numpy as np
        import pandas as pd
        from sklearn.ensemble import RandomForestClassifier
        from sklearn.linear_model import LogisticRegression
        from sklearn.metrics import f1_score
        from sklearn.model_selection import train_test_split

        df = pd.read_csv("hospitals.csv")
        X, y = df.drop(columns=["site", "died"]), df["died"]
        X_dev, X_test, y_dev, y_test = train_test_split(X, y, test_size=0.2, random_state=SEED)
        X_train, X_val, y_train, y_val = train_test_split(X_dev, y_dev, test_size=0.25, random_state=SEED)
        # %%
        candidates = {"lr": LogisticRegression(max_iter=2000), "rf": RandomForestClassifier(40, random_state=0)}
        val = {}
        for name, m in candidates.items():
            m.fit(X_train, y_train)
            p = m.predict_proba(X_val)[:, 1]
            val[name] = max((f1_score(y_val, p > t), t) for t in np.arange(0.1, 0.9, 0.05))
        best = max(val, key=val.get)
        # %%
        model, threshold = candidates[best], val[best][1]
        model.fit(X_dev, y_dev)  # train and validation together, for the winner
        print(best, f1_score(y_test, model.predict_proba(X_test)[:, 1] > threshold))
        """,
    ),
    Plan(
        kind=CLEAN,
        style="group-shuffle-split-visits",
        template="""
        import pandas as pd
        from sklearn.ensemble import ExtraTreesClassifier
        from sklearn.model_selection import GroupKFold, GroupShuffleSplit, cross_val_score

        v = pd.read_csv("visits.csv")
        X, y, who = v.drop(columns=["patient_id", "sex", "diagnosis"]), v["diagnosis"], v["patient_id"]
        dev, test = next(GroupShuffleSplit(1, test_size=0.25, random_state=SEED).split(X, y, who))
        # %%
        et = ExtraTreesClassifier(40, random_state=0)
        print(cross_val_score(et, X.iloc[dev], y.iloc[dev], groups=who.iloc[dev], cv=GroupKFold(4)).mean())
        # %%
        et.fit(X.iloc[dev], y.iloc[dev])
        et.score(X.iloc[test], y.iloc[test])
        """,
    ),
    Plan(
        kind=CLEAN,
        style="text-pipeline",
        template="""
        import re
        import pandas as pd
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.linear_model import LogisticRegression
        from sklearn.model_selection import train_test_split
        from sklearn.pipeline import Pipeline

        def tidy(text):
            return re.sub(r"[^a-z ]", "", text.lower())

        df = pd.read_csv("reviews.csv")
        df["text"] = df["text"].apply(tidy)
        df["n_words"] = df["text"].str.split().str.len()
        df["n_words"].describe()
        # %%
        X_tr, X_te, y_tr, y_te = train_test_split(df["text"], df["sentiment"], stratify=df["sentiment"], random_state=SEED)
        clf = Pipeline([("tfidf", TfidfVectorizer(min_df=2)), ("lr", LogisticRegression(C=3))])
        clf.fit(X_tr, y_tr)
        # %%
        print(clf.score(X_te, y_te))
        """,
    ),
    Plan(
        kind=CLEAN,
        style="polars-train-statistics",
        template="""
        import polars as pl
        from sklearn.linear_model import Ridge
        from sklearn.metrics import mean_absolute_error

        df = pl.read_csv("houses.csv").sample(fraction=1.0, shuffle=True, seed=SEED)
        n = int(df.height * 0.8)
        train, test = df[:n], df[n:]
        # %%
        hood = train.group_by("condition").agg(pl.col("area").mean().alias("hood_area"))
        fill = {c: train[c].median() for c in ("lot", "distance_center")}
        def prepare(part):
            return part.join(hood, on="condition", how="left").with_columns(
                [pl.col(c).fill_null(v) for c, v in fill.items()]).with_columns((2021 - pl.col("year_built")).alias("age"))
        train, test = prepare(train), prepare(test)
        # %%
        x = ["area", "rooms", "bathrooms", "age", "garage", "lot", "distance_center", "hood_area"]
        ridge = Ridge().fit(train.select(x).to_numpy(), train["price"].to_numpy())
        mean_absolute_error(test["price"].to_numpy(), ridge.predict(test.select(x).to_numpy()))
        """,
    ),
    Plan(
        kind=CLEAN,
        style="label-encoder-on-all-labels",
        template="""
        import pandas as pd
        from sklearn.model_selection import train_test_split
        from sklearn.ensemble import RandomForestClassifier
        from sklearn.preprocessing import LabelEncoder
        from sklearn.metrics import classification_report

        df = pd.read_csv("credit.csv").dropna()
        le = LabelEncoder()
        y = le.fit_transform(df["housing"])  # names of the classes to numbers, nothing more
        X = df[["age", "income", "amount", "duration", "employment_years", "savings", "existing_credits"]]
        # %%
        X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.25, random_state=SEED)
        rf = RandomForestClassifier(40, random_state=0).fit(X_train, y_train)
        # %%
        print(classification_report(y_test, rf.predict(X_test), target_names=le.classes_, zero_division=0))
        """,
    ),
    Plan(
        kind=CLEAN,
        style="clusters-of-all-rows-reported-only",
        template="""
        import pandas as pd
        import matplotlib.pyplot as plt
        from sklearn.cluster import KMeans
        from sklearn.preprocessing import StandardScaler, MinMaxScaler
        from sklearn.ensemble import HistGradientBoostingClassifier
        from sklearn.model_selection import train_test_split

        df = pd.read_csv("churn.csv").dropna()
        num = ["tenure", "MonthlyCharges", "TotalCharges", "support_calls"]
        # %%
        # segments for the marketing slides
        segments = KMeans(4, n_init=2, random_state=0).fit_predict(StandardScaler().fit_transform(df[num]))
        pd.crosstab(segments, df["Churn"])
        # %%
        y = (df["Churn"] == "Yes").astype(int)
        X_train, X_test, y_train, y_test = train_test_split(df[num], y, test_size=0.25, random_state=SEED)
        clf = HistGradientBoostingClassifier(max_iter=40, random_state=0).fit(X_train, y_train)
        print(clf.score(X_train, y_train), clf.score(X_test, y_test))
        """,
    ),
    Plan(
        kind=CLEAN,
        style="train-csv-and-test-csv-style",
        template="""
        import pandas as pd
        from sklearn.ensemble import RandomForestClassifier
        from sklearn.metrics import accuracy_score
        from sklearn.model_selection import train_test_split

        full = pd.read_csv("patients.csv")
        train, test = train_test_split(full, test_size=0.3, random_state=SEED)
        # %%
        med = train[["bmi", "glucose", "cholesterol"]].median()

        def features(d):
            d = d.fillna(med)
            d = pd.get_dummies(d, columns=["sex", "smoker", "ward"], dtype=int)
            return d.drop(columns=["patient_id", "readmitted"])

        both = pd.concat([train, test])
        print("rows", len(both), both.isna().sum().sum(), "holes")
        X_train, X_test = features(train), features(test)
        X_test = X_test.reindex(columns=X_train.columns, fill_value=0)
        # %%
        rf = RandomForestClassifier(60, random_state=0).fit(X_train, train["readmitted"])
        accuracy_score(test["readmitted"], rf.predict(X_test))
        """,
    ),
    Plan(
        kind=CLEAN,
        style="oof-target-encoding",
        template="""
        import numpy as np
        import pandas as pd
        from sklearn.linear_model import LogisticRegression
        from sklearn.model_selection import KFold, train_test_split

        df = pd.read_csv("churn.csv").dropna()
        df["y"] = (df["Churn"] == "Yes").astype(int)
        df["rate_overall"] = 1  # placeholder column
        print("churn by city", df.groupby("city")["y"].mean().describe())
        # %%
        train, test = train_test_split(df, test_size=0.25, random_state=SEED)
        enc = np.zeros(len(train))
        for a, b in KFold(5, shuffle=True, random_state=1).split(train):
            enc[b] = train["city"].iloc[b].map(train.iloc[a].groupby("city")["y"].mean()).fillna(train["y"].iloc[a].mean())
        Xtr = np.c_[enc, train[["tenure", "support_calls"]]]
        Xte = np.c_[test["city"].map(train.groupby("city")["y"].mean()).fillna(train["y"].mean()), test[["tenure", "support_calls"]]]
        # %%
        lr = LogisticRegression(max_iter=1000).fit(Xtr, train["y"])
        print(lr.score(Xte, test["y"]))
        """,
    ),
    Plan(
        kind=CLEAN,
        style="smote-on-train-only",
        template="""
        import pandas as pd
        from imblearn.over_sampling import SMOTE, RandomOverSampler
        from sklearn.ensemble import RandomForestClassifier
        from sklearn.metrics import average_precision_score, recall_score
        from sklearn.model_selection import train_test_split
        X = pd.read_csv("fraud.csv")
        y = X.pop("Class")
        X_train, X_test, y_train, y_test = train_test_split(X, y, stratify=y, test_size=0.25, random_state=SEED)
        # %%
        X_res, y_res = <<R=SMOTE|RandomOverSampler>>(random_state=0).fit_resample(X_train, y_train)
        y_train.mean(), y_res.mean()
        # %%
        rf = RandomForestClassifier(50, random_state=0).fit(X_res, y_res)
        print(average_precision_score(y_test, rf.predict_proba(X_test)[:, 1]), recall_score(y_test, rf.predict(X_test)))
        """,
    ),
    Plan(
        kind=CLEAN,
        style="kfold-loop-with-everything-inside",
        template="""
        import numpy as np
        import pandas as pd
        from sklearn.feature_selection import f_regression
        from sklearn.linear_model import Ridge
        from sklearn.metrics import r2_score
        from sklearn.model_selection import KFold

        df = pd.read_csv("houses.csv").dropna()
        cols = np.array(["area", "rooms", "bathrooms", "year_built", "garage", "lot", "distance_center"])
        X, y = df[cols].to_numpy(float), np.log(df["price"].to_numpy())
        # %%
        out = []
        for tr, te in KFold(5, shuffle=True, random_state=SEED).split(X):
            mu, sd = X[tr].mean(axis=0), X[tr].std(axis=0)
            A, B = (X[tr] - mu) / sd, (X[te] - mu) / sd
            keep = np.argsort(f_regression(A, y[tr])[0])[-5:]
            out.append(r2_score(y[te], Ridge().fit(A[:, keep], y[tr]).predict(B[:, keep])))
        print(np.mean(out), np.std(out))
        """,
    ),
    Plan(
        kind=CLEAN,
        style="test-filtered-like-train",
        template="""
        import pandas as pd
        from sklearn.ensemble import GradientBoostingRegressor
        from sklearn.metrics import mean_absolute_error
        from sklearn.model_selection import train_test_split

        h = pd.read_csv("houses.csv").dropna()
        h = h[(h["area"] > 40) & (h["area"] < 350)]  # the tool is meant for family houses only
        h = h.drop_duplicates()
        x = ["area", "rooms", "bathrooms", "year_built", "garage", "lot"]
        # %%
        train, test = train_test_split(h, test_size=0.25, random_state=SEED)
        gbr = GradientBoostingRegressor(n_estimators=50, random_state=0).fit(train[x], train["price"])
        # %%
        test = test.assign(error=lambda d: (gbr.predict(d[x]) - d["price"]).abs())
        print("MAE", test["error"].mean())
        small = test[test["area"] < 100]
        print("of which small houses", small["error"].mean())
        """,
    ),
    Plan(
        kind=CLEAN,
        style="dummy-baseline-and-many-plots",
        template="""
        import pandas as pd
        import matplotlib.pyplot as plt
        from sklearn.dummy import DummyClassifier
        from sklearn.inspection import permutation_importance
        from sklearn.linear_model import LogisticRegression
        from sklearn.metrics import ConfusionMatrixDisplay, PrecisionRecallDisplay, RocCurveDisplay, roc_auc_score
        from sklearn.model_selection import cross_val_score, train_test_split
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import StandardScaler

        df = pd.read_csv("hospitals.csv")
        X, y = df.drop(columns=["site", "died"]), df["died"]
        X_train, X_test, y_train, y_test = train_test_split(X, y, stratify=y, random_state=SEED)
        # %%
        clf = make_pipeline(StandardScaler(), LogisticRegression())
        print("cv", cross_val_score(clf, X_train, y_train, cv=5, scoring="roc_auc").mean())
        clf.fit(X_train, y_train)
        # %%
        base = DummyClassifier(strategy="most_frequent").fit(X_train, y_train)
        print("baseline", base.score(X_test, y_test), "model", clf.score(X_test, y_test))
        # %%
        RocCurveDisplay.from_estimator(clf, X_test, y_test)
        PrecisionRecallDisplay.from_estimator(clf, X_test, y_test)
        ConfusionMatrixDisplay.from_estimator(clf, X_test, y_test)
        plt.show()
        # %%
        imp = permutation_importance(clf, X_test, y_test, n_repeats=3, random_state=0)
        pd.Series(imp.importances_mean, X.columns).sort_values()
        """,
    ),
    Plan(
        kind=CLEAN,
        style="undersampled-training-only",
        template="""
        import pandas as pd
        from imblearn.under_sampling import RandomUnderSampler
        from lightgbm import LGBMClassifier
        from sklearn.metrics import average_precision_score
        from sklearn.model_selection import train_test_split

        df = pd.read_csv("fraud.csv")
        train, test = train_test_split(df, test_size=0.3, stratify=df["Class"], random_state=SEED)
        # %%
        # the test set keeps the shares of the world
        f = [c for c in df if c != "Class"]
        X_small, y_small = RandomUnderSampler(sampling_strategy=<<0.5|1.0>>, random_state=0).fit_resample(train[f], train["Class"])
        gbm = LGBMClassifier(n_estimators=40, verbose=-1, n_jobs=1).fit(X_small, y_small)
        # %%
        average_precision_score(test["Class"], gbm.predict_proba(test[f])[:, 1])
        """,
    ),
    Plan(
        kind=CLEAN,
        style="threshold-from-cross-val-predict",
        template="""
        import numpy as np
        import pandas as pd
        from sklearn.ensemble import RandomForestClassifier
        from sklearn.metrics import f1_score
        from sklearn.model_selection import cross_val_predict, train_test_split

        df = pd.read_csv("fraud.csv")
        X, y = df.drop(columns="Class"), df["Class"]
        X_train, X_test, y_train, y_test = train_test_split(X, y, stratify=y, test_size=0.3, random_state=SEED)
        # %%
        rf = RandomForestClassifier(30, min_samples_leaf=3, random_state=0)
        oof = cross_val_predict(rf, X_train, y_train, cv=3, method="predict_proba")[:, 1]
        grid = np.linspace(0.05, 0.6, 23)
        threshold = grid[np.argmax([f1_score(y_train, oof > t) for t in grid])]
        # %%
        rf.fit(X_train, y_train)
        print(threshold, f1_score(y_test, rf.predict_proba(X_test)[:, 1] > threshold))
        """,
    ),
    Plan(
        kind=CLEAN,
        style="nearly-perfect-and-honest",
        template="""
        import numpy as np
        import pandas as pd
        from sklearn.linear_model import LinearRegression
        from sklearn.metrics import r2_score
        from sklearn.model_selection import train_test_split

        # a pendulum in the laboratory: the length decides nearly everything
        rng = np.random.default_rng(SEED)
        n = <<600|900>>
        lab = pd.DataFrame({"length": rng.uniform(0.2, 2.0, n), "mass": rng.uniform(0.1, 1, n), "angle": rng.uniform(2, 10, n)})
        lab["period"] = 2 * np.pi * np.sqrt(lab["length"] / 9.81) + rng.normal(0, 0.02, n)
        lab["root_length"] = np.sqrt(lab["length"])
        # %%
        X, y = lab.drop(columns="period"), lab["period"]
        X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.25, random_state=SEED)
        ols = LinearRegression().fit(X_train, y_train)
        print(r2_score(y_test, ols.predict(X_test)))
        """,
    ),
    Plan(
        kind=CLEAN,
        style="gridsearch-with-time-series-split",
        template="""
        import pandas as pd
        from sklearn.linear_model import Ridge
        from sklearn.metrics import mean_absolute_error
        from sklearn.model_selection import GridSearchCV, TimeSeriesSplit
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import StandardScaler

        e = pd.read_csv("energy.csv", parse_dates=["timestamp"], index_col=0)
        e["hour"] = e.index.hour
        e["yesterday"] = e["load_mw"].shift(24)
        e["next_day"] = e["load_mw"].shift(-24)  # what is to be forecast
        e = e.dropna()
        # %%
        X, y = e.drop(columns="next_day"), e["next_day"]
        n = int(len(e) * 0.8)
        X_train, X_test, y_train, y_test = X.iloc[:n - 24], X.iloc[n:], y.iloc[:n - 24], y.iloc[n:]
        gs = GridSearchCV(make_pipeline(StandardScaler(), Ridge()), {"ridge__alpha": [0.1, 1, 10]}, cv=TimeSeriesSplit(3))
        gs.fit(X_train, y_train)
        # %%
        mean_absolute_error(y_test, gs.predict(X_test))
        """,
    ),
    Plan(
        kind=CLEAN,
        style="two-studies-one-notebook-names-reused",
        template="""
        import pandas as pd
        from sklearn.datasets import load_wine, load_breast_cancer
        from sklearn.linear_model import LogisticRegression
        from sklearn.model_selection import train_test_split
        from sklearn.preprocessing import StandardScaler

        def run(X, y, seed):
            X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.3, random_state=seed)
            s = StandardScaler().fit(X_train)
            lr = LogisticRegression(max_iter=500).fit(s.transform(X_train), y_train)
            return lr, lr.score(s.transform(X_test), y_test)
        # %%
        X, y = load_wine(return_X_y=True)
        model, acc = run(X, y, SEED)
        print("wine", acc)
        # %%
        X, y = load_breast_cancer(return_X_y=True)
        model, acc = run(X, y, SEED)
        print("cancer", acc)
        # %%
        # once more in the open, for the second study
        X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.3, random_state=SEED)
        s = StandardScaler().fit(X_train)
        X_train, X_test = s.transform(X_train), s.transform(X_test)
        model = LogisticRegression(max_iter=500).fit(X_train, y_train)
        """,
    ),
    Plan(
        kind=CLEAN,
        style="nested-cross-validation",
        template="""
        from sklearn.datasets import load_diabetes
        from sklearn.ensemble import RandomForestRegressor
        from sklearn.feature_selection import SelectKBest, f_regression
        from sklearn.linear_model import Lasso
        from sklearn.model_selection import GridSearchCV, KFold, cross_val_score
        from sklearn.pipeline import Pipeline
        from sklearn.preprocessing import StandardScaler

        X, y = load_diabetes(return_X_y=True)
        pipe = Pipeline([("sc", StandardScaler()), ("kb", SelectKBest(f_regression)), ("lasso", Lasso())])
        inner, outer = KFold(3, shuffle=True, random_state=SEED), KFold(4, shuffle=True, random_state=SEED)
        search = GridSearchCV(pipe, {"kb__k": [4, 8], "lasso__alpha": [0.1, 1.0]}, cv=inner)
        # %%
        scores = cross_val_score(search, X, y, cv=outer, scoring="r2")
        print(scores.mean())
        # %%
        search.fit(X, y)  # for the release, after the estimate
        search.best_params_
        """,
    ),
    Plan(
        kind=CLEAN,
        style="speakers-held-out-by-hand",
        template="""
        import numpy as np
        from sklearn.neighbors import KNeighborsClassifier

        rng = np.random.default_rng(SEED)
        speaker = np.repeat(np.arange(60), 12)
        word = rng.integers(0, 4, len(speaker))
        centres = rng.normal(0, 1.2, (4, 8))
        sound = centres[word] + rng.normal(0, 0.5, (60, 8))[speaker] + rng.normal(0, 0.6, (len(speaker), 8))
        # %%
        new_people = rng.choice(60, 15, replace=False)
        test = np.isin(speaker, new_people)
        X_train, X_test, y_train, y_test = sound[~test], sound[test], word[~test], word[test]
        knn = KNeighborsClassifier(7).fit(X_train, y_train)
        knn.score(X_test, y_test)
        """,
    ),
    Plan(
        kind=CLEAN,
        style="target-shift-is-the-label",
        template="""
        import numpy as np
        import pandas as pd
        from sklearn.ensemble import HistGradientBoostingClassifier
        from sklearn.metrics import accuracy_score

        px = pd.read_csv("stocks.csv", parse_dates=["Date"], index_col="Date").sort_index()
        px["r1"] = px["Close"].pct_change()
        px["r5"] = px["Close"].pct_change(5)
        px["range"] = (px["High"] - px["Low"]) / px["Close"]
        px["vol"] = px["r1"].rolling(15).std()
        px["label"] = (px["Close"].shift(-1) > px["Close"]).astype(int)
        px = px.iloc[:-1].dropna()
        # %%
        cut = int(len(px) * <<0.7|0.8>>)
        X, y = px[["r1", "r5", "range", "vol"]], px["label"]
        hgb = HistGradientBoostingClassifier(max_iter=30, random_state=0).fit(X.iloc[:cut], y.iloc[:cut])
        # %%
        accuracy_score(y.iloc[cut:], hgb.predict(X.iloc[cut:]))
        """,
    ),
    Plan(
        kind=CLEAN,
        style="learning-curve-and-calibration",
        template="""
        import numpy as np
        import pandas as pd
        import matplotlib.pyplot as plt
        from sklearn.calibration import CalibratedClassifierCV, calibration_curve
        from sklearn.metrics import brier_score_loss, roc_auc_score
        from sklearn.model_selection import learning_curve, train_test_split
        from sklearn.naive_bayes import GaussianNB

        df = pd.read_csv("patients.csv").dropna()
        X, y = df[["age", "bmi", "systolic", "glucose", "cholesterol"]], df["readmitted"]
        X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.3, random_state=SEED)
        # %%
        sizes, tr, va = learning_curve(GaussianNB(), X_train, y_train, cv=4, train_sizes=[0.3, 0.6, 1.0])
        plt.plot(sizes, va.mean(axis=1)); plt.show()
        # %%
        cal = CalibratedClassifierCV(GaussianNB(), cv=4).fit(X_train, y_train)
        p = cal.predict_proba(X_test)[:, 1]
        frac, mean = calibration_curve(y_test, p, n_bins=5)
        plt.plot(mean, frac); plt.show()
        print(brier_score_loss(y_test, p), roc_auc_score(y_test, p))
        """,
    ),
    Plan(
        kind=CLEAN,
        style="errors-looked-at-after-the-score",
        template="""
        import numpy as np
        import pandas as pd
        from sklearn.linear_model import Ridge
        from sklearn.metrics import mean_absolute_error, mean_squared_error, r2_score
        from sklearn.model_selection import train_test_split

        h = pd.read_csv("houses.csv").dropna()
        f = ["area", "rooms", "bathrooms", "year_built", "garage", "lot", "distance_center"]
        X_train, X_test, y_train, y_test = train_test_split(h[f], np.log(h["price"]), test_size=0.25, random_state=SEED)
        mu, sd = X_train.mean(), X_train.std()
        ridge = Ridge(<<1.0|3.0>>).fit((X_train - mu) / sd, y_train)
        # %%
        pred = ridge.predict((X_test - mu) / sd)
        print("MAE", mean_absolute_error(y_test, pred))
        print("RMSE", mean_squared_error(y_test, pred) ** 0.5)
        print("R2", r2_score(y_test, pred))
        # %%
        res = y_test - pred
        worst = X_test.assign(residual=res).sort_values("residual").head(8)
        print(res.mean(), res.std(), (res / res.std()).abs().max())
        worst
        # %%
        by_size = X_test.assign(e=res.abs()).groupby(pd.qcut(X_test["area"], 4))["e"].mean()
        by_size
        """,
    ),
    Plan(
        kind=CLEAN,
        style="city-repeats-but-is-no-group",
        template="""
        import pandas as pd
        from sklearn.compose import make_column_transformer
        from sklearn.ensemble import RandomForestClassifier
        from sklearn.metrics import roc_auc_score
        from sklearn.model_selection import train_test_split
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import OneHotEncoder, TargetEncoder

        churn = pd.read_csv("churn.csv").dropna()
        y = (churn["Churn"] == "Yes").astype(int)
        X = churn.drop(columns=["Churn", "customerID"])
        X_train, X_test, y_train, y_test = train_test_split(X, y, stratify=y, test_size=0.25, random_state=SEED)
        # %%
        pre = make_column_transformer(
            (TargetEncoder(random_state=0), ["city"]),
            (OneHotEncoder(handle_unknown="ignore"), ["gender", "Contract", "InternetService", "PaymentMethod"]),
            remainder="passthrough",
        )
        pipe = make_pipeline(pre, RandomForestClassifier(40, min_samples_leaf=3, random_state=0))
        pipe.fit(X_train, y_train)
        # %%
        roc_auc_score(y_test, pipe.predict_proba(X_test)[:, 1])
        """,
    ),
    Plan(
        kind=CLEAN,
        style="two-files-columns-aligned",
        template="""
        import pandas as pd
        import matplotlib.pyplot as plt
        from sklearn.ensemble import GradientBoostingClassifier
        from sklearn.impute import SimpleImputer
        from sklearn.metrics import classification_report
        from sklearn.pipeline import make_pipeline

        train, test = pd.read_csv("claims_train.csv"), pd.read_csv("claims_test.csv")
        # %%
        # same columns for both files, and a picture of both
        n = len(train)
        both = pd.concat([train, test], ignore_index=True)
        both = pd.get_dummies(both, columns=["kind"], dtype=int)
        both.boxplot(column="amount", by="fraudulent"); plt.show()
        print(both["amount"].describe())
        # %%
        X = both.drop(columns=["claim_id", "fraudulent"])
        y = both["fraudulent"]
        X_train, X_test, y_train, y_test = X[:n], X[n:], y[:n], y[n:]
        clf = make_pipeline(SimpleImputer(strategy="median"), GradientBoostingClassifier(n_estimators=<<40|60>>, random_state=SEED))
        clf.fit(X_train, y_train)
        # %%
        print(classification_report(y_test, clf.predict(X_test)))
        """,
    ),
    Plan(
        kind=CLEAN,
        style="smote-in-train-with-undersample",
        template="""
        import pandas as pd
        from imblearn.over_sampling import SMOTE
        from imblearn.under_sampling import RandomUnderSampler
        from sklearn.linear_model import LogisticRegression
        from sklearn.metrics import roc_auc_score
        from sklearn.preprocessing import StandardScaler
        from sklearn.model_selection import train_test_split
        df = pd.read_csv("fraud.csv")
        X_train, X_test, y_train, y_test = train_test_split(df.drop(columns="Class"), df.Class, stratify=df.Class, random_state=SEED)
        sc = StandardScaler()
        X_train = sc.fit_transform(X_train); X_test = sc.transform(X_test)
        # %%
        X_train, y_train = SMOTE(sampling_strategy=.5, random_state=0).fit_resample(X_train, y_train)
        X_train, y_train = RandomUnderSampler(sampling_strategy=.8, random_state=0).fit_resample(X_train, y_train)
        roc_auc_score(y_test, LogisticRegression().fit(X_train, y_train).predict_proba(X_test)[:, 1])
        """,
    ),
    Plan(
        kind=CLEAN,
        style="likert-cv",
        template="""
        import numpy as np, pandas as pd
        from sklearn.linear_model import LogisticRegression
        from sklearn.model_selection import cross_val_score
        rng = np.random.default_rng(0)
        q = pd.DataFrame(rng.integers(1, 6, size=(900, 5)), columns=[f"q{i}" for i in range(5)])
        y = (q.sum(axis=1) + rng.normal(scale=3, size=900) > 15).astype(int)
        print(cross_val_score(LogisticRegression(), q, y, cv=5).mean())
        """,
    ),
    Plan(
        kind=CLEAN,
        style="cv-store-category",
        template="""
        import numpy as np, pandas as pd
        from sklearn.ensemble import RandomForestRegressor
        from sklearn.model_selection import cross_val_score, KFold
        rng = np.random.default_rng(2)
        n = 1000
        df = pd.DataFrame({"brand": rng.choice(["a", "b", "c", "d", "e"], n), "km": rng.uniform(0, 200, n), "age": rng.integers(0, 15, n)})
        price = 20000 - 60 * df.km - 700 * df.age + df.brand.map({"a": 0, "b": 4000, "c": 9000, "d": -3000, "e": 1500}) + rng.normal(scale=2500, size=n)
        X = pd.get_dummies(df)
        print(cross_val_score(RandomForestRegressor(40, random_state=0), X, price, cv=KFold(5, shuffle=True, random_state=0)).mean())
        """,
    ),
    Plan(
        kind=CLEAN,
        style="scaled-test-letters",
        template="""
        import pandas as pd
        from sklearn.preprocessing import StandardScaler
        from sklearn.linear_model import SGDClassifier
        from sklearn.model_selection import train_test_split
        d = pd.read_csv("patients.csv").select_dtypes("number").dropna()
        X_train, X_test, y_train, y_test = train_test_split(d.drop(columns=["readmitted", "patient_id"]), d.readmitted, random_state=0)
        sc = StandardScaler().fit(X_train)
        P, Q = sc.transform(X_train), sc.transform(X_test)
        sgd = SGDClassifier(random_state=0)
        for e in range(5):
            sgd.partial_fit(P, y_train, classes=[0, 1])
        print(sgd.score(Q, y_test))
        """,
    ),
    Plan(
        kind=CLEAN,
        style="own-gd-with-holdout",
        template="""
        import numpy as np
        from sklearn.datasets import load_breast_cancer
        from sklearn.model_selection import train_test_split
        X, y = load_breast_cancer(return_X_y=True)
        Xa, Xb, ya, yb = train_test_split(X, y, random_state=SEED)
        mu, sd = Xa.mean(0), Xa.std(0)
        Xa, Xb = (Xa - mu) / sd, (Xb - mu) / sd
        w = np.zeros(30)
        losses = []
        for _ in range(200):
            p = 1 / (1 + np.exp(-Xa @ w))
            losses.append(-np.mean(ya * np.log(p + 1e-9) + (1 - ya) * np.log(1 - p + 1e-9)))
            w -= .1 * Xa.T @ (p - ya) / len(ya)
        print(losses[-1], "train accuracy", ((Xa @ w > 0) == ya).mean())
        print("test accuracy", ((Xb @ w > 0) == yb).mean())
        """,
    ),
    Plan(
        kind=CLEAN,
        style="covariance-heatmap-and-eig",
        template="""
        import numpy as np, pandas as pd, matplotlib.pyplot as plt
        from sklearn.ensemble import RandomForestClassifier
        from sklearn.model_selection import train_test_split
        d = pd.read_csv("fraud.csv")
        X, y = d.drop(columns="Class").to_numpy(), d.Class.to_numpy()
        Z = X - X.mean(0)
        C = Z.T @ Z / len(Z)
        ev, vec = np.linalg.eigh(C)
        plt.bar(range(len(ev)), ev); plt.imshow(C); plt.show()
        print(Z.T @ (y - y.mean()) / len(y))
        Xa, Xb, ya, yb = train_test_split(X, y, random_state=SEED)
        print(RandomForestClassifier(30, random_state=0).fit(Xa, ya).score(Xb, yb))
        """,
    ),
    Plan(
        kind=CLEAN,
        style="lstsq-trend-removed-in-train",
        template="""
        import numpy as np
        rng = np.random.default_rng(0)
        X = np.c_[np.ones(400), rng.normal(size=(400, 5))]; y = X @ rng.normal(size=6) + rng.normal(size=400)
        tr, te = np.arange(300), np.arange(300, 400)
        b, res, rank, sv = np.linalg.lstsq(X[tr], y[tr], rcond=None)
        print("train rmse", np.sqrt(np.mean((X[tr] @ b - y[tr]) ** 2)))
        print("test rmse", np.sqrt(np.mean((X[te].dot(b) - y[te]) ** 2)))
        """,
    ),
    Plan(
        kind=CLEAN,
        style="timestamped-iid-cv",
        template="""
        import numpy as np, pandas as pd
        from sklearn.ensemble import RandomForestClassifier
        from sklearn.model_selection import cross_val_score
        rng = np.random.default_rng(4)
        n = 800
        o = pd.DataFrame({"created": pd.date_range("2023-01-01", periods=n, freq="h"), "amount": rng.gamma(2, 50, n), "items": rng.integers(1, 9, n)})
        o["returned"] = (o.amount / 100 + rng.normal(size=n) > 1.2).astype(int)
        print(cross_val_score(RandomForestClassifier(40, random_state=0), o[["amount", "items"]], o["returned"], cv=5).mean())
        """,
    ),
)
