"""The same patient, user or device on both sides, where the group carries the label."""

from tests.planted.case import Plan

KIND = "group"

PLANS = (
    Plan(
        kind=KIND,
        style="visits-train-test-split",
        template="""
        import pandas as pd
        from sklearn.ensemble import RandomForestClassifier
        from sklearn.metrics import accuracy_score, roc_auc_score
        from sklearn.model_selection import train_test_split, GroupShuffleSplit
        # %%
        visits = pd.read_csv("visits.csv")
        print(visits["patient_id"].nunique(), "patients,", len(visits), "visits")
        visits.head()
        # %%
        vitals = ["pulse", "temp", "hba1c", "sodium", "potassium", "age"]
        X, y = visits[vitals], visits["diagnosis"]
        # %%
        -X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=<<0.2|0.25>>, random_state=SEED) #!
        +gss = GroupShuffleSplit(n_splits=1, test_size=<<0.2|0.25>>, random_state=SEED)
        +tr, te = next(gss.split(X, y, groups=visits["patient_id"]))
        +X_train, X_test, y_train, y_test = X.iloc[tr], X.iloc[te], y.iloc[tr], y.iloc[te]
        rf = RandomForestClassifier(n_estimators=50, random_state=0)
        rf.fit(X_train, y_train)
        print("acc", accuracy_score(y_test, rf.predict(X_test)))
        print("auc", roc_auc_score(y_test, rf.predict_proba(X_test)[:, 1]))
        """,
        proof="len(set(visits.loc[X_train.index, 'patient_id']) & set(visits.loc[X_test.index, 'patient_id'])) > 0",
    ),
    Plan(
        kind=KIND,
        style="kfold-over-windows",
        template="""
        import pandas as pd
        from sklearn.model_selection import StratifiedKFold, StratifiedGroupKFold, cross_val_score
        from sklearn.neighbors import KNeighborsClassifier
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import StandardScaler

        windows = pd.read_csv("machines.csv")
        signal = windows.drop(columns=["machine", "wear"])
        # %%
        pipe = make_pipeline(StandardScaler(), KNeighborsClassifier(n_neighbors=<<3|5>>))
        -cv = StratifiedKFold(n_splits=5, shuffle=True, random_state=SEED) #!
        -scores = cross_val_score(pipe, signal, windows["wear"], cv=cv) #?
        +cv = StratifiedGroupKFold(n_splits=5, shuffle=True, random_state=SEED)
        +scores = cross_val_score(pipe, signal, windows["wear"], groups=windows["machine"], cv=cv)
        print(f"{scores.mean():.3f} ± {scores.std():.3f}")
        """,
        proof="scores.mean() > 0.9",
    ),
    Plan(
        kind=KIND,
        style="numpy-mask-by-row",
        template="""
        import numpy as np
        from sklearn.ensemble import ExtraTreesClassifier

        rng = np.random.default_rng(SEED)
        n_speakers, per = <<50|70>>, 14
        speaker = np.repeat(np.arange(n_speakers), per)
        voice = rng.normal(size=(n_speakers, 10))
        emotion = rng.integers(0, 3, n_speakers)[speaker]  # one mood a recording session
        mfcc = voice[speaker] + rng.normal(scale=0.25, size=(len(speaker), 10))
        # %%
        -is_test = rng.random(len(mfcc)) < 0.25 #!
        +is_test = np.isin(speaker, rng.choice(n_speakers, n_speakers // 4, replace=False))
        X_train, y_train = mfcc[~is_test], emotion[~is_test] #?
        X_test, y_test = mfcc[is_test], emotion[is_test]
        # %%
        et = ExtraTreesClassifier(50, random_state=0).fit(X_train, y_train)
        print("accuracy:", et.score(X_test, y_test))
        """,
        proof="len(set(speaker[is_test]) & set(speaker[~is_test])) > 10",
    ),
    Plan(
        kind=KIND,
        style="polars-sessions",
        template="""
        import polars as pl
        from lightgbm import LGBMClassifier
        from sklearn.metrics import roc_auc_score

        s = pl.read_csv("sessions.csv")
        s = s.with_columns(pl.col("device").replace_strict({"phone": 0, "tablet": 1, "desktop": 2}).alias("dev"))
        s.group_by("user_id").len().describe()
        # %%
        -s = s.sample(fraction=1.0, shuffle=True, seed=SEED)
        -n = int(s.height * <<0.7|0.8>>)
        -train, test = s[:n], s[n:] #!
        +users = s["user_id"].unique().sort().sample(fraction=1.0, shuffle=True, seed=SEED)
        +seen = users[: int(len(users) * <<0.7|0.8>>)].to_list()
        +train, test = s.filter(pl.col("user_id").is_in(seen)), s.filter(~pl.col("user_id").is_in(seen))
        # %%
        f = ["pages", "seconds", "scroll", "clicks_per_min", "dev"]
        m = LGBMClassifier(n_estimators=50, verbose=-1, n_jobs=1)
        m.fit(train.select(f).to_numpy(), train["purchase"].to_numpy())
        print(roc_auc_score(test["purchase"].to_numpy(), m.predict_proba(test.select(f).to_numpy())[:, 1]))
        """,
        proof="len(set(train['user_id']) & set(test['user_id'])) > 0",
    ),
    Plan(
        kind=KIND,
        style="messy-id-kept-in-index",
        template="""
        import numpy as np
        import pandas as pd
        from sklearn.linear_model import LogisticRegression
        from sklearn.neighbors import KNeighborsClassifier
        from sklearn.preprocessing import StandardScaler
        v = pd.read_csv("visits.csv").set_index("patient_id")
        v["sex"] = (v["sex"] == "F").astype(int)
        # %%
        -pick = np.random.RandomState(SEED).rand(len(v)) < 0.75 #!
        -tr2 = v[pick] #?
        -te2 = v[~pick]
        +ids = v.index.unique().to_series().sample(frac=0.75, random_state=SEED)
        +tr2 = v[v.index.isin(ids)]
        +te2 = v[~v.index.isin(ids)]
        len(tr2), len(te2)
        # %%
        xa, ya = tr2.drop(columns="diagnosis"), tr2["diagnosis"]
        xb, yb = te2.drop(columns="diagnosis"), te2["diagnosis"]
        s = StandardScaler().fit(xa)
        knn = KNeighborsClassifier(<<1|3>>).fit(s.transform(xa), ya)
        knn.score(s.transform(xb), yb)
        """,
        proof="len(set(tr2.index) & set(te2.index)) > 0",
    ),
    Plan(
        kind=KIND,
        style="tiles-of-slides-function",
        template="""
        import numpy as np
        import matplotlib.pyplot as plt
        from sklearn.decomposition import PCA
        from sklearn.model_selection import train_test_split
        from sklearn.pipeline import make_pipeline
        from sklearn.svm import SVC

        def make_tiles(n_slides=<<40|50>>, tiles=12, seed=SEED):
            # every slide has its own stain
            rng = np.random.default_rng(seed)
            stain = rng.normal(0, 1.0, (n_slides, 8, 8))
            tumour = rng.integers(0, 2, n_slides)
            stain[tumour == 1, 2:5, 2:5] += 0.25
            slide = np.repeat(np.arange(n_slides), tiles)
            return stain[slide] + rng.normal(0, 0.5, (len(slide), 8, 8)), tumour[slide], slide
        # %%
        images, label, slide_id = make_tiles()
        plt.imshow(images[0]); plt.show()
        X = images.reshape(len(images), -1)
        # %%
        -X_train, X_test, y_train, y_test, g_train, g_test = train_test_split(X, label, slide_id, test_size=0.3, random_state=SEED) #!
        +some = np.unique(slide_id)
        +train_slides, _ = train_test_split(some, test_size=0.3, random_state=SEED)
        +own = np.isin(slide_id, train_slides)
        +X_train, X_test, y_train, y_test = X[own], X[~own], label[own], label[~own]
        +g_train, g_test = slide_id[own], slide_id[~own]
        # %%
        svc = make_pipeline(PCA(20, random_state=0), SVC(C=5))
        svc.fit(X_train, y_train)
        print(svc.score(X_test, y_test))
        """,
        proof="len(set(g_train) & set(g_test)) > 0",
    ),
    Plan(
        kind=KIND,
        style="kaggle-id-dropped-first",
        template="""
        import pandas as pd
        import matplotlib.pyplot as plt
        from sklearn.ensemble import RandomForestClassifier, GradientBoostingClassifier
        from sklearn.metrics import ConfusionMatrixDisplay, accuracy_score
        from sklearn.model_selection import train_test_split

        raw = pd.read_csv("machines.csv")
        raw.machine.value_counts().plot.bar()
        plt.show()
        # %%
        -df = raw.drop("machine", axis=1)
        -X_train, X_test, y_train, y_test = train_test_split( #!
        -    df.drop("wear", axis=1), df["wear"], test_size=0.2, stratify=df["wear"], random_state=SEED
        -)
        +df = raw.drop("machine", axis=1)
        +held_out = raw["machine"].drop_duplicates().sample(frac=0.2, random_state=SEED)
        +mask = raw["machine"].isin(held_out)
        +X_train, X_test = df[~mask].drop("wear", axis=1), df[mask].drop("wear", axis=1)
        +y_train, y_test = df["wear"][~mask], df["wear"][mask]
        # %%
        rf = RandomForestClassifier(<<40|60>>, random_state=1)
        rf.fit(X_train, y_train)
        pred = rf.predict(X_test)
        print(accuracy_score(y_test, pred))
        """,
        proof="len(set(raw.loc[X_train.index, 'machine']) & set(raw.loc[X_test.index, 'machine'])) > 0",
    ),
    Plan(
        kind=KIND,
        style="crossval-predict-of-sessions",
        template="""
        import pandas as pd
        from sklearn.ensemble import ExtraTreesClassifier
        from sklearn.metrics import classification_report
        from sklearn.model_selection import GroupKFold, KFold, cross_val_predict

        log = pd.read_csv("sessions.csv")
        log = pd.get_dummies(log, columns=["device"], dtype=int)
        users = log.pop("user_id")
        bought = log.pop("purchase")
        # %%
        et = ExtraTreesClassifier(50, random_state=0)
        -pred = cross_val_predict(et, log, bought, cv=KFold(<<4|5>>, shuffle=True, random_state=SEED)) #!
        +pred = cross_val_predict(et, log, bought, groups=users, cv=GroupKFold(<<4|5>>))
        print(classification_report(bought, pred))
        """,
        proof="(pred == bought).mean() > 0.85",
    ),
    Plan(
        kind=KIND,
        style="default-cv-integer",
        template="""
        import pandas as pd
        from sklearn.ensemble import RandomForestClassifier
        from sklearn.model_selection import GroupKFold, cross_validate

        rec = pd.read_csv("visits.csv")
        patient = rec.pop("patient_id")
        label = rec.pop("diagnosis")
        rec["sex"] = rec["sex"].map({"F": 0, "M": 1})
        # %%
        rf = RandomForestClassifier(30, random_state=SEED)
        -out = cross_validate(rf, rec, label, cv=<<5|6>>, scoring=["accuracy", "roc_auc"]) #!
        +out = cross_validate(rf, rec, label, groups=patient, cv=GroupKFold(<<5|6>>), scoring=["accuracy", "roc_auc"])
        pd.DataFrame(out).mean()
        """,
        proof="out['test_accuracy'].mean() > 0.9",
    ),
    Plan(
        kind=KIND,
        style="cvp-patients",
        template="""
        import pandas as pd
        from sklearn.neighbors import KNeighborsClassifier
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import StandardScaler
        from sklearn.model_selection import cross_val_predict, LeaveOneGroupOut
        from sklearn.metrics import confusion_matrix
        v = pd.read_csv("visits.csv")
        cols = v.select_dtypes("number").columns.drop("diagnosis")
        pipe = make_pipeline(StandardScaler(), KNeighborsClassifier(3))
        # %%
        -pred = cross_val_predict(pipe, v[cols], v["diagnosis"], cv=10) #!
        +pred = cross_val_predict(pipe, v[cols], v["diagnosis"], cv=LeaveOneGroupOut(), groups=v["patient_id"])
        confusion_matrix(v["diagnosis"], pred)
        """,
    ),
    Plan(
        kind=KIND,
        style="kfold-manual-function",
        template="""
        import numpy as np, pandas as pd
        from sklearn.ensemble import ExtraTreesClassifier
        from sklearn.model_selection import StratifiedKFold, StratifiedGroupKFold
        def evaluate(X, y, splitter, groups=None):
            out = []
            for tr, te in splitter.split(X, y, groups):
                c = ExtraTreesClassifier(40, random_state=0).fit(X.iloc[tr], y.iloc[tr])
                out.append(c.score(X.iloc[te], y.iloc[te]))
            return np.array(out)
        # %%
        d = pd.read_csv("machines.csv")
        X, y, unit = d.drop(columns=["machine", "wear"]), d["wear"], d["machine"]
        -res = evaluate(X, y, StratifiedKFold(4, shuffle=True, random_state=1)) #!
        +res = evaluate(X, y, StratifiedGroupKFold(4, shuffle=True, random_state=1), unit)
        res.mean()
        """,
    ),
    Plan(
        kind=KIND,
        style="polars-hash-split",
        template="""
        import polars as pl
        from sklearn.ensemble import ExtraTreesClassifier
        m = pl.read_csv("machines.csv").with_row_index("row")
        -m = m.with_columns((pl.col("row").hash(1) % 5 == 0).alias("is_test")) #!
        +m = m.with_columns((pl.col("machine").hash(1) % 5 == 0).alias("is_test"))
        tr, te = m.filter(~pl.col("is_test")), m.filter(pl.col("is_test")) #?
        f = [c for c in m.columns if c not in ("row", "machine", "wear", "is_test")]
        et = ExtraTreesClassifier(40, random_state=0).fit(tr[f].to_numpy(), tr["wear"].to_numpy())
        print(et.score(te[f].to_numpy(), te["wear"].to_numpy()))
        """,
    ),
    Plan(
        kind=KIND,
        style="every-fifth-row",
        template="""
        import pandas as pd
        from sklearn.neighbors import KNeighborsClassifier
        s = pd.read_csv("sessions.csv")
        f = ["pages", "seconds", "scroll", "clicks_per_min"]
        Z = (s[f] - [5, 300, 50, 2]) / [2, 150, 20, 1]
        -hold = s.index % 5 == 0 #!
        +hold = s["user_id"] % 5 == 0
        Xtr, Xte, ytr, yte = Z[~hold], Z[hold], s.purchase[~hold], s.purchase[hold] #?
        k = KNeighborsClassifier(5).fit(Xtr, ytr)
        print(k.score(Xte, yte))
        """,
    ),
)
