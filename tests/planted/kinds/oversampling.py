"""Rows made or repeated for the rare class before the split."""

from tests.planted.case import Plan

KIND = "oversampling"

PLANS = (
    Plan(
        kind=KIND,
        style="smote-before-split",
        template="""
        import pandas as pd
        from imblearn.over_sampling import SMOTE
        from sklearn.ensemble import RandomForestClassifier
        from sklearn.model_selection import train_test_split
        from sklearn.metrics import classification_report, recall_score
        # %%
        df = pd.read_csv("fraud.csv")
        df["Class"].value_counts()
        # %%
        X = df.drop(columns="Class")
        y = df["Class"]
        <<s=sm|smote|oversampler>> = SMOTE(random_state=<<42|0>>)
        -X_res, y_res = <<s>>.fit_resample(X, y) #!
        -X_train, X_test, y_train, y_test = train_test_split(X_res, y_res, test_size=0.2, random_state=SEED)
        +X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2, stratify=y, random_state=SEED)
        +X_train, y_train = <<s>>.fit_resample(X_train, y_train)
        # %%
        rf = RandomForestClassifier(n_estimators=40, random_state=0)
        rf.fit(X_train, y_train)
        pred = rf.predict(X_test)
        print(classification_report(y_test, pred))
        print("recall", recall_score(y_test, pred))
        """,
        proof="y_test.mean() > 0.4",
    ),
    Plan(
        kind=KIND,
        style="sklearn-resample-pandas",
        template="""
        import pandas as pd
        from sklearn.utils import resample
        from sklearn.tree import DecisionTreeClassifier
        from sklearn.model_selection import train_test_split
        from sklearn.metrics import f1_score

        data = pd.read_csv("fraud.csv")
        +data, test = train_test_split(data, test_size=0.3, random_state=SEED, stratify=data["Class"])
        majority = data[data.Class == 0]
        minority = data[data.Class == 1]
        # %%
        -minority_up = resample(minority, replace=True, n_samples=len(majority) // <<1|2>>, random_state=1) #!
        +minority_up = resample(minority, replace=True, n_samples=len(majority) // <<1|2>>, random_state=1)
        data_up = pd.concat([majority, minority_up]) #?
        data_up.Class.value_counts()
        # %%
        -X_train, X_test, y_train, y_test = train_test_split(
        -    data_up.drop("Class", axis=1), data_up.Class, test_size=0.3, random_state=SEED)
        +X_train, y_train = data_up.drop("Class", axis=1), data_up.Class
        +X_test, y_test = test.drop("Class", axis=1), test.Class
        clf = DecisionTreeClassifier(max_depth=10)
        clf.fit(X_train, y_train)
        print(f1_score(y_test, clf.predict(X_test)))
        """,
        proof="shared(X_train, X_test) > 0.1",
        also=("duplicates",),
    ),
    Plan(
        kind=KIND,
        style="numpy-concatenate-minority",
        template="""
        import numpy as np
        from sklearn.ensemble import ExtraTreesClassifier
        from sklearn.datasets import make_classification

        X, y = make_classification(<<1500|2000>>, 10, weights=[0.92], flip_y=0.02, random_state=SEED)
        rng = np.random.default_rng(SEED)
        # %%
        -pos = np.flatnonzero(y == 1)
        -extra = rng.choice(pos, size=(y == 0).sum() - len(pos), replace=True) #?
        -X, y = np.concatenate([X, X[extra]]), np.concatenate([y, y[extra]]) #!
        order = rng.permutation(len(X))
        cut = int(0.8 * len(X))
        Xtr, Xte = X[order[:cut]], X[order[cut:]]
        ytr, yte = y[order[:cut]], y[order[cut:]]
        +pos = np.flatnonzero(ytr == 1)
        +extra = rng.choice(pos, size=(ytr == 0).sum() - len(pos), replace=True)
        +Xtr, ytr = np.concatenate([Xtr, Xtr[extra]]), np.concatenate([ytr, ytr[extra]])
        # %%
        et = ExtraTreesClassifier(50, random_state=0).fit(Xtr, ytr)
        pred = et.predict(Xte)
        print("precision", (yte[pred == 1] == 1).mean(), "recall", (pred[yte == 1] == 1).mean())
        """,
        proof="shared(Xtr, Xte) > 0.1",
        also=("duplicates",),
    ),
    Plan(
        kind=KIND,
        style="random-oversampler-messy",
        template="""
        import pandas as pd
        from imblearn.over_sampling import RandomOverSampler
        from sklearn.model_selection import train_test_split
        from sklearn.neighbors import KNeighborsClassifier
        d = pd.read_csv("patients.csv").dropna()
        feats = ["age", "bmi", "systolic", "glucose", "cholesterol", "length_of_stay"]
        x, t = d[feats], d["readmitted"]
        # %%
        -x2, t2 = RandomOverSampler(random_state=<<0|5>>).fit_resample(x, t) #!
        -x, x_test, t, t_test = train_test_split(x2, t2, test_size=.25, random_state=SEED)
        +x, x_test, t, t_test = train_test_split(x, t, test_size=.25, random_state=SEED)
        +x, t = RandomOverSampler(random_state=<<0|5>>).fit_resample(x, t)
        # %%
        knn = KNeighborsClassifier(<<1|3>>).fit(x, t)
        knn.score(x_test, t_test)
        """,
        proof="shared(x, x_test) > 0.1",
        also=("duplicates",),
    ),
    Plan(
        kind=KIND,
        style="adasyn-function",
        template="""
        import pandas as pd
        from collections import Counter
        from imblearn.over_sampling import <<S=ADASYN|BorderlineSMOTE>>
        from lightgbm import LGBMClassifier
        from sklearn.metrics import average_precision_score
        from sklearn.model_selection import train_test_split

        def balance(X, y):
            print("before", Counter(y))
            Xb, yb = <<S>>(random_state=11).fit_resample(X, y) #?
            print("after", Counter(yb))
            return Xb, yb
        # %%
        df = pd.read_csv("fraud.csv")
        y, X = df["Class"], df.drop(columns=["Class"])
        -X, y = balance(X, y) #!
        # %%
        X_train, X_test, y_train, y_test = train_test_split(X, y, stratify=y, test_size=0.25, random_state=SEED)
        +X_train, y_train = balance(X_train, y_train)
        gbm = LGBMClassifier(n_estimators=60, verbose=-1, n_jobs=1).fit(X_train, y_train)
        average_precision_score(y_test, gbm.predict_proba(X_test)[:, 1])
        """,
        proof="y_test.mean() > 0.4",
    ),
    Plan(
        kind=KIND,
        style="smote-before-cross-val",
        template="""
        import numpy as np
        import pandas as pd
        from imblearn.over_sampling import SMOTE
        from imblearn.pipeline import Pipeline
        from sklearn.linear_model import LogisticRegression
        from sklearn.model_selection import StratifiedKFold, cross_val_score

        credit = pd.read_csv("credit.csv").dropna()
        X = np.log1p(credit[["income", "amount", "savings", "duration", "employment_years"]])
        y = credit["default"]
        skf = StratifiedKFold(n_splits=<<4|5>>, shuffle=True, random_state=SEED)
        # %%
        lr = LogisticRegression(max_iter=1000)
        -X_bal, y_bal = SMOTE(random_state=SEED).fit_resample(X, y) #!
        -scores = cross_val_score(lr, X_bal, y_bal, cv=skf, scoring="f1")
        +model = Pipeline([("smote", SMOTE(random_state=SEED)), ("lr", lr)])
        +scores = cross_val_score(model, X, y, cv=skf, scoring="f1")
        print("F1 %.3f +- %.3f" % (scores.mean(), scores.std()))
        """,
    ),
    Plan(
        kind=KIND,
        style="polars-repeat-rows",
        template="""
        import polars as pl
        from sklearn.ensemble import RandomForestClassifier
        from sklearn.metrics import balanced_accuracy_score

        df = pl.read_csv("fraud.csv")
        # %%
        -rare = df.filter(pl.col("Class") == 1)
        -df = pl.concat([df] + [rare] * <<5|8>>).sample(fraction=1.0, shuffle=True, seed=SEED) #!
        +df = df.sample(fraction=1.0, shuffle=True, seed=SEED)
        n = int(len(df) * 0.75)
        train, test = df.slice(0, n), df.slice(n)
        +rare = train.filter(pl.col("Class") == 1)
        +train = pl.concat([train] + [rare] * <<5|8>>)
        train.shape, test.shape
        # %%
        x_cols = [c for c in df.columns if c != "Class"]
        forest = RandomForestClassifier(50, random_state=0)
        forest.fit(train.select(x_cols).to_numpy(), train["Class"].to_numpy())
        print(balanced_accuracy_score(test["Class"].to_numpy(), forest.predict(test.select(x_cols).to_numpy())))
        """,
        proof="shared(train.select(x_cols).to_pandas(), test.select(x_cols).to_pandas()) > 0.1",
        also=("duplicates",),
    ),
    Plan(
        kind=KIND,
        style="pandas-sample-replace-pipeline",
        template="""
        import pandas as pd
        from sklearn.linear_model import LogisticRegression
        from sklearn.model_selection import train_test_split
        from sklearn.pipeline import Pipeline
        from sklearn.preprocessing import StandardScaler
        from sklearn.metrics import confusion_matrix, recall_score

        tx = pd.read_csv("fraud.csv")
        +tx, tx_test = train_test_split(tx, test_size=0.3, stratify=tx["Class"], random_state=SEED)
        # %%
        n_major = int((tx["Class"] == 0).sum())
        balanced = pd.concat([
            tx[tx["Class"] == 0],
        -    tx[tx["Class"] == 1].sample(n_major, replace=True, random_state=<<1|2>>), #!
        +    tx[tx["Class"] == 1].sample(n_major, replace=True, random_state=<<1|2>>),
        ])
        balanced["Class"].mean()
        # %%
        f = [c for c in tx.columns if c.startswith("V")]
        -X_train, X_test, y_train, y_test = train_test_split(balanced[f], balanced["Class"], test_size=0.3, random_state=SEED)
        +X_train, y_train, X_test, y_test = balanced[f], balanced["Class"], tx_test[f], tx_test["Class"]
        pipe = Pipeline([("sc", StandardScaler()), ("lr", LogisticRegression())]).fit(X_train, y_train)
        print(confusion_matrix(y_test, pipe.predict(X_test)))
        """,
        proof="shared(X_train, X_test) > 0.1",
        also=("duplicates",),
    ),
    Plan(
        kind=KIND,
        style="index-repeat",
        template="""
        import numpy as np
        import pandas as pd
        from lightgbm import LGBMClassifier
        from sklearn.model_selection import train_test_split
        from sklearn.metrics import recall_score, precision_score
        pay = pd.read_csv("fraud.csv")
        +pay, later = train_test_split(pay, test_size=0.3, stratify=pay["Class"], random_state=SEED)
        # %%
        times = np.where(pay["Class"] == 1, <<6|9>>, 1)
        big = pay.loc[pay.index.repeat(times)].reset_index(drop=True) #!
        big["Class"].mean()
        # %%
        -a, b = train_test_split(big, test_size=0.3, stratify=big["Class"], random_state=SEED)
        +a, b = big, later
        f = [c for c in pay.columns if c != "Class"]
        m = LGBMClassifier(n_estimators=50, verbose=-1, n_jobs=1).fit(a[f], a["Class"])
        p = m.predict(b[f])
        print(recall_score(b["Class"], p), precision_score(b["Class"], p))
        """,
        proof="shared(a[f], b[f]) > 0.1",
        also=("duplicates",),
    ),
    Plan(
        kind=KIND,
        style="smotetomek-class",
        template="""
        import pandas as pd
        from imblearn.combine import SMOTETomek
        from sklearn.ensemble import RandomForestClassifier
        from sklearn.metrics import f1_score
        from sklearn.model_selection import train_test_split


        class Experiment:
            def __init__(self, path, seed=SEED):
                d = pd.read_csv(path)
                self.X, self.y, self.seed = d.drop(columns="Class"), d["Class"], seed

            def prepare(self):
        -        self.X, self.y = SMOTETomek(random_state=0).fit_resample(self.X, self.y) #!
                parts = train_test_split(self.X, self.y, test_size=0.25, stratify=self.y, random_state=self.seed)
                self.X_train, self.X_test, self.y_train, self.y_test = parts
        +        self.X_train, self.y_train = SMOTETomek(random_state=0).fit_resample(self.X_train, self.y_train)
                return self

            def run(self):
                self.model = RandomForestClassifier(<<30|40>>, random_state=0).fit(self.X_train, self.y_train)
                return f1_score(self.y_test, self.model.predict(self.X_test))
        # %%
        exp = Experiment("fraud.csv").prepare() #?
        # %%
        print("F1", exp.run())
        """,
        proof="exp.y_test.mean() > 0.4",
    ),
)
