"""Features chosen by their relation to the label in rows that are tested on."""

from tests.planted.case import Plan

KIND = "feature_selection"

PLANS = (
    Plan(
        kind=KIND,
        style="selectkbest-genes",
        template="""
        import numpy as np
        import pandas as pd
        from sklearn.feature_selection import SelectKBest, f_classif
        from sklearn.linear_model import LogisticRegression
        from sklearn.model_selection import train_test_split

        rng = np.random.default_rng(SEED)
        n_genes = <<g=300|500>>
        genes = pd.DataFrame(rng.normal(size=(400, n_genes)), columns=[f"gene_{i}" for i in range(n_genes)])
        tumour = ((genes["gene_3"] - genes["gene_17"] + rng.normal(scale=2, size=400)) > 0).astype(int)
        # %%
        selector = SelectKBest(f_classif, k=<<k=20|30>>)
        -X_sel = selector.fit_transform(genes, tumour) #!
        -X_train, X_test, y_train, y_test = train_test_split(X_sel, tumour, test_size=0.3, random_state=SEED)
        +X_train, X_test, y_train, y_test = train_test_split(genes, tumour, test_size=0.3, random_state=SEED)
        +X_train = selector.fit_transform(X_train, y_train)
        +X_test = selector.transform(X_test)
        # %%
        clf = LogisticRegression(max_iter=1000).fit(X_train, y_train)
        print("Accuracy on the test set: {:.2f}".format(clf.score(X_test, y_test)))
        """,
        proof="np.allclose(selector.scores_, f_classif(genes, tumour)[0])",
    ),
    Plan(
        kind=KIND,
        style="correlation-filter-kaggle",
        template="""
        import pandas as pd
        import matplotlib.pyplot as plt
        from sklearn.datasets import load_breast_cancer
        from sklearn.model_selection import train_test_split
        from sklearn.ensemble import RandomForestClassifier
        from sklearn.metrics import accuracy_score

        bunch = load_breast_cancer(as_frame=True)
        df = bunch.frame
        df.describe().T
        # %%
        plt.figure(figsize=(8, 8))
        plt.imshow(df.corr()); plt.colorbar()
        plt.show()
        +train_df, test_df = train_test_split(df, test_size=0.25, random_state=SEED)
        # %%
        -corr = df.corr()["target"].abs().sort_values(ascending=False) #!
        +corr = train_df.corr()["target"].abs().sort_values(ascending=False)
        best = corr[corr > <<0.5|0.55|0.6>>].index.drop("target") #?
        print(len(best), "features kept")
        # %%
        -X_train, X_test, y_train, y_test = train_test_split(df[best], df["target"], test_size=0.25, random_state=SEED)
        +X_train, y_train = train_df[best], train_df["target"]
        +X_test, y_test = test_df[best], test_df["target"]
        rf = RandomForestClassifier(n_estimators=40, random_state=0)
        rf.fit(X_train, y_train)
        accuracy_score(y_test, rf.predict(X_test))
        """,
    ),
    Plan(
        kind=KIND,
        style="rfe-regression",
        template="""
        from sklearn.datasets import make_regression
        from sklearn.feature_selection import RFE
        from sklearn.linear_model import LinearRegression, Ridge
        from sklearn.model_selection import train_test_split

        X, y = make_regression(n_samples=<<500|800>>, n_features=40, n_informative=6, noise=30, random_state=SEED)
        # %%
        rfe = RFE(LinearRegression(), n_features_to_select=<<8|10>>, step=4)
        -rfe.fit(X, y) #!
        -X = X[:, rfe.support_]
        X_tr, X_te, y_tr, y_te = train_test_split(X, y, test_size=0.25, random_state=1)
        +rfe.fit(X_tr, y_tr)
        +X_tr, X_te = X_tr[:, rfe.support_], X_te[:, rfe.support_]
        # %%
        model = Ridge(alpha=1.0)
        model.fit(X_tr, y_tr)
        model.score(X_te, y_te)
        """,
    ),
    Plan(
        kind=KIND,
        style="forest-importances",
        template="""
        import numpy as np, pandas as pd
        from sklearn.ensemble import ExtraTreesClassifier, RandomForestClassifier
        from sklearn.model_selection import train_test_split
        from sklearn.datasets import make_classification
        data, labels = make_classification(n_samples=900, n_features=50, n_informative=5, n_redundant=0, random_state=SEED)
        names = np.array([f"f{i:02d}" for i in range(50)])
        df = pd.DataFrame(data, columns=names)
        # %%
        train_idx, test_idx = train_test_split(np.arange(len(df)), test_size=0.3, random_state=SEED)
        # %%
        et = ExtraTreesClassifier(n_estimators=50, random_state=0)
        -et.fit(df, labels) #!
        +et.fit(df.iloc[train_idx], labels[train_idx])
        top = names[np.argsort(et.feature_importances_)[::-1][:<<8|12>>]]
        pd.Series(et.feature_importances_, names).nlargest(10).plot.barh()
        # %%
        Xtr, Xte = df.loc[train_idx, top], df.loc[test_idx, top]
        rf = RandomForestClassifier(n_estimators=50, random_state=1)
        rf.fit(Xtr, labels[train_idx])
        print("holdout", rf.score(Xte, labels[test_idx]))
        """,
    ),
    Plan(
        kind=KIND,
        style="numpy-t-scores",
        template="""
        import numpy as np
        from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

        rng = np.random.RandomState(SEED)
        X = rng.randn(<<n=240|320>>, 600)
        y = np.arange(<<n>>) % 2
        X[y == 1, :4] += 0.5

        def t_score(X, y):
            a, b = X[y == 0], X[y == 1]
            return np.abs(a.mean(0) - b.mean(0)) / np.sqrt(a.var(0) / len(a) + b.var(0) / len(b))
        # %%
        half = <<n>> * 2 // 3
        -keep = np.argsort(t_score(X, y))[-<<15|25>>:] #!
        +keep = np.argsort(t_score(X[:half], y[:half]))[-<<15|25>>:]
        Xk = X[:, keep]
        # %%
        lda = LinearDiscriminantAnalysis()
        lda.fit(Xk[:half], y[:half])
        print("test accuracy", (lda.predict(Xk[half:]) == y[half:]).mean())
        """,
        proof="set(keep) == set(np.argsort(t_score(X, y))[-len(keep):])",
    ),
    Plan(
        kind=KIND,
        style="chi2-text",
        template="""
        import pandas as pd
        from sklearn.feature_extraction.text import HashingVectorizer
        from sklearn.feature_selection import SelectPercentile, chi2
        from sklearn.linear_model import SGDClassifier
        from sklearn.pipeline import make_pipeline
        from sklearn.model_selection import train_test_split

        df = pd.read_csv("reviews.csv")
        labels = (df.sentiment == "pos").astype(int).to_numpy()
        texts = df.text.str.lower()
        hv = HashingVectorizer(n_features=2**12, alternate_sign=False)
        X = hv.transform(texts)  # hashing needs no fit
        # %%
        sp = SelectPercentile(chi2, percentile=<<5|10>>)
        -X = sp.fit_transform(X, labels) #!
        X_train, X_test, y_train, y_test = train_test_split(X, labels, test_size=0.3, random_state=SEED)
        -clf = SGDClassifier(random_state=0)
        +clf = make_pipeline(sp, SGDClassifier(random_state=0))
        clf.fit(X_train, y_train)
        # %%
        clf.score(X_test, y_test)
        """,
        proof="np.allclose(sp.scores_, chi2(hv.transform(texts), labels)[0], equal_nan=True)",
    ),
    Plan(
        kind=KIND,
        style="mutual-info-before-cross-val",
        template="""
        import numpy as np
        import pandas as pd
        from sklearn.feature_selection import SelectKBest, mutual_info_classif
        from sklearn.model_selection import cross_val_score, StratifiedKFold
        from sklearn.naive_bayes import GaussianNB
        from sklearn.pipeline import Pipeline

        g = np.random.default_rng(SEED)
        X = pd.DataFrame(g.normal(size=(300, 50))).add_prefix("probe_")
        y = pd.Series((X["probe_5"] + X["probe_9"] + g.normal(scale=1.5, size=300) > 0).astype(int), name="case")
        # %%
        cv = StratifiedKFold(n_splits=3, shuffle=True, random_state=SEED)
        kbest = SelectKBest(mutual_info_classif, k=<<10|15>>)
        -X_best = kbest.fit_transform(X, y) #!
        -scores = cross_val_score(GaussianNB(), X_best, y, cv=cv)
        +pipe = Pipeline([("select", kbest), ("nb", GaussianNB())])
        +scores = cross_val_score(pipe, X, y, cv=cv)
        print(scores.mean(), scores.std())
        """,
    ),
    Plan(
        kind=KIND,
        style="lasso-select-from-model-function",
        template="""
        import pandas as pd
        import numpy as np
        from sklearn.datasets import make_regression
        from sklearn.feature_selection import SelectFromModel
        from sklearn.linear_model import Lasso
        from sklearn.ensemble import RandomForestRegressor
        from sklearn.metrics import mean_absolute_error

        def pick_columns(frame, target, alpha=<<1.0|2.0>>):
            sfm = SelectFromModel(Lasso(alpha=alpha))
            sfm.fit(frame, target) #?
            return frame.columns[sfm.get_support()].tolist()
        # %%
        A, price = make_regression(700, 30, n_informative=5, noise=20, random_state=SEED)
        df = pd.DataFrame(A, columns=[f"x{i}" for i in range(30)])
        df["price"] = price
        train = df.sample(frac=0.8, random_state=SEED)
        test = df.drop(train.index)
        # %%
        -cols = pick_columns(df.drop(columns="price"), df["price"]) #!
        +cols = pick_columns(train.drop(columns="price"), train["price"])
        print(cols)
        # %%
        reg = RandomForestRegressor(40, random_state=0).fit(train[cols], train["price"])
        print(mean_absolute_error(test["price"], reg.predict(test[cols])))
        """,
    ),
    Plan(
        kind=KIND,
        style="corrwith-loop-messy",
        template="""
        import numpy as np
        import pandas as pd
        from sklearn.linear_model import RidgeClassifier
        from sklearn.model_selection import train_test_split

        r = np.random.RandomState(SEED)
        d = pd.DataFrame(r.randn(450, 200), columns=["v%d" % i for i in range(200)])
        d["lab"] = (d["v1"] + d["v2"] + r.randn(450) * 2 > 0) * 1
        +d, d_test = train_test_split(d, test_size=0.3, random_state=SEED)
        # %%
        good = []
        for c in d.columns[:-1]:
            rho = np.corrcoef(d[c], d["lab"])[0, 1] #!
            if abs(rho) > <<0.09|0.1>>: #?
                good.append(c) #?
        len(good)
        # %%
        -a, b, ya, yb = train_test_split(d[good], d["lab"], test_size=0.3, random_state=SEED)
        +a, b, ya, yb = d[good], d_test[good], d["lab"], d_test["lab"]
        rc = RidgeClassifier().fit(a, ya)
        rc.score(b, yb)
        """,
    ),
    Plan(
        kind=KIND,
        style="polars-correlation-select",
        template="""
        import numpy as np
        import polars as pl
        from lightgbm import LGBMRegressor
        from sklearn.datasets import make_regression
        from sklearn.metrics import mean_absolute_error

        A, b = make_regression(700, 60, n_informative=6, noise=60, random_state=SEED)
        df = pl.DataFrame(A, schema=[f"s{i}" for i in range(60)]).with_columns(pl.Series("y", b))
        n = <<500|525>>
        train, test = df.head(n), df.tail(700 - n)
        # %%
        -rho = df.select([pl.corr(f"s{i}", "y").abs().alias(f"s{i}") for i in range(60)]) #!
        +rho = train.select([pl.corr(f"s{i}", "y").abs().alias(f"s{i}") for i in range(60)])
        top = sorted(rho.columns, key=lambda c: -rho[c][0])[:10]
        # %%
        m = LGBMRegressor(n_estimators=40, verbose=-1, n_jobs=1).fit(train.select(top).to_numpy(), train["y"].to_numpy())
        print(mean_absolute_error(test["y"].to_numpy(), m.predict(test.select(top).to_numpy())))
        """,
    ),
    Plan(
        kind=KIND,
        style="sequential-selector",
        template="""
        import pandas as pd
        from sklearn.datasets import load_wine
        from sklearn.feature_selection import SequentialFeatureSelector
        from sklearn.model_selection import train_test_split
        from sklearn.naive_bayes import GaussianNB

        frame = load_wine(as_frame=True).frame
        y = frame.pop("target")
        sfs = SequentialFeatureSelector(GaussianNB(), n_features_to_select=<<2|3>>, cv=3)
        # %%
        -keep = frame.columns[sfs.fit(frame, y).get_support()] #!
        X_train, X_test, y_train, y_test = train_test_split(frame, y, test_size=0.4, random_state=SEED)
        +keep = frame.columns[sfs.fit(X_train, y_train).get_support()]
        X_train, X_test = X_train[keep], X_test[keep]
        # %%
        nb = GaussianNB().fit(X_train, y_train)
        print(list(keep), nb.score(X_test, y_test))
        """,
    ),
    Plan(
        kind=KIND,
        style="pearsonr-comprehension-function",
        template="""
        import numpy as np
        from scipy.stats import pearsonr
        from sklearn.linear_model import LinearRegression

        def best_columns(A, b, p=<<0.05|0.1>>):
            pv = np.array([pearsonr(A[:, j], b)[1] for j in range(A.shape[1])]) #?
            return np.flatnonzero(pv < p)

        gen = np.random.default_rng(SEED)
        A = gen.normal(size=(200, 150))
        b = A[:, 0] - A[:, 1] + gen.normal(scale=3, size=200)
        fit, new = slice(0, 140), slice(140, None)
        # %%
        -cols = best_columns(A, b) #!
        +cols = best_columns(A[fit], b[fit])
        lin = LinearRegression().fit(A[fit][:, cols], b[fit])
        # %%
        print("R2 on new rows", lin.score(A[new][:, cols], b[new]))
        """,
    ),
    Plan(
        kind=KIND,
        style="ttest-scipy-microarray",
        template="""
        import numpy as np
        from scipy import stats
        from sklearn.naive_bayes import GaussianNB
        rng = np.random.default_rng(8)
        expr = rng.normal(size=(150, 800))
        grp = rng.integers(0, 2, 150)
        half = rng.permutation(150)
        tr, te = half[:100], half[100:]
        # %%
        -pv = np.array([stats.ttest_ind(expr[grp == 0, j], expr[grp == 1, j]).pvalue for j in range(800)]) #!
        +e, g = expr[tr], grp[tr]
        +pv = np.array([stats.ttest_ind(e[g == 0, j], e[g == 1, j]).pvalue for j in range(800)])
        keep = np.argsort(pv)[:20] #?
        # %%
        nb = GaussianNB().fit(expr[np.ix_(tr, keep)], grp[tr])
        acc = (nb.predict(expr[np.ix_(te, keep)]) == grp[te]).mean()
        print("accuracy on new arrays:", acc)
        """,
    ),
    Plan(
        kind=KIND,
        style="permutation-importance-test",
        template="""
        import pandas as pd
        from sklearn.inspection import permutation_importance
        from sklearn.ensemble import RandomForestClassifier
        from sklearn.model_selection import train_test_split
        d = pd.read_csv("fraud.csv")
        X, y = d.drop(columns="Class"), d.Class
        X_train, X_test, y_train, y_test = train_test_split(X, y, stratify=y, random_state=SEED)
        rf = RandomForestClassifier(30, random_state=0).fit(X_train, y_train)
        -imp = permutation_importance(rf, X_test, y_test, n_repeats=2, random_state=0) #!
        +imp = permutation_importance(rf, X_train, y_train, n_repeats=2, random_state=0)
        best = X.columns[imp.importances_mean.argsort()[::-1][:4]] #?
        rf2 = RandomForestClassifier(30, random_state=0).fit(X_train[best], y_train)
        print(rf2.score(X_test[best], y_test))
        """,
    ),
)
