"""Scored only on the rows it was trained on."""

from tests.planted.case import Plan

KIND = "no_test_set"

PLANS = (
    Plan(
        kind=KIND,
        style="fit-and-score-all",
        template="""
        import pandas as pd
        from sklearn.linear_model import LogisticRegression
        from sklearn.ensemble import RandomForestClassifier
        +from sklearn.model_selection import train_test_split

        df = pd.read_csv("credit.csv").dropna()
        # %%
        X = df[["age", "income", "amount", "duration", "employment_years", "savings"]]
        y = df["default"]
        +X, X_test, y, y_test = train_test_split(X, y, test_size=0.25, random_state=SEED)
        model = RandomForestClassifier(n_estimators=<<30|50>>, random_state=SEED)
        model.fit(X, y)
        # %%
        -print("Accuracy:", model.score(X, y)) #!
        +print("Accuracy:", model.score(X_test, y_test))
        """,
    ),
    Plan(
        kind=KIND,
        style="report-on-training-part",
        template="""
        import numpy as np
        import pandas as pd
        from sklearn.model_selection import train_test_split
        from sklearn.tree import DecisionTreeClassifier
        from sklearn.metrics import classification_report, confusion_matrix

        df = pd.read_csv("churn.csv")
        df["Churn"] = (df["Churn"] == "Yes").astype(int)
        X = pd.get_dummies(df[["tenure", "Contract", "InternetService", "support_calls", "SeniorCitizen"]])
        # %%
        X_train, X_test, y_train, y_test = train_test_split(X, df["Churn"], test_size=0.2, random_state=SEED)
        # %%
        clf = DecisionTreeClassifier(<<arg=min_samples_leaf=3|max_depth=9>>)
        clf.fit(X_train, y_train)
        # %%
        -pred = clf.predict(X_train)
        -print(classification_report(y_train, pred)) #!
        -confusion_matrix(y_train, pred) #?
        +pred = clf.predict(X_test)
        +print(classification_report(y_test, pred))
        +confusion_matrix(y_test, pred)
        """,
    ),
    Plan(
        kind=KIND,
        style="regression-r2-and-plot",
        template="""
        import numpy as np, pandas as pd, matplotlib.pyplot as plt
        from sklearn.ensemble import GradientBoostingRegressor
        from sklearn.metrics import r2_score, mean_absolute_error
        houses = pd.read_csv("houses.csv").dropna()
        cols = ["area", "rooms", "bathrooms", "year_built", "garage", "lot"]
        # %%
        +test = houses.sample(frac=0.25, random_state=SEED)
        +houses = houses.drop(test.index)
        gbr = GradientBoostingRegressor(n_estimators=<<60|90>>, max_depth=4)
        gbr.fit(houses[cols], houses["price"])
        # %%
        -houses["predicted"] = gbr.predict(houses[cols])
        -plt.scatter(houses["price"], houses["predicted"], s=4)
        +test["predicted"] = gbr.predict(test[cols])
        +plt.scatter(test["price"], test["predicted"], s=4)
        plt.xlabel("true"); plt.ylabel("predicted")
        plt.show()
        # %%
        -print("R2:", r2_score(houses["price"], houses["predicted"])) #!
        -print("MAE:", mean_absolute_error(houses["price"], houses["predicted"])) #?
        +print("R2:", r2_score(test["price"], test["predicted"]))
        +print("MAE:", mean_absolute_error(test["price"], test["predicted"]))
        """,
    ),
    Plan(
        kind=KIND,
        style="pipeline-digits",
        template="""
        from sklearn.datasets import load_digits
        from sklearn.pipeline import Pipeline
        from sklearn.preprocessing import StandardScaler
        from sklearn.svm import SVC
        from sklearn.metrics import accuracy_score
        +from sklearn.model_selection import train_test_split

        digits = load_digits()
        n_samples = len(digits.images)
        data = digits.images.reshape((n_samples, -1))
        target = digits.target
        # %%
        pipe = Pipeline([("scale", StandardScaler()), ("svc", SVC(gamma=<<0.01|0.02>>))])
        -pipe.fit(data, target)
        -predicted = pipe.predict(data)
        -print(f"accuracy {accuracy_score(target, predicted):.3f}") #!
        +d_train, d_test, t_train, t_test = train_test_split(data, target, test_size=0.3, random_state=SEED)
        +pipe.fit(d_train, t_train)
        +predicted = pipe.predict(d_test)
        +print(f"accuracy {accuracy_score(t_test, predicted):.3f}")
        """,
    ),
    Plan(
        kind=KIND,
        style="main-function",
        template="""
        import pandas as pd
        from sklearn.linear_model import LogisticRegression
        from sklearn.metrics import f1_score, roc_auc_score
        from sklearn.model_selection import train_test_split


        def get_data():
            d = pd.read_csv("patients.csv").dropna()
            X = d[["age", "bmi", "systolic", "glucose", "cholesterol", "length_of_stay"]]
            return X, d["readmitted"]


        def evaluate(model, X, y):
            p = model.predict_proba(X)[:, 1] #?
            return {"auc": roc_auc_score(y, p), "f1": f1_score(y, p > 0.5)} #?
        # %%
        def main():
            X, y = get_data()
        +    X, X_new, y, y_new = train_test_split(X, y, test_size=0.3, random_state=SEED)
            model = LogisticRegression(C=<<0.5|1.0>>, max_iter=3000)
            model.fit(X, y)
        -    return model, evaluate(model, X, y) #!
        +    return model, evaluate(model, X_new, y_new)

        model, scores = main()
        scores
        """,
    ),
    Plan(
        kind=KIND,
        style="xgboost-rmse",
        template="""
        import numpy as np
        import xgboost as xgb
        from sklearn.metrics import mean_squared_error
        from sklearn.datasets import load_diabetes
        +from sklearn.model_selection import train_test_split
        # %%
        X, y = load_diabetes(return_X_y=True, as_frame=True)
        +X, X_hold, y, y_hold = train_test_split(X, y, test_size=.25, random_state=SEED)
        params = {"max_depth": <<3|4>>, "learning_rate": 0.1, "n_estimators": 60, "n_jobs": 1}
        reg = xgb.XGBRegressor(**params)
        reg.fit(X, y)
        # %%
        -preds = reg.predict(X)
        -rmse = np.sqrt(mean_squared_error(y, preds)) #!
        +preds = reg.predict(X_hold)
        +rmse = np.sqrt(mean_squared_error(y_hold, preds))
        print("RMSE: %f" % rmse)
        """,
    ),
    Plan(
        kind=KIND,
        style="numpy-mean-of-equal",
        template="""
        import numpy as np
        from sklearn.neighbors import KNeighborsClassifier
        rs = np.random.RandomState(SEED)
        N = <<500|900>>
        A = np.vstack([rs.normal(loc=m, scale=1.3, size=(N, 4)) for m in (0, 1, 2)])
        lab = np.repeat([0, 1, 2], N)
        perm = rs.permutation(len(A))
        A, lab = A[perm], lab[perm]
        # %%
        k = KNeighborsClassifier(n_neighbors=3)
        -k.fit(A, lab)
        -yhat = k.predict(A)
        -acc = np.mean(yhat == lab) #!
        +m = int(.7 * len(A))
        +k.fit(A[:m], lab[:m])
        +yhat = k.predict(A[m:])
        +acc = np.mean(yhat == lab[m:])
        print("accuracy of the classifier:", round(acc, 3))
        """,
    ),
    Plan(
        kind=KIND,
        style="polars-sentiment",
        template="""
        import polars as pl
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.metrics import accuracy_score
        from sklearn.pipeline import make_pipeline
        from sklearn.svm import LinearSVC

        df = pl.read_csv("reviews.csv").with_columns(pl.col("text").str.to_lowercase())
        +df, held = df[: <<480|520>>], df[<<480|520>> :]
        texts, labels = df["text"].to_list(), df["sentiment"].to_list()
        # %%
        clf = make_pipeline(TfidfVectorizer(ngram_range=(1, 2)), LinearSVC())
        clf.fit(texts, labels)
        # %%
        -accuracy_score(labels, clf.predict(texts)) #!
        +accuracy_score(held["sentiment"].to_list(), clf.predict(held["text"].to_list()))
        """,
    ),
    Plan(
        kind=KIND,
        style="search-scored-where-it-searched",
        template="""
        import pandas as pd
        from sklearn.model_selection import GridSearchCV, train_test_split
        from sklearn.neighbors import KNeighborsRegressor
        from sklearn.pipeline import make_pipeline
        from sklearn.preprocessing import StandardScaler
        from sklearn.tree import DecisionTreeRegressor
        from sklearn.metrics import r2_score

        homes = pd.read_csv("houses.csv").dropna()
        X, y = homes[["area", "rooms", "bathrooms", "year_built", "lot"]], homes["price"]
        +X, X_hold, y, y_hold = train_test_split(X, y, test_size=0.25, random_state=SEED)
        # %%
        gs = GridSearchCV(DecisionTreeRegressor(random_state=0), {"max_depth": [6, 9, 12], "min_samples_leaf": [1, <<2|3>>]}, cv=3)
        gs.fit(X, y)
        gs.best_params_
        # %%
        -print("R2 of the model:", r2_score(y, gs.predict(X))) #!
        +print("R2 of the model:", r2_score(y_hold, gs.predict(X_hold)))
        """,
    ),
    Plan(
        kind=KIND,
        style="numpy-ridge-closed-form",
        template="""
        import numpy as np
        from sklearn.datasets import load_diabetes
        X, y = load_diabetes(return_X_y=True)
        X = np.hstack([np.ones((len(X), 1)), X])
        +X, X2, y, y2 = X[:300], X[300:], y[:300], y[300:]
        lam = .1
        w = np.linalg.solve(X.T @ X + lam * np.eye(X.shape[1]), X.T @ y)
        # %%
        -resid = y - X @ w
        -r2 = 1 - (resid ** 2).sum() / ((y - y.mean()) ** 2).sum() #!
        +resid = y2 - X2 @ w
        +r2 = 1 - (resid ** 2).sum() / ((y2 - y.mean()) ** 2).sum()
        print(f"R^2 = {r2:.3f}")
        """,
    ),
    Plan(
        kind=KIND,
        style="statsmodels-logit",
        template="""
        import pandas as pd
        import statsmodels.formula.api as smf
        from sklearn.metrics import roc_auc_score
        credit = pd.read_csv("credit.csv").dropna()
        +held = credit.sample(frac=.3, random_state=SEED)
        +credit = credit.drop(held.index)
        fit = smf.logit("default ~ age + duration + C(housing) + amount", data=credit).fit(disp=0)
        print(fit.summary().tables[1])
        # %%
        -print("AUC", roc_auc_score(credit["default"], fit.predict(credit))) #!
        +print("AUC", roc_auc_score(held["default"], fit.predict(held)))
        """,
    ),
)
