"""The same rows, or nearly the same, on both sides beyond what chance gives."""

from tests.planted.case import Plan

KIND = "duplicates"

PLANS = (
    Plan(
        kind=KIND,
        style="two-exports-concatenated",
        template="""
        import pandas as pd
        from sklearn.ensemble import RandomForestClassifier
        from sklearn.model_selection import train_test_split
        from sklearn.metrics import accuracy_score
        # %%
        all_patients = pd.read_csv("patients.csv").dropna()
        # the registry sends two exports that cover some of the same people
        export_a = all_patients.iloc[:<<550|600>>]
        export_b = all_patients.iloc[<<250|300>>:]
        # %%
        df = pd.concat([export_a, export_b], ignore_index=True) #?
        +df = df.drop_duplicates().reset_index(drop=True)
        print(df.shape)
        X = df[["age", "bmi", "systolic", "glucose", "cholesterol", "length_of_stay"]]
        y = df["readmitted"]
        X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.25, random_state=SEED) #!
        # %%
        rf = RandomForestClassifier(n_estimators=50, random_state=0).fit(X_train, y_train)
        print("accuracy", accuracy_score(y_test, rf.predict(X_test)))
        """,
        proof="shared(X_train, X_test) > 0.2",
    ),
    Plan(
        kind=KIND,
        style="one-to-many-merge",
        template="""
        import numpy as np
        import pandas as pd
        from sklearn.ensemble import GradientBoostingClassifier
        from sklearn.model_selection import train_test_split

        loans = pd.read_csv("credit.csv").dropna()
        rng = np.random.default_rng(SEED)
        # several phone calls a customer
        calls = pd.DataFrame({"loan_id": rng.choice(loans["loan_id"], 3000), "topic": rng.choice(list("abc"), 3000)})
        # %%
        -df = loans.merge(calls, on="loan_id", how="left") #?
        +per_loan = calls.groupby("loan_id", as_index=False).agg(n_calls=("topic", "size"))
        +df = loans.merge(per_loan, on="loan_id", how="left")
        df = df.reset_index(drop=True)
        features = ["age", "income", "amount", "duration", "employment_years", "savings"]
        # %%
        train, test = train_test_split(df, test_size=<<0.2|0.3>>, random_state=SEED) #!
        gbc = GradientBoostingClassifier(n_estimators=40, max_depth=5, random_state=0)
        gbc.fit(train[features], train["default"])
        # %%
        gbc.score(test[features], test["default"])
        """,
        proof="shared(train[features], test[features]) > 0.2",
        also=("group",),
    ),
    Plan(
        kind=KIND,
        style="augmented-images",
        template="""
        import numpy as np
        from sklearn.datasets import load_digits
        from sklearn.neighbors import KNeighborsClassifier
        from sklearn.model_selection import train_test_split

        digits = load_digits()
        images, labels = digits.images[:<<900|1200>>], digits.target[:<<900|1200>>]
        rng = np.random.default_rng(SEED)

        def augment(images, labels):
            noisy = np.clip(images + rng.normal(0, 0.3, images.shape), 0, 16)
            return np.vstack([images, noisy]), np.hstack([labels, labels])
        # %%
        -images, labels = augment(images, labels) #!
        flat = images.reshape(len(images), -1)
        X_train, X_test, y_train, y_test = train_test_split(flat, labels, test_size=0.25, random_state=SEED) #?
        +X_train, y_train = augment(X_train, y_train)
        # %%
        knn = KNeighborsClassifier(n_neighbors=1)
        knn.fit(X_train, y_train)
        print("test accuracy", knn.score(X_test, y_test))
        """,
        proof="near(X_train, X_test, 4.0) > 0.5",
        also=("oversampling",),
    ),
    Plan(
        kind=KIND,
        style="text-reposts",
        template="""
        import pandas as pd
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.linear_model import LogisticRegression
        from sklearn.pipeline import make_pipeline
        from sklearn.model_selection import train_test_split

        reviews = pd.read_csv("reviews.csv")
        # the crawler met many reviews again on the mirror site
        mirror = reviews.sample(frac=<<0.5|0.6>>, random_state=1)
        mirror = mirror.assign(text=mirror["text"].str.upper() + " ")
        corpus = pd.concat([reviews, mirror]) #?
        # %%
        corpus["text"] = corpus["text"].str.lower().str.strip()
        +corpus = corpus.drop_duplicates(subset="text")
        corpus = corpus.sample(frac=1, random_state=SEED).reset_index(drop=True)
        # %%
        tr_text, te_text, tr_y, te_y = train_test_split(corpus["text"], corpus["sentiment"], test_size=0.3, random_state=SEED) #!
        clf = make_pipeline(TfidfVectorizer(), LogisticRegression(C=5))
        clf.fit(tr_text, tr_y)
        clf.score(te_text, te_y)
        """,
        proof="len(set(tr_text) & set(te_text)) > 20",
    ),
    Plan(
        kind=KIND,
        style="polars-resent-records",
        template="""
        import polars as pl
        from sklearn.tree import DecisionTreeRegressor
        from sklearn.ensemble import RandomForestRegressor
        from sklearn.metrics import r2_score

        homes = pl.read_csv("houses.csv").drop_nulls()
        cols = ["area", "rooms", "bathrooms", "year_built", "garage", "distance_center", "lot"]
        # the agency sends a record again when it corrects the note field
        again = homes.sample(fraction=<<0.4|0.5>>, seed=3)
        feed = pl.concat([homes, again]) #?
        # %%
        +feed = feed.unique(subset=["Id"], maintain_order=True)
        feed = feed.sample(fraction=1.0, shuffle=True, seed=SEED)
        n = round(0.8 * feed.height)
        train, test = feed[:n], feed[n:] #!
        # %%
        forest = RandomForestRegressor(n_estimators=40, random_state=0)
        forest.fit(train.select(cols), train["price"])
        print("R2", r2_score(test["price"], forest.predict(test.select(cols))))
        """,
        proof="shared(train.select(cols).to_pandas(), test.select(cols).to_pandas()) > 0.2",
    ),
    Plan(
        kind=KIND,
        style="numpy-jittered-copies",
        template="""
        import numpy as np
        from sklearn.svm import SVC

        rs = np.random.RandomState(SEED)
        n = <<600|800>>
        X = rs.normal(size=(n, 6))
        y = (X[:, 0] * X[:, 1] + rs.normal(scale=1.0, size=n) > 0).astype(int)
        # %%
        -# more data by tiny noise
        -X = np.r_[X, X + rs.normal(scale=0.005, size=X.shape)] #!
        -y = np.r_[y, y]
        p = rs.permutation(len(X))
        k = int(len(X) * 0.7)
        tr, te = p[:k], p[k:] #?
        X_tr, y_tr = X[tr], y[tr]
        +# more data by tiny noise
        +X_tr, y_tr = np.r_[X_tr, X_tr + rs.normal(scale=0.005, size=X_tr.shape)], np.r_[y_tr, y_tr]
        # %%
        svc = SVC(C=100, gamma=5)
        svc.fit(X_tr, y_tr)
        acc = (svc.predict(X[te]) == y[te]).mean()
        print(acc)
        """,
        proof="near(X_tr, X[te], 0.1) > 0.4",
        also=("oversampling",),
    ),
    Plan(
        kind=KIND,
        style="files-read-in-a-loop",
        template="""
        import pandas as pd
        import matplotlib.pyplot as plt
        from sklearn.model_selection import train_test_split
        from sklearn.neighbors import KNeighborsRegressor
        from sklearn.preprocessing import StandardScaler
        from sklearn.pipeline import make_pipeline

        base = pd.read_csv("houses.csv").dropna()
        quarters = {"q1": base[:350], "q2": base[200:600], "q3": base[450:]}
        frames = []
        for name, part in quarters.items():
            frames.append(part)
        tmp = pd.concat(frames).reset_index(drop=True) #?
        # %%
        tmp["price"].plot.hist(bins=40)
        plt.show()
        -df3 = tmp
        +df3 = tmp[~tmp.duplicated()]
        # %%
        f = ["area", "rooms", "bathrooms", "year_built", "distance_center", "lot"]
        Xa, Xb, ya, yb = train_test_split(df3[f], df3["price"], test_size=<<0.25|0.3>>, random_state=SEED) #!
        knn = make_pipeline(StandardScaler(), KNeighborsRegressor(<<1|2>>))
        knn.fit(Xa, ya)
        knn.score(Xb, yb)
        """,
        proof="shared(Xa, Xb) > 0.15",
    ),
    Plan(
        kind=KIND,
        style="flipped-images-pipeline",
        template="""
        import numpy as np
        from sklearn.datasets import load_digits
        from sklearn.decomposition import PCA
        from sklearn.model_selection import train_test_split
        from sklearn.pipeline import make_pipeline
        from sklearn.svm import SVC

        X, y = load_digits(return_X_y=True)
        X, y = X[:<<800|1000>>], y[:<<800|1000>>]
        # %%
        -# brighter copies
        -X = np.concatenate([X, X * 1.02]) #!
        -y = np.concatenate([y, y])
        X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2, random_state=SEED) #?
        +# brighter copies
        +X_train = np.concatenate([X_train, X_train * 1.02])
        +y_train = np.concatenate([y_train, y_train])
        svc = make_pipeline(PCA(30), SVC(C=5)).fit(X_train, y_train)
        print(svc.score(X_test, y_test))
        """,
        proof="near(X_train, X_test, 3.0) > 0.5",
        also=("oversampling",),
    ),
    Plan(
        kind=KIND,
        style="near-copies-one-field-changed",
        template="""
        import numpy as np
        import pandas as pd
        from sklearn.ensemble import RandomForestClassifier
        from sklearn.model_selection import train_test_split

        people = pd.read_csv("patients.csv").dropna()
        g = np.random.default_rng(SEED)
        # a second stay is entered as a new record; only its length differs
        stay2 = people.sample(frac=<<0.5|0.6>>, random_state=4)
        stay2 = stay2.assign(length_of_stay=(stay2["length_of_stay"] + g.normal(0, 0.4, len(stay2))).round(2))
        records = pd.concat([people, stay2], ignore_index=True) #?
        # %%
        +records = records.drop_duplicates(subset="patient_id", keep="first")
        f = ["age", "bmi", "systolic", "glucose", "cholesterol", "length_of_stay"]
        X_train, X_test, y_train, y_test = train_test_split(
            records[f], records["readmitted"], test_size=0.25, random_state=SEED) #!
        # %%
        rf = RandomForestClassifier(60, random_state=0).fit(X_train, y_train)
        print(rf.score(X_test, y_test))
        """,
        proof="shared(X_train[f[:5]], X_test[f[:5]]) > 0.3",
        also=("group",),
    ),
    Plan(
        kind=KIND,
        style="text-with-case-changed",
        template="""
        import pandas as pd
        from sklearn.feature_extraction.text import TfidfVectorizer
        from sklearn.linear_model import LogisticRegression
        from sklearn.pipeline import Pipeline
        r = pd.read_csv("reviews.csv")
        -again = r.sample(250, random_state=9).assign(text=lambda d: d.text.str.upper() + " ")
        -r = pd.concat([r, again]).sample(frac=1, random_state=3).reset_index(drop=True) #?
        +r = r.sample(frac=1, random_state=3).reset_index(drop=True)
        # %%
        n = int(len(r) * .8)
        train, test = r.iloc[:n], r.iloc[n:] #!
        # %%
        p = Pipeline([("v", TfidfVectorizer(ngram_range=(1, 2))), ("c", LogisticRegression(C=10))])
        p.fit(train.text, train.sentiment)
        print(p.score(test.text, test.sentiment))
        """,
        also=("overlap", "group"),
    ),
    Plan(
        kind=KIND,
        style="cv-with-copies",
        template="""
        import numpy as np, pandas as pd
        from sklearn.neighbors import KNeighborsRegressor
        from sklearn.model_selection import cross_val_score, KFold
        s = pd.read_csv("houses.csv").select_dtypes("number").fillna(0).drop(columns="Id")
        -s = pd.concat([s, s.sample(500, random_state=1)], ignore_index=True) #!
        +s = s.sample(frac=1, random_state=1)
        y = s.pop("price")
        print(cross_val_score(KNeighborsRegressor(1), s, y, cv=KFold(5, shuffle=True, random_state=0)).mean()) #?
        """,
        also=("overlap",),
    ),
)
