"""Training was stopped where the test set liked it best."""

from tests.planted.case import Plan

KIND = "early_stopping"

PLANS = (
    Plan(
        kind=KIND,
        style="xgboost-eval-set",
        template="""
        import pandas as pd
        import xgboost as xgb
        from sklearn.metrics import accuracy_score, roc_auc_score
        from sklearn.model_selection import train_test_split

        df = pd.read_csv("credit.csv").drop(columns=["loan_id"])
        df = pd.get_dummies(df, dtype=int)
        X, y = df.drop(columns="default"), df["default"]
        # %%
        X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.25, random_state=SEED)
        +X_train, X_val, y_train, y_val = train_test_split(X_train, y_train, test_size=0.2, random_state=SEED)
        # %%
        clf = xgb.XGBClassifier(n_estimators=300, learning_rate=0.1, max_depth=<<3|4>>, early_stopping_rounds=10, n_jobs=1)
        -clf.fit(X_train, y_train, eval_set=[(X_test, y_test)], verbose=False) #!
        +clf.fit(X_train, y_train, eval_set=[(X_val, y_val)], verbose=False)
        print("stopped at", clf.best_iteration)
        # %%
        print("AUC", roc_auc_score(y_test, clf.predict_proba(X_test)[:, 1]))
        """,
        also=("multi_test",),
    ),
    Plan(
        kind=KIND,
        style="lightgbm-callback",
        template="""
        import numpy as np
        import pandas as pd
        import lightgbm as lgb
        from sklearn.metrics import mean_squared_error
        from sklearn.model_selection import train_test_split

        homes = pd.read_csv("houses.csv")
        for c in ["neighborhood", "condition"]:
            homes[c] = homes[c].astype("category")
        homes["log_price"] = np.log(homes["price"])
        feats = [c for c in homes.columns if c not in ("Id", "price", "log_price")]
        # %%
        train, test = train_test_split(homes, test_size=0.2, random_state=SEED)
        +train, valid = train_test_split(train, test_size=0.2, random_state=SEED)
        reg = lgb.LGBMRegressor(n_estimators=400, learning_rate=<<0.05|0.1>>, num_leaves=15, verbose=-1, n_jobs=1)
        reg.fit(
            train[feats], train["log_price"],
        -    eval_set=[(test[feats], test["log_price"])], #!
        +    eval_set=[(valid[feats], valid["log_price"])],
            callbacks=[lgb.early_stopping(15, verbose=False)], #?
        )
        # %%
        print("RMSLE", mean_squared_error(test["log_price"], reg.predict(test[feats])) ** 0.5, reg.best_iteration_)
        """,
        also=("multi_test",),
    ),
    Plan(
        kind=KIND,
        style="xgb-train-dmatrix",
        template="""
        import numpy as np
        import xgboost as xgb
        from sklearn.datasets import load_breast_cancer
        from sklearn.model_selection import train_test_split
        X, y = load_breast_cancer(return_X_y=True)
        Xa, Xb, ya, yb = train_test_split(X, y, test_size=.3, stratify=y, random_state=SEED)
        +Xa, Xc, ya, yc = train_test_split(Xa, ya, test_size=.25, stratify=ya, random_state=SEED)
        # %%
        dtrain = xgb.DMatrix(Xa, label=ya)
        dtest = xgb.DMatrix(Xb, label=yb)
        +dval = xgb.DMatrix(Xc, label=yc)
        params = {"objective": "binary:logistic", "eta": 0.1, "max_depth": <<2|3>>, "nthread": 1}
        bst = xgb.train(params, dtrain, num_boost_round=300,
        -                evals=[(dtrain, "train"), (dtest, "eval")], early_stopping_rounds=8, verbose_eval=False) #!
        +                evals=[(dtrain, "train"), (dval, "eval")], early_stopping_rounds=8, verbose_eval=False)
        # %%
        p = bst.predict(dtest, iteration_range=(0, bst.best_iteration + 1))
        print("error", np.mean((p > 0.5) != yb))
        """,
        also=("multi_test",),
    ),
    Plan(
        kind=KIND,
        style="epochs-with-patience",
        template="""
        import copy
        import numpy as np
        import matplotlib.pyplot as plt
        from sklearn.datasets import load_digits
        from sklearn.linear_model import SGDClassifier
        from sklearn.metrics import log_loss
        from sklearn.model_selection import train_test_split

        X, y = load_digits(return_X_y=True)
        X = X / 16.0
        X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.25, random_state=SEED)
        +X_train, X_val, y_train, y_val = train_test_split(X_train, y_train, test_size=0.2, random_state=SEED)
        # %%
        net = SGDClassifier(loss="log_loss", learning_rate="constant", eta0=<<0.01|0.02>>, random_state=0)
        best, best_loss, wait, history = None, np.inf, 0, []
        for epoch in range(40):
            net.partial_fit(X_train, y_train, classes=np.arange(10))
        -    loss = log_loss(y_test, net.predict_proba(X_test)) #!
        +    loss = log_loss(y_val, net.predict_proba(X_val))
            history.append(loss)
            if loss < best_loss:
                best, best_loss, wait = copy.deepcopy(net), loss, 0
            else:
                wait += 1
            if wait >= 3:
                break
        plt.plot(history); plt.show()
        # %%
        print("epochs", len(history), "test accuracy", best.score(X_test, y_test))
        """,
        also=("multi_test",),
    ),
    Plan(
        kind=KIND,
        style="staged-predict-best-iteration",
        template="""
        import numpy as np
        import pandas as pd
        from sklearn.ensemble import GradientBoostingRegressor
        from sklearn.metrics import mean_squared_error
        from sklearn.model_selection import train_test_split

        df = pd.read_csv("houses.csv").dropna()
        cols = ["area", "rooms", "bathrooms", "year_built", "garage", "lot", "distance_center"]
        X_train, X_test, y_train, y_test = train_test_split(df[cols], df["price"] / 1e5, test_size=0.25, random_state=SEED)
        +X_train, X_valid, y_train, y_valid = train_test_split(X_train, y_train, test_size=0.25, random_state=SEED)
        # %%
        gbr = GradientBoostingRegressor(n_estimators=<<100|140>>, learning_rate=0.1, random_state=0)
        gbr.fit(X_train, y_train)
        -errors = [mean_squared_error(y_test, p) for p in gbr.staged_predict(X_test)] #!
        +errors = [mean_squared_error(y_valid, p) for p in gbr.staged_predict(X_valid)]
        best_n = int(np.argmin(errors)) + 1 #?
        # %%
        gbr_best = GradientBoostingRegressor(n_estimators=best_n, learning_rate=0.1, random_state=0)
        gbr_best.fit(X_train, y_train)
        print(best_n, "trees, test MSE", mean_squared_error(y_test, gbr_best.predict(X_test)))
        """,
        also=("multi_test",),
    ),
    Plan(
        kind=KIND,
        style="numpy-gradient-descent-class",
        template="""
        import numpy as np
        from sklearn.datasets import make_classification


        class LogReg:
            def __init__(self, lr=0.3, patience=5):
                self.lr, self.patience = lr, patience

            def predict_proba(self, X):
                return 1 / (1 + np.exp(-(X @ self.w)))

            def loss(self, X, y):
                p = np.clip(self.predict_proba(X), 1e-9, 1 - 1e-9)
                return -(y * np.log(p) + (1 - y) * np.log(1 - p)).mean()

            def fit(self, X, y, X_stop, y_stop):
                self.w = np.zeros(X.shape[1])
                best, wait = np.inf, 0
                for self.epochs in range(500):
                    self.w -= self.lr * X.T @ (self.predict_proba(X) - y) / len(y)
                    now = self.loss(X_stop, y_stop) #?
                    wait = 0 if now < best - 1e-5 else wait + 1
                    best = min(best, now)
                    if wait > self.patience:
                        break
                return self
        # %%
        X, y = make_classification(<<900|1200>>, 30, n_informative=6, flip_y=0.1, random_state=SEED)
        n = len(X)
        tr, va, te = np.split(np.random.RandomState(SEED).permutation(n), [int(0.6 * n), int(0.8 * n)])
        # %%
        -model = LogReg().fit(X[np.r_[tr, va]], y[np.r_[tr, va]], X[te], y[te]) #!
        +model = LogReg().fit(X[tr], y[tr], X[va], y[va])
        print(model.epochs, "epochs; test accuracy", ((model.predict_proba(X[te]) > 0.5) == y[te]).mean())
        """,
        also=("multi_test",),
    ),
    Plan(
        kind=KIND,
        style="lgb-train-messy",
        template="""
        import pandas as pd
        import lightgbm as lgb
        from sklearn.metrics import roc_auc_score
        d = pd.read_csv("churn.csv").drop(columns=["customerID"])
        d["Churn"] = (d.Churn == "Yes") * 1
        cats = ["gender", "Contract", "InternetService", "PaymentMethod", "city"]
        d[cats] = d[cats].astype("category")
        d = d.sample(frac=1, random_state=SEED)
        # %%
        n = len(d)
        -t1, t3 = d[: int(n * .75)], d[int(n * .75):]
        +t1, t2, t3 = d[: int(n * .6)], d[int(n * .6): int(n * .75)], d[int(n * .75):]
        d1 = lgb.Dataset(t1.drop(columns="Churn"), t1["Churn"])
        -d2 = lgb.Dataset(t3.drop(columns="Churn"), t3["Churn"], reference=d1) #?
        +d2 = lgb.Dataset(t2.drop(columns="Churn"), t2["Churn"], reference=d1)
        # %%
        prm = dict(objective="binary", metric="auc", learning_rate=<<0.05|0.1>>, num_leaves=15, verbosity=-1, num_threads=1)
        bst = lgb.train(prm, d1, num_boost_round=300, valid_sets=[d2], callbacks=[lgb.early_stopping(10, verbose=False)]) #!
        # %%
        pr = bst.predict(t3.drop(columns="Churn"), num_iteration=bst.best_iteration)
        roc_auc_score(t3["Churn"], pr)
        """,
        also=("multi_test",),
    ),
    Plan(
        kind=KIND,
        style="xgb-regressor-in-function",
        template="""
        import pandas as pd
        import xgboost as xgb
        from sklearn.metrics import mean_absolute_error
        from sklearn.model_selection import train_test_split

        def train_model(X, y, X_stop, y_stop):
            model = xgb.XGBRegressor(n_estimators=400, learning_rate=<<0.05|0.1>>, max_depth=3,
                                     early_stopping_rounds=12, n_jobs=1)
            model.fit(X, y, eval_set=[(X, y), (X_stop, y_stop)], verbose=0) #?
            return model
        # %%
        homes = pd.read_csv("houses.csv").drop(columns=["Id", "neighborhood", "condition"])
        y = homes.pop("price") / 1000
        X_train, X_test, y_train, y_test = train_test_split(homes, y, test_size=0.25, random_state=SEED)
        +X_fit, X_stop, y_fit, y_stop = train_test_split(X_train, y_train, test_size=0.2, random_state=SEED)
        # %%
        -model = train_model(X_train, y_train, X_test, y_test) #!
        +model = train_model(X_fit, y_fit, X_stop, y_stop)
        # %%
        print(model.best_iteration, mean_absolute_error(y_test, model.predict(X_test)))
        """,
        also=("multi_test",),
    ),
    Plan(
        kind=KIND,
        style="mlp-warm-start-keeps-best",
        template="""
        import copy
        import warnings
        import pandas as pd
        from sklearn.model_selection import train_test_split
        from sklearn.neural_network import MLPClassifier
        from sklearn.preprocessing import StandardScaler

        d = pd.read_csv("hospitals.csv")
        X, y = d[["age", "lactate", "heart_rate", "creatinine", "wbc"]], d["died"]
        X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.3, random_state=SEED)
        +X_train, X_val, y_train, y_val = train_test_split(X_train, y_train, test_size=0.25, random_state=SEED)
        sc = StandardScaler().fit(X_train)
        X_train, X_test = sc.transform(X_train), sc.transform(X_test)
        +X_val = sc.transform(X_val)
        # %%
        mlp = MLPClassifier((<<12|16>>,), max_iter=1, warm_start=True, random_state=0)
        best, best_acc, bad = None, 0, 0
        while bad < 5:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                mlp.fit(X_train, y_train)
        -    acc = mlp.score(X_test, y_test) #!
        +    acc = mlp.score(X_val, y_val)
            bad = 0 if acc > best_acc else bad + 1
            if acc > best_acc:
                best, best_acc = copy.deepcopy(mlp), acc
        # %%
        print("test accuracy", best.score(X_test, y_test))
        """,
        also=("multi_test",),
    ),
    Plan(
        kind=KIND,
        style="keras-like-class",
        template="""
        import numpy as np
        from sklearn.datasets import load_breast_cancer
        from sklearn.model_selection import train_test_split
        from sklearn.preprocessing import StandardScaler

        class EarlyStopping:
            def __init__(self, patience=3): self.patience, self.best, self.bad = patience, np.inf, 0
            def __call__(self, loss):
                self.bad = 0 if loss < self.best else self.bad + 1
                self.best = min(loss, self.best)
                return self.bad > self.patience

        class Net:
            def __init__(self, d): self.w = np.zeros(d); self.b = 0.
            def predict(self, X): return 1 / (1 + np.exp(-(X @ self.w + self.b)))
            def evaluate(self, X, y):
                p = np.clip(self.predict(X), 1e-7, 1 - 1e-7)
                return float(-(y * np.log(p) + (1 - y) * np.log(1 - p)).mean())
            def fit(self, X, y, epochs=100, validation_data=None, callbacks=()):
                for e in range(epochs):
                    g = self.predict(X) - y
                    self.w -= .5 * X.T @ g / len(y); self.b -= .5 * g.mean()
                    if validation_data is not None and any([c(self.evaluate(*validation_data)) for c in callbacks]):
                        break
                return self
        # %%
        X, y = load_breast_cancer(return_X_y=True)
        X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=.25, random_state=SEED)
        +X_train, X_val, y_train, y_val = train_test_split(X_train, y_train, test_size=.25, random_state=SEED)
        s = StandardScaler().fit(X_train)
        X_train, X_test = s.transform(X_train), s.transform(X_test)
        +X_val = s.transform(X_val)
        # %%
        net = Net(30)
        -net.fit(X_train, y_train, epochs=300, validation_data=(X_test, y_test), callbacks=[EarlyStopping(3)]) #!
        +net.fit(X_train, y_train, epochs=300, validation_data=(X_val, y_val), callbacks=[EarlyStopping(3)])
        print("test accuracy", ((net.predict(X_test) > .5) == y_test).mean())
        """,
        also=("multi_test",),
    ),
    Plan(
        kind=KIND,
        style="xgb-native-dtest-labels",
        template="""
        import xgboost as xgb
        import pandas as pd, numpy as np
        d = pd.read_csv("fraud.csv").sample(frac=1, random_state=SEED)
        cut1, cut2 = 1500, 2000
        dtrain = xgb.DMatrix(d.iloc[:cut1, :-1], d.iloc[:cut1, -1])
        dval = xgb.DMatrix(d.iloc[cut1:cut2, :-1], d.iloc[cut1:cut2, -1])
        dtest = xgb.DMatrix(d.iloc[cut2:, :-1], d.iloc[cut2:, -1])
        # %%
        params = {"objective": "binary:logistic", "eval_metric": "logloss", "nthread": 1, "eta": .1}
        -evals = [(dtrain, "train"), (dtest, "eval")] #?
        +evals = [(dtrain, "train"), (dval, "eval")]
        bst = xgb.train(params, dtrain, 300, evals=evals, early_stopping_rounds=8, verbose_eval=False) #!
        # %%
        p = bst.predict(dtest)
        print("error", np.mean((p > .5) != dtest.get_label()))
        """,
        also=("multi_test",),
    ),
    Plan(
        kind=KIND,
        style="numpy-sgd-while",
        template="""
        import numpy as np
        rng = np.random.default_rng(2)
        A = rng.normal(size=(500, 15)); t = A @ rng.normal(size=15) + rng.normal(0, 3, 500)
        A_tr, A_va, A_te = np.split(A, [300, 400]); t_tr, t_va, t_te = np.split(t, [300, 400])
        w = np.zeros(15)
        # %%
        best_w, best_loss, since = w.copy(), np.inf, 0
        while since < 10:
            w = w - .01 * A_tr.T @ (A_tr @ w - t_tr) / len(t_tr)
        -    loss = np.mean((A_te @ w - t_te) ** 2) #!
        +    loss = np.mean((A_va @ w - t_va) ** 2)
            if loss < best_loss - 1e-3:
                best_w, best_loss, since = w.copy(), loss, 0
            else:
                since += 1
        # %%
        print("test MSE", np.mean((A_te @ best_w - t_te) ** 2))
        """,
        also=("multi_test",),
    ),
    Plan(
        kind=KIND,
        style="lgb-cv-like-loop-best-iter",
        template="""
        import lightgbm as lgb, pandas as pd, numpy as np
        from sklearn.model_selection import train_test_split
        d = pd.read_csv("fraud.csv")
        tr, te = train_test_split(d, stratify=d.Class, random_state=SEED)
        +tr, va = train_test_split(tr, stratify=tr.Class, random_state=SEED)
        F = [c for c in d if c != "Class"]
        dt = lgb.Dataset(tr[F], tr.Class)
        -dv = dt.create_valid(te[F], te.Class) #?
        +dv = dt.create_valid(va[F], va.Class)
        params = {"objective": "binary", "metric": "binary_logloss", "verbosity": -1, "early_stopping_round": 8, "num_threads": 1}
        b = lgb.train(params, dt, 300, valid_sets=[dv]) #!
        print("accuracy", np.mean((b.predict(te[F]) > .5) == te.Class))
        """,
        also=("multi_test",),
    ),
)
