"""The test set chose the model, a threshold, a seed, features or hyper-parameters."""

from tests.planted.case import Plan

KIND = "multi_test"

PLANS = (
    Plan(
        kind=KIND,
        style="best-k-on-the-test-set",
        template="""
        import numpy as np
        import matplotlib.pyplot as plt
        from sklearn.datasets import load_breast_cancer
        from sklearn.model_selection import train_test_split
        from sklearn.neighbors import KNeighborsClassifier
        from sklearn.preprocessing import StandardScaler

        X, y = load_breast_cancer(return_X_y=True)
        X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.3, random_state=SEED)
        +X_train, X_val, y_train, y_val = train_test_split(X_train, y_train, test_size=0.3, random_state=SEED)
        sc = StandardScaler().fit(X_train)
        X_train, X_test = sc.transform(X_train), sc.transform(X_test)
        +X_val = sc.transform(X_val)
        # %%
        ks = range(1, <<26|30>>)
        acc = []
        for k in ks:
            knn = KNeighborsClassifier(n_neighbors=k).fit(X_train, y_train)
        -    acc.append(knn.score(X_test, y_test)) #!
        +    acc.append(knn.score(X_val, y_val))
        plt.plot(ks, acc); plt.show()
        best_k = ks[int(np.argmax(acc))] #?
        # %%
        final = KNeighborsClassifier(n_neighbors=best_k).fit(X_train, y_train)
        print("best k", best_k, "accuracy", final.score(X_test, y_test))
        """,
    ),
    Plan(
        kind=KIND,
        style="threshold-by-test-f1",
        template="""
        import numpy as np
        import pandas as pd
        from sklearn.linear_model import LogisticRegression
        from sklearn.metrics import f1_score, precision_recall_curve
        from sklearn.model_selection import train_test_split

        df = pd.read_csv("fraud.csv")
        df["Amount"] = np.log1p(df["Amount"])
        X, y = df.drop(columns="Class"), df["Class"]
        X_train, X_test, y_train, y_test = train_test_split(X, y, stratify=y, test_size=0.3, random_state=SEED)
        +X_train, X_val, y_train, y_val = train_test_split(X_train, y_train, stratify=y_train, test_size=0.3, random_state=0)
        # %%
        clf = LogisticRegression(max_iter=1000).fit(X_train, y_train)
        proba = clf.predict_proba(X_test)[:, 1]
        +val_proba = clf.predict_proba(X_val)[:, 1]
        # %%
        grid = np.linspace(0.05, 0.95, <<19|37>>)
        -f1s = [f1_score(y_test, proba > t) for t in grid] #!
        +f1s = [f1_score(y_val, val_proba > t) for t in grid]
        threshold = grid[np.argmax(f1s)] #?
        print("threshold", threshold, "F1", f1_score(y_test, proba > threshold))
        """,
    ),
    Plan(
        kind=KIND,
        style="three-models-best-on-test",
        template="""
        import pandas as pd
        from sklearn.ensemble import RandomForestRegressor, GradientBoostingRegressor
        from sklearn.linear_model import LinearRegression
        from sklearn.model_selection import train_test_split
        from sklearn.metrics import mean_absolute_error

        houses = pd.read_csv("houses.csv").dropna()
        cols = ["area", "rooms", "bathrooms", "year_built", "garage", "lot", "distance_center"]
        X_train, X_test, y_train, y_test = train_test_split(houses[cols], houses["price"], test_size=0.25, random_state=SEED)
        +X_train, X_valid, y_train, y_valid = train_test_split(X_train, y_train, test_size=0.25, random_state=SEED)
        # %%
        models = {
            "linear": LinearRegression(),
            "forest": RandomForestRegressor(n_estimators=40, random_state=0),
            "boosting": GradientBoostingRegressor(n_estimators=50, random_state=0),
        }
        results = {}
        for name, m in models.items():
            m.fit(X_train, y_train)
        -    results[name] = mean_absolute_error(y_test, m.predict(X_test)) #!
        +    results[name] = mean_absolute_error(y_valid, m.predict(X_valid))
        results
        # %%
        best = min(results, key=results.get) #?
        model = models[best]
        -print("We deploy", best, "with a test MAE of", results[best]) #?
        +print("We deploy", best, "with a test MAE of", mean_absolute_error(y_test, model.predict(X_test)))
        """,
    ),
    Plan(
        kind=KIND,
        style="many-cells-tweak-and-look",
        template="""
        import pandas as pd
        from sklearn.ensemble import RandomForestClassifier
        from sklearn.model_selection import train_test_split
        df = pd.read_csv("churn.csv").dropna()
        y = (df["Churn"] == "Yes").astype(int)
        X = pd.get_dummies(df.drop(columns=["Churn", "customerID", "city"]), dtype=int)
        # %%
        X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.25, random_state=SEED)
        +X_train, X_dev, y_train, y_dev = train_test_split(X_train, y_train, test_size=0.25, random_state=SEED)
        # %%
        rf = RandomForestClassifier(n_estimators=20, random_state=0).fit(X_train, y_train)
        -rf.score(X_test, y_test) #?
        +rf.score(X_dev, y_dev)
        # %%
        # a bit deeper
        rf = RandomForestClassifier(n_estimators=40, max_depth=<<5|6>>, random_state=0).fit(X_train, y_train)
        -rf.score(X_test, y_test) #!
        +rf.score(X_dev, y_dev)
        # %%
        rf = RandomForestClassifier(n_estimators=40, max_depth=8, min_samples_leaf=3, random_state=0).fit(X_train, y_train)
        -rf.score(X_test, y_test) #!
        +rf.score(X_dev, y_dev)
        # %%
        # better, keep this one
        rf = RandomForestClassifier(n_estimators=40, max_depth=8, min_samples_leaf=8, random_state=0).fit(X_train, y_train)
        print("final accuracy", rf.score(X_test, y_test)) #!
        """,
    ),
    Plan(
        kind=KIND,
        style="seed-picking",
        template="""
        import numpy as np
        from sklearn.datasets import load_wine
        from sklearn.neural_network import MLPClassifier
        from sklearn.tree import DecisionTreeClassifier, ExtraTreeClassifier
        from sklearn.model_selection import train_test_split

        X, y = load_wine(return_X_y=True)
        X_train, X_test, y_train, y_test = train_test_split(X[:, :4], y, test_size=0.35, random_state=SEED)
        +X_train, X_pick, y_train, y_pick = train_test_split(X_train, y_train, test_size=0.35, random_state=SEED)
        # %%
        best_score, best_model = -1, None
        for seed in range(<<20|30>>):
            tree = ExtraTreeClassifier(max_depth=4, random_state=seed).fit(X_train, y_train)
        -    score = tree.score(X_test, y_test) #!
        +    score = tree.score(X_pick, y_pick)
            if score > best_score:
                best_score, best_model = score, tree
        # %%
        print("accuracy on unseen data:", best_model.score(X_test, y_test))
        """,
    ),
    Plan(
        kind=KIND,
        style="grid-in-function",
        template="""
        import itertools
        import numpy as np
        import xgboost as xgb
        from sklearn.datasets import make_regression
        from sklearn.metrics import mean_squared_error
        from sklearn.model_selection import train_test_split


        def rmse(model, X, y):
            return mean_squared_error(y, model.predict(X)) ** 0.5


        def search(Xa, ya, Xb, yb):
            best = (np.inf, None)
            for depth, lr in itertools.product([2, 3, 4], [0.05, 0.2]):
                m = xgb.XGBRegressor(n_estimators=30, max_depth=depth, learning_rate=lr, n_jobs=1).fit(Xa, ya)
                best = min(best, (rmse(m, Xb, yb), (depth, lr))) #?
            return best[1]
        # %%
        X, y = make_regression(<<600|900>>, 12, n_informative=6, noise=40, random_state=SEED)
        X_tr, X_te, y_tr, y_te = train_test_split(X, y, test_size=0.25, random_state=SEED)
        +X_tr, X_va, y_tr, y_va = train_test_split(X_tr, y_tr, test_size=0.25, random_state=SEED)
        # %%
        -depth, lr = search(X_tr, y_tr, X_te, y_te) #!
        +depth, lr = search(X_tr, y_tr, X_va, y_va)
        final = xgb.XGBRegressor(n_estimators=30, max_depth=depth, learning_rate=lr, n_jobs=1).fit(X_tr, y_tr)
        print("test RMSE", rmse(final, X_te, y_te))
        """,
    ),
    Plan(
        kind=KIND,
        style="greedy-features-by-test-score",
        template="""
        import pandas as pd
        from sklearn.linear_model import LogisticRegression
        from sklearn.metrics import roc_auc_score
        from sklearn.model_selection import train_test_split
        p = pd.read_csv("patients.csv").dropna()
        cand = ["age", "bmi", "systolic", "glucose", "cholesterol", "length_of_stay"]
        tr, te = train_test_split(p, test_size=0.3, random_state=SEED)
        +tr, va = train_test_split(tr, test_size=0.3, random_state=SEED)
        # %%
        chosen, best = [], 0.0
        for step in range(<<3|4>>):
            gains = {}
            for c in set(cand) - set(chosen):
                f = chosen + [c]
                lr = LogisticRegression(max_iter=2000).fit(tr[f], tr["readmitted"])
        -        gains[c] = roc_auc_score(te["readmitted"], lr.predict_proba(te[f])[:, 1]) #!
        +        gains[c] = roc_auc_score(va["readmitted"], lr.predict_proba(va[f])[:, 1])
            c = max(gains, key=gains.get)
            if gains[c] > best:
                best, chosen = gains[c], chosen + [c] #?
        chosen
        # %%
        lr = LogisticRegression(max_iter=2000).fit(tr[chosen], tr["readmitted"])
        print("AUC", roc_auc_score(te["readmitted"], lr.predict_proba(te[chosen])[:, 1]))
        """,
        also=("feature_selection",),
    ),
    Plan(
        kind=KIND,
        style="gridsearch-fitted-on-test",
        template="""
        import pandas as pd
        from sklearn.model_selection import GridSearchCV, train_test_split
        from sklearn.pipeline import Pipeline
        from sklearn.preprocessing import StandardScaler
        from sklearn.svm import SVC

        credit = pd.read_csv("credit.csv").dropna()
        X = credit.select_dtypes("number").drop(columns="default")
        X_train, X_test, y_train, y_test = train_test_split(X, credit["default"], test_size=0.3, random_state=SEED)
        # %%
        pipe = Pipeline([("scale", StandardScaler()), ("svc", SVC())])
        search = GridSearchCV(pipe, {"svc__C": [0.1, 1, 10], "svc__gamma": [0.01, 0.1]}, cv=<<3|4>>)
        -search.fit(X_test, y_test) #!
        +search.fit(X_train, y_train)
        print(search.best_params_)
        # %%
        model = pipe.set_params(**search.best_params_).fit(X_train, y_train)
        model.score(X_test, y_test)
        """,
    ),
    Plan(
        kind=KIND,
        style="alpha-by-test-rmse-polars",
        template="""
        import numpy as np
        import polars as pl
        from sklearn.linear_model import Ridge
        from sklearn.preprocessing import PolynomialFeatures, StandardScaler
        from sklearn.pipeline import make_pipeline

        df = pl.read_csv("houses.csv").drop_nulls().sample(fraction=1.0, shuffle=True, seed=SEED)
        f = ["area", "rooms", "bathrooms", "year_built", "garage", "lot", "distance_center"]
        X, y = df.select(f).to_numpy().astype(float), df["price"].log().to_numpy()
        a, b = int(0.6 * len(X)), int(0.8 * len(X))
        # %%
        errors = {}
        for alpha in [0.01, 0.1, 1, 10, 100]:
            m = make_pipeline(StandardScaler(), PolynomialFeatures(2), Ridge(alpha)).fit(X[:a], y[:a])
        -    errors[alpha] = np.sqrt(np.mean((m.predict(X[b:]) - y[b:]) ** 2)) #!
        +    errors[alpha] = np.sqrt(np.mean((m.predict(X[a:b]) - y[a:b]) ** 2))
        alpha = min(errors, key=errors.get) #?
        # %%
        m = make_pipeline(StandardScaler(), PolynomialFeatures(2), Ridge(alpha)).fit(X[:b], y[:b])
        print(alpha, "test RMSE", np.sqrt(np.mean((m.predict(X[b:]) - y[b:]) ** 2)))
        """,
    ),
    Plan(
        kind=KIND,
        style="degree-read-off-the-plot",
        template="""
        import numpy as np
        import matplotlib.pyplot as plt
        from sklearn.linear_model import LinearRegression
        from sklearn.metrics import mean_squared_error
        from sklearn.model_selection import train_test_split
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import PolynomialFeatures

        rng = np.random.default_rng(SEED)
        x = rng.uniform(-3, 3, <<300|400>>)[:, None]
        y = np.sin(x[:, 0]) * 2 + 0.3 * x[:, 0] ** 2 + rng.normal(0, 0.7, len(x))
        X_train, X_test, y_train, y_test = train_test_split(x, y, test_size=0.3, random_state=SEED)
        +X_train, X_val, y_train, y_val = train_test_split(X_train, y_train, test_size=0.3, random_state=SEED)
        # %%
        errs = []
        for d in range(1, 11):
            poly = make_pipeline(PolynomialFeatures(d), LinearRegression()).fit(X_train, y_train)
        -    errs.append(mean_squared_error(y_test, poly.predict(X_test))) #!
        +    errs.append(mean_squared_error(y_val, poly.predict(X_val)))
        plt.plot(range(1, 11), errs, marker="o"); plt.xlabel("degree"); plt.show()
        # %%
        # the curve is lowest at five
        final = make_pipeline(PolynomialFeatures(5), LinearRegression()).fit(X_train, y_train)
        print("test MSE", mean_squared_error(y_test, final.predict(X_test)))
        """,
    ),
)
