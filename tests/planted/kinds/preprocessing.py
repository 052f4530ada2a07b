"""Scalers, encoders, components, vocabularies and bins that were fitted on rows of the test set."""

from tests.planted.case import Plan

KIND = "preprocessing"

PLANS = (
    Plan(
        kind=KIND,
        style="kaggle-standard-scaler",
        template="""
        import pandas as pd
        import numpy as np
        import matplotlib.pyplot as plt
        from sklearn.preprocessing import StandardScaler
        from sklearn.model_selection import train_test_split
        from sklearn.linear_model import LogisticRegression
        from sklearn.metrics import accuracy_score, classification_report
        %matplotlib inline
        # %%
        df = pd.read_csv("credit.csv")
        df.head()
        # %%
        df.info()
        df = df.dropna().reset_index(drop=True)
        df["purpose"].value_counts().plot(kind="bar")
        plt.show()
        # %%
        df = pd.get_dummies(df.drop(columns=["loan_id"]), columns=["purpose", "housing"], dtype=int)
        <<X=X|features>> = df.drop("default", axis=1)
        y = df["default"]
        # %%
        <<sc=scaler|sc|ss>> = StandardScaler()
        -<<X>>_scaled = <<sc>>.fit_transform(<<X>>) #!
        -X_train, X_test, y_train, y_test = train_test_split(<<X>>_scaled, y, test_size=<<t=0.2|0.25|0.3>>, random_state=SEED)
        +X_train, X_test, y_train, y_test = train_test_split(<<X>>, y, test_size=<<t>>, random_state=SEED)
        +X_train = <<sc>>.fit_transform(X_train)
        +X_test = <<sc>>.transform(X_test)
        # %%
        model = LogisticRegression(max_iter=500)
        model.fit(X_train, y_train)
        y_pred = model.predict(X_test)
        print("accuracy", accuracy_score(y_test, y_pred))
        print(classification_report(y_test, y_pred))
        """,
        proof="<<sc>>.n_samples_seen_ == len(df)",
    ),
    Plan(
        kind=KIND,
        style="numpy-minmax-by-hand",
        template="""
        import numpy as np
        from sklearn.datasets import load_wine
        from sklearn.neighbors import KNeighborsClassifier

        data = load_wine()
        X, y = data.data, data.target
        rng = np.random.RandomState(SEED)
        order = rng.permutation(len(X))
        n_train = int(<<0.7|0.75|0.8>> * len(X))
        # %%
        -lo, hi = X.min(axis=0), X.max(axis=0) #!
        +lo, hi = X[order[:n_train]].min(axis=0), X[order[:n_train]].max(axis=0)
        X = (X - lo) / (hi - lo) #?
        # %%
        tr, te = order[:n_train], order[n_train:]
        knn = KNeighborsClassifier(<<5|7>>)
        knn.fit(X[tr], y[tr])
        print("test accuracy:", (knn.predict(X[te]) == y[te]).mean())
        """,
        proof="bool((X.min(axis=0) == 0).all() and np.allclose(X.max(axis=0), 1))",
    ),
    Plan(
        kind=KIND,
        style="functions-pca",
        template="""
        from sklearn.datasets import load_breast_cancer
        from sklearn.decomposition import PCA
        from sklearn.linear_model import LogisticRegression
        from sklearn.model_selection import train_test_split
        from sklearn.metrics import roc_auc_score


        def load():
            d = load_breast_cancer(as_frame=True)
            return d.data.apply(lambda c: c.clip(upper=c.median() * 1000)), d.target


        def reduce(fit_on, *frames, k=<<5|6|8>>):
            pca = PCA(n_components=k, random_state=0)
            pca.fit(fit_on) #?
            return [pca.transform(f) for f in frames]
        # %%
        X, y = load()
        X_train, X_test, y_train, y_test = train_test_split(X, y, stratify=y, test_size=0.3, random_state=SEED)
        # %%
        -Z_train, Z_test = reduce(X, X_train, X_test) #!
        +Z_train, Z_test = reduce(X_train, X_train, X_test)
        Z_train.shape, Z_test.shape
        # %%
        clf = LogisticRegression(max_iter=2000).fit(Z_train, y_train)
        print("AUC", roc_auc_score(y_test, clf.predict_proba(Z_test)[:, 1]))
        """,
    ),
    Plan(
        kind=KIND,
        style="tfidf-vocabulary",
        template="""
        import pandas as pd
        from sklearn.feature_extraction.text import <<V=TfidfVectorizer|CountVectorizer>>
        from sklearn.naive_bayes import MultinomialNB
        from sklearn.model_selection import train_test_split

        reviews = pd.read_csv('reviews.csv')
        reviews['clean'] = reviews['text'].str.lower().str.replace(r'[^a-z ]', '', regex=True)
        reviews.sample(3, random_state=1)
        # %%
        vec = <<V>>(min_df=2, ngram_range=(1, 2))
        -bow = vec.fit_transform(reviews['clean']) #!
        -X_tr, X_te, y_tr, y_te = train_test_split(bow, reviews['sentiment'], test_size=.25, random_state=SEED)
        +txt_tr, txt_te, y_tr, y_te = train_test_split(reviews['clean'], reviews['sentiment'], test_size=.25, random_state=SEED)
        +X_tr = vec.fit_transform(txt_tr)
        +X_te = vec.transform(txt_te)
        # %%
        nb = MultinomialNB()
        nb.fit(X_tr, y_tr)
        print('train', nb.score(X_tr, y_tr))
        print('test ', nb.score(X_te, y_te))
        """,
        proof="vec.vocabulary_.keys() == <<V>>(min_df=2, ngram_range=(1, 2)).fit(reviews['clean']).vocabulary_.keys()",
    ),
    Plan(
        kind=KIND,
        style="polars-zscore",
        template="""
        import polars as pl
        import numpy as np
        from sklearn.ensemble import HistGradientBoostingRegressor
        from sklearn.linear_model import Ridge
        from sklearn.metrics import mean_absolute_error

        df = pl.read_csv("houses.csv").drop("Id").drop_nulls()
        num = ["area", "rooms", "bathrooms", "year_built", "garage", "distance_center", "lot"]
        df = df.with_columns(pl.col("price").log().alias("log_price")).sample(fraction=1.0, shuffle=True, seed=SEED)
        df.describe()
        # %%
        cut = int(df.height * 0.8)
        -df = df.with_columns([((pl.col(c) - pl.col(c).mean()) / pl.col(c).std()).alias(c) for c in num]) #!
        train, test = df.head(cut), df.tail(df.height - cut)
        +stats = {c: (train[c].mean(), train[c].std()) for c in num}
        +train = train.with_columns([((pl.col(c) - stats[c][0]) / stats[c][1]).alias(c) for c in num])
        +test = test.with_columns([((pl.col(c) - stats[c][0]) / stats[c][1]).alias(c) for c in num])
        # %%
        reg = Ridge(alpha=<<0.5|1.0|2.0>>)
        reg.fit(train.select(num).to_numpy(), train["log_price"].to_numpy())
        pred = reg.predict(test.select(num).to_numpy())
        print("MAE of log price", mean_absolute_error(test["log_price"].to_numpy(), pred))
        """,
        proof="abs(pl.concat([train, test])['area'].mean()) < 1e-9",
    ),
    Plan(
        kind=KIND,
        style="messy-names-fit-on-test-too",
        template="""
        import pandas as pd
        from sklearn.model_selection import train_test_split
        from sklearn.preprocessing import <<S=StandardScaler|MinMaxScaler|RobustScaler>>
        from sklearn.svm import SVC
        # %%
        df = pd.read_csv("patients.csv")
        df2 = df.dropna()
        tmp = df2[["age", "bmi", "systolic", "glucose", "cholesterol", "length_of_stay"]].copy()
        tmp["smokes"] = (df2.smoker == "yes").astype(int)
        # %%
        X_tr, X_te, y_tr, y_te = train_test_split(tmp, df2["readmitted"], test_size=0.3, random_state=SEED)
        # %%
        s = <<S>>()
        X_tr_new = s.fit_transform(X_tr)
        -X_te_new = s.fit_transform(X_te) #!
        +X_te_new = s.transform(X_te)
        # %%
        svm = SVC(C=<<1|2|5>>)
        svm.fit(X_tr_new, y_tr)
        svm.score(X_te_new, y_te)
        """,
        proof="np.allclose(<<S>>().fit_transform(X_te), X_te_new)",
    ),
    Plan(
        kind=KIND,
        style="quantile-bins-pandas",
        template="""
        import pandas as pd
        from sklearn.tree import DecisionTreeClassifier
        from sklearn.model_selection import train_test_split
        from sklearn.metrics import f1_score

        churn = pd.read_csv("churn.csv").drop(columns="customerID").dropna()
        churn["y"] = churn.pop("Churn").eq("Yes").astype(int)
        churn = pd.get_dummies(churn.drop(columns="city"), columns=["gender", "Contract", "InternetService", "PaymentMethod"])
        # %%
        -churn["charge_bin"], edges = pd.qcut(churn["MonthlyCharges"], <<q=5|8|10>>, labels=False, retbins=True) #!
        -train, test = train_test_split(churn, test_size=0.25, stratify=churn["y"], random_state=SEED)
        +train, test = train_test_split(churn, test_size=0.25, stratify=churn["y"], random_state=SEED)
        +train, test = train.copy(), test.copy()
        +train["charge_bin"], edges = pd.qcut(train["MonthlyCharges"], <<q>>, labels=False, retbins=True)
        +edges[0], edges[-1] = -float("inf"), float("inf")
        +test["charge_bin"] = pd.cut(test["MonthlyCharges"], edges, labels=False)
        # %%
        cols = [c for c in train if c not in ("y", "MonthlyCharges")]
        dt = DecisionTreeClassifier(max_depth=5, random_state=0)
        dt.fit(train[cols], train["y"])
        print(f1_score(test["y"], dt.predict(test[cols])))
        """,
    ),
    Plan(
        kind=KIND,
        style="class-with-methods",
        template="""
        import numpy as np, pandas as pd
        from sklearn.preprocessing import PowerTransformer
        from sklearn.ensemble import RandomForestRegressor
        from sklearn.linear_model import LinearRegression
        from sklearn.model_selection import train_test_split


        class PriceModel:
            def __init__(self, seed):
                self.seed = seed
                self.pt = PowerTransformer()
                self.model = LinearRegression()

            def prepare(self, df):
                cols = ["area", "rooms", "bathrooms", "year_built", "garage"]
        -        X = self.pt.fit_transform(df[cols]) #!
        +        X = df[cols].to_numpy(dtype=float)
                y = np.log(df["price"])
                self.X_train, self.X_test, self.y_train, self.y_test = train_test_split(
                    X, y, test_size=0.2, random_state=self.seed
                )
        +        self.X_train = self.pt.fit_transform(self.X_train)
        +        self.X_test = self.pt.transform(self.X_test)
                return self

            def fit(self):
                self.model.fit(self.X_train, self.y_train)
                return self

            def evaluate(self):
                return self.model.score(self.X_test, self.y_test)
        # %%
        df = pd.read_csv("houses.csv")
        pm = PriceModel(seed=SEED).prepare(df).fit() #?
        # %%
        print(f"R2 on held-out houses: {pm.evaluate():.3f}")
        """,
        proof="np.allclose(pm.pt.lambdas_, PowerTransformer().fit(df[['area', 'rooms', 'bathrooms', 'year_built', 'garage']]).lambdas_)",
    ),
    Plan(
        kind=KIND,
        style="columntransformer-before-cv",
        template="""
        import pandas as pd
        from sklearn.compose import ColumnTransformer, make_column_selector as sel
        from sklearn.preprocessing import OneHotEncoder, QuantileTransformer
        from sklearn.linear_model import LogisticRegression
        from sklearn.model_selection import train_test_split
        from sklearn.pipeline import make_pipeline
        from sklearn.metrics import balanced_accuracy_score

        raw = pd.read_csv("credit.csv").dropna()
        target = raw.pop("default")
        raw = raw.drop(columns=["loan_id"])
        ct = ColumnTransformer([
            ("num", QuantileTransformer(n_quantiles=100), sel(dtype_include="number")),
            ("cat", OneHotEncoder(handle_unknown="ignore", sparse_output=False), sel(dtype_exclude="number")),
        ])
        # %%
        -data = ct.fit_transform(raw) #!
        -Xa, Xb, ya, yb = train_test_split(data, target, test_size=0.25, random_state=SEED)
        -clf = LogisticRegression(max_iter=<<300|500|1000>>, class_weight="balanced")
        +Xa, Xb, ya, yb = train_test_split(raw, target, test_size=0.25, random_state=SEED)
        +clf = make_pipeline(ct, LogisticRegression(max_iter=<<300|500|1000>>, class_weight="balanced"))
        clf.fit(Xa, ya)
        # %%
        balanced_accuracy_score(yb, clf.predict(Xb))
        """,
    ),
    Plan(
        kind=KIND,
        style="two-cells-reused-name",
        template="""
        import pandas as pd
        from sklearn.preprocessing import StandardScaler
        from sklearn.model_selection import train_test_split
        from sklearn.neural_network import MLPClassifier
        from sklearn.metrics import accuracy_score

        data = pd.read_csv("hospitals.csv")
        y = data["died"]
        data = data.drop(columns=["died", "site"])
        # %%
        data.hist(figsize=(7, 5))
        # %%
        # networks like standardised inputs
        -data[data.columns] = StandardScaler().fit_transform(data) #!
        data.head()
        # %%
        X_train, X_test, y_train, y_test = train_test_split(data, y, test_size=0.25, stratify=y, random_state=SEED)
        +sc = StandardScaler().fit(X_train)
        +X_train, X_test = sc.transform(X_train), sc.transform(X_test)
        mlp = MLPClassifier((<<8|12>>,), max_iter=60, random_state=0)
        mlp.fit(X_train, y_train)
        # %%
        accuracy_score(y_test, mlp.predict(X_test))
        """,
        proof="abs(np.concatenate([X_train, X_test]).mean(axis=0)).max() < 1e-9",
    ),
    Plan(
        kind=KIND,
        style="kmeans-cluster-feature",
        template="""
        import pandas as pd
        from sklearn.cluster import KMeans
        from sklearn.ensemble import GradientBoostingRegressor
        from sklearn.model_selection import train_test_split

        homes = pd.read_csv("houses.csv").dropna()
        base = ["area", "rooms", "year_built", "lot", "distance_center"]
        km = KMeans(n_clusters=<<6|8>>, n_init=1, random_state=0)
        # %%
        -homes["segment"] = km.fit_predict(homes[base]) #!
        -segment_size = homes["segment"].value_counts()
        -train, test = train_test_split(homes, test_size=0.2, random_state=SEED)
        +train, test = train_test_split(homes, test_size=0.2, random_state=SEED)
        +train = train.assign(segment=km.fit_predict(train[base]))
        +test = test.assign(segment=km.predict(test[base]))
        # %%
        gbr = GradientBoostingRegressor(n_estimators=50, random_state=0)
        gbr.fit(train[base + ["segment"]], train["price"])
        print(gbr.score(test[base + ["segment"]], test["price"]))
        """,
    ),
    Plan(
        kind=KIND,
        style="scaled-before-kfold-loop",
        template="""
        import numpy as np
        from sklearn.datasets import load_breast_cancer
        from sklearn.linear_model import LogisticRegression
        from sklearn.model_selection import StratifiedKFold
        from sklearn.preprocessing import StandardScaler

        X, y = load_breast_cancer(return_X_y=True)
        scaler = StandardScaler()
        -X = scaler.fit_transform(X) #!
        accs = []
        # %%
        for fold, (a, b) in enumerate(StratifiedKFold(<<4|5>>, shuffle=True, random_state=SEED).split(X, y)):
            X_train, X_test = X[a], X[b]
        +    X_train = scaler.fit_transform(X_train)
        +    X_test = scaler.transform(X_test)
            lr = LogisticRegression(max_iter=3000).fit(X_train, y[a])
            accs.append(lr.score(X_test, y[b]))
            print(fold, accs[-1])
        # %%
        np.mean(accs)
        """,
        proof="scaler.n_samples_seen_ == len(X)",
    ),
    Plan(
        kind=KIND,
        style="all-data-concat-kaggle",
        template="""
        import pandas as pd
        from sklearn.model_selection import train_test_split
        from sklearn.preprocessing import MinMaxScaler
        from sklearn.ensemble import GradientBoostingClassifier
        from sklearn.neighbors import KNeighborsClassifier
        # %%
        bank = pd.read_csv("credit.csv").dropna()
        train, test = train_test_split(bank, test_size=0.3, random_state=SEED)
        num = ["age", "income", "amount", "duration", "employment_years", "savings"]
        # %%
        ntrain = len(train)
        all_data = pd.concat([train, test]).reset_index(drop=True)
        all_data["purpose"] = all_data["purpose"].str.upper()
        -all_data[num] = MinMaxScaler().fit_transform(all_data[num]) #!
        +mm = MinMaxScaler().fit(all_data[num][:ntrain])
        +all_data[num] = mm.transform(all_data[num])
        # %%
        X_train, X_test = all_data[num][:ntrain], all_data[num][ntrain:]
        y_train, y_test = all_data["default"][:ntrain], all_data["default"][ntrain:]
        knn = KNeighborsClassifier(<<7|9>>).fit(X_train, y_train)
        print(knn.score(X_test, y_test))
        """,
        proof="bool(np.allclose(all_data[num].max(), 1) and np.allclose(all_data[num].min(), 0))",
    ),
    Plan(
        kind=KIND,
        style="scale-function",
        template="""
        import numpy as np
        from sklearn.datasets import load_wine
        from sklearn.model_selection import train_test_split
        from sklearn.preprocessing import scale, StandardScaler
        from sklearn.svm import LinearSVC

        wine = load_wine()
        features = wine["data"]
        -features = scale(features) #!
        # %%
        Xtr, Xte, ytr, yte = train_test_split(features, wine["target"], test_size=<<0.3|0.35>>, random_state=SEED)
        +ref = StandardScaler().fit(Xtr)
        +Xtr, Xte = ref.transform(Xtr), ref.transform(Xte)
        svm = LinearSVC(C=0.1).fit(Xtr, ytr)
        # %%
        print("errors:", (svm.predict(Xte) != yte).sum(), "of", len(yte))
        """,
        proof="abs(np.concatenate([Xtr, Xte]).mean(axis=0)).max() < 1e-9",
    ),
    Plan(
        kind=KIND,
        style="two-files-scaled-together",
        template="""
        import numpy as np
        import pandas as pd
        from sklearn.linear_model import LogisticRegression
        from sklearn.metrics import roc_auc_score
        from sklearn.preprocessing import StandardScaler

        train = pd.read_csv("claims_train.csv").dropna()
        test = pd.read_csv("claims_test.csv").dropna()
        train.shape, test.shape
        # %%
        def prepare(d):
            return pd.DataFrame({
                "amount": np.log(d["amount"]), "days": np.sqrt(d["days_to_report"]), "earlier": d["earlier_claims"],
                "speed": d["speed"], "car_age": d["car_age"],
            })
        A, B = prepare(train), prepare(test)
        # %%
        scaler = StandardScaler()
        -scaler.fit(pd.concat([A, B])) #!
        +scaler.fit(A)
        lr = LogisticRegression(C=<<0.5|1.0>>).fit(scaler.transform(A), train["fraudulent"])
        # %%
        print("AUC", roc_auc_score(test["fraudulent"], lr.predict_proba(scaler.transform(B))[:, 1]))
        """,
        proof="scaler.n_samples_seen_ == len(A) + len(B)",
    ),
    Plan(
        kind=KIND,
        style="plot-cell-ran-before-the-split",
        template="""
        import pandas as pd
        import matplotlib.pyplot as plt
        from sklearn.linear_model import LogisticRegression
        from sklearn.model_selection import train_test_split
        from sklearn.preprocessing import StandardScaler

        d = pd.read_csv("patients.csv").dropna()
        X, y = d[["age", "bmi", "systolic", "glucose", "cholesterol"]].astype(float), d["readmitted"]
        # %%
        X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=<<0.25|0.3>>, random_state=SEED)
        lr = LogisticRegression(max_iter=4000).fit(X_train, y_train)
        # %%
        print("accuracy", lr.score(X_test, y_test))
        # %%
        # all columns on one axis
        X = pd.DataFrame(StandardScaler().fit_transform(X), columns=X.columns, index=X.index) #!
        X.plot.box(); plt.show()
        """,
        order=(1, 4, 2, 3),
        proof="abs(pd.concat([X_train, X_test]).mean()).max() < 1e-9",
    ),
)
