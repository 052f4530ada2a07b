"""What libraries' names mean, as data: a new library is a few words here."""

from __future__ import annotations

import re


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


#: What a fitted transformer has learnt from its rows, as a kind of leakage; not in here and not a model: nothing.
LEARNT: dict[str, str] = {
    name: kind
    for kind, names in {
        "preprocessing": """StandardScaler MinMaxScaler RobustScaler MaxAbsScaler QuantileTransformer PowerTransformer
            KBinsDiscretizer PCA IncrementalPCA KernelPCA SparsePCA MiniBatchSparsePCA TruncatedSVD NMF
            MiniBatchNMF FastICA FactorAnalysis DictionaryLearning LatentDirichletAllocation TfidfVectorizer
            CountVectorizer TfidfTransformer SplineTransformer Isomap LocallyLinearEmbedding TSNE UMAP MDS Nystroem
            KernelCenterer CountEncoder CountFrequencyEncoder HelmertEncoder GaussianRandomProjection_ Tokenizer
            TextVectorization Normalization LinearDiscriminantAnalysis_ Winsorizer OutlierTrimmer
            EqualWidthDiscretiser EqualFrequencyDiscretiser DecisionTreeDiscretiser YeoJohnsonTransformer
            BoxCoxTransformer SklearnTransformerWrapper RareLabelEncoder Word2Vec Doc2Vec FastText PLSRegression_
            KMeans MiniBatchKMeans DBSCAN GaussianMixture_ Birch FeatureAgglomeration PolynomialCountSketch RBFSampler_
            Scaler""",
        "imputation": """SimpleImputer KNNImputer IterativeImputer Imputer MeanMedianImputer CategoricalImputer
            RandomSampleImputer EndTailImputer ImputationKernel SoftImpute IterativeSVD MICE MissForest""",
        "feature_selection": """SelectKBest SelectPercentile SelectFpr SelectFdr SelectFwe GenericUnivariateSelect RFE
            RFECV SelectFromModel SequentialFeatureSelector VarianceThreshold Boruta BorutaPy BorutaShap
            ExhaustiveFeatureSelector DropCorrelatedFeatures SmartCorrelatedSelection DropConstantFeatures_
            SelectBySingleFeaturePerformance RecursiveFeatureElimination RecursiveFeatureAddition
            SelectByShuffling MRMR ReliefF SelectByTargetMeanPerformance ProbeFeatureSelection""",
        "target_encoding": """TargetEncoder MEstimateEncoder LeaveOneOutEncoder JamesSteinEncoder CatBoostEncoder
            WOEEncoder WoEEncoder GLMMEncoder MeanEncoder QuantileEncoder SummaryEncoder DecisionTreeEncoder""",
    }.items()
    for name in names.replace("_ ", " ").split()
    if not name.endswith("_")
}

#: Transformers that learn nothing but the list of categories, or nothing at all.
STATELESS = _words(
    """OneHotEncoder OrdinalEncoder LabelEncoder LabelBinarizer MultiLabelBinarizer FunctionTransformer Normalizer
    PolynomialFeatures Binarizer HashingVectorizer DictVectorizer FeatureHasher MissingIndicator BinaryEncoder
    BaseNEncoder HashingEncoder AdditiveChi2Sampler GaussianRandomProjection SparseRandomProjection
    StringLookup IntegerLookup CategoryEncoding OneHotVectorizer ImageDataGenerator ArbitraryNumberImputer
    AddMissingIndicator LogTransformer DropFeatures CyclicalFeatures DatetimeFeatures DropConstantFeatures DropMissingData
    """
)

#: Samplers that add rows made from rows, and those that take rows out.
OVERSAMPLERS = _words(
    """SMOTE SMOTENC SMOTEN ADASYN RandomOverSampler BorderlineSMOTE SVMSMOTE KMeansSMOTE SMOTEENN SMOTETomek
    CTGAN GaussianCopula"""
)
UNDERSAMPLERS = _words(
    """RandomUnderSampler NearMiss TomekLinks ClusterCentroids EditedNearestNeighbours OneSidedSelection
    RepeatedEditedNearestNeighbours AllKNN CondensedNearestNeighbour NeighbourhoodCleaningRule
    InstanceHardnessThreshold"""
)

#: Composites: their steps count.
PIPELINES = _words("Pipeline ColumnTransformer FeatureUnion TransformedTargetRegressor DataFrameMapper make_pipeline "
                   "make_column_transformer make_union make_imb_pipeline TransformPipeline")  # fmt: skip
#: Searches: fit by cross-validation inside the rows that they get.
SEARCHES = _words(
    """GridSearchCV RandomizedSearchCV HalvingGridSearchCV HalvingRandomSearchCV BayesSearchCV OptunaSearchCV
    TuneSearchCV TuneGridSearchCV EvolutionaryGridSearchCV GASearchCV LassoCV RidgeCV ElasticNetCV LogisticRegressionCV
    RidgeClassifierCV"""
)
SPLITTERS = _words(
    """KFold StratifiedKFold GroupKFold StratifiedGroupKFold RepeatedKFold RepeatedStratifiedKFold TimeSeriesSplit
    ShuffleSplit StratifiedShuffleSplit GroupShuffleSplit LeaveOneOut LeavePOut LeaveOneGroupOut LeavePGroupsOut
    PredefinedSplit BlockingTimeSeriesSplit PurgedGroupTimeSeriesSplit MultilabelStratifiedKFold"""
)
#: Splitters that draw a part for testing rather than every row once.
SHUFFLE_SPLITS = _words("ShuffleSplit StratifiedShuffleSplit GroupShuffleSplit")
#: Estimators that answer without labels.
CLUSTERERS = _words(
    """KMeans MiniBatchKMeans DBSCAN HDBSCAN AgglomerativeClustering Birch GaussianMixture SpectralClustering MeanShift
    OPTICS AffinityPropagation BisectingKMeans BayesianGaussianMixture"""
)
OUTLIERS = _words("IsolationForest LocalOutlierFactor OneClassSVM EllipticEnvelope")
#: Gets its data when it is made.
GIVEN = _words("OLS GLS WLS GLM Logit Probit MNLogit Poisson RLM QuantReg NegativeBinomial ols logit glm ARIMA SARIMAX")
#: Boxes of data and labels.
BOXES = _words("DMatrix QuantileDMatrix Dataset Pool TensorDataset")
#: Rounds are stopped by the evaluation set unless told not to.
KEEPS_BEST = _words("CatBoostClassifier CatBoostRegressor CatBoost CatBoostRanker")
STOPPERS = re.compile(r"early_?stop", re.IGNORECASE)
#: Callbacks that keep or stop by what they watch.
STOPPING_CALLBACKS = _words("EarlyStopping early_stopping LightGBMPruningCallback XGBoostPruningCallback EarlyStop")

PREDICTS = _words(
    """predict predict_proba predict_log_proba decision_function predict_classes predict_on_batch score_samples
    predict_generator"""
)
SCORES = _words("score evaluate test_step")
CROSS = _words(
    "cross_val_score cross_validate cross_val_predict learning_curve validation_curve permutation_test_score cv_score"
)
METRIC = re.compile(
    r"(\w*_(score|error|loss|report|matrix|deviance|auc|coef|coefficient|metric)|\w*_report_\w+|from_predictions"
    r"|(balanced_)?accuracy|auc|mse|rmse|mae|mape|smape|r2|rmsle|gini|gini_normalized|f1|precision|recall|fbeta"
    r"|log_?loss|brier_score_loss|cohen_kappa_score|matthews_corrcoef|mcc|kappa|rms"
    r"|precision_recall_curve|roc_curve|det_curve|calibration_curve|precision_recall_fscore_support|spearmanr|pearsonr"
    r"|kendalltau|ConfusionMatrixDisplay|RocCurveDisplay|plot_confusion_matrix|mean_(absolute|squared)_\w+|accuracy_score)\Z",
    re.IGNORECASE,
)
NO_METRIC = _words("make_scorer get_scorer silhouette_score cross_val_score best_score set_score") | CROSS
#: Take (model, X, y).
ON_MODEL = _words(
    """from_estimator plot_confusion_matrix plot_roc_curve plot_precision_recall_curve permutation_importance
    check_scoring partial_dependence plot_partial_dependence plot_det_curve"""
)
#: Curves over thresholds: choosing on them chooses a threshold.
CURVES = _words("precision_recall_curve roc_curve det_curve")
#: Scored again and again by a library: (function, position of the function that scores).
OPTIMISERS: dict[str, int] = {
    "optimize": 0, "fmin": 0, "gp_minimize": 0, "forest_minimize": 0, "dummy_minimize": 0, "minimize": 0,
    "BayesianOptimization": 0, "differential_evolution": 0, "minimize_scalar": 0, "brute": 0, "basinhopping": 0,
}  # fmt: skip

#: Statistics of a frame or column.
STATS = _words(
    """mean median std var min max sum quantile mode corr cov describe value_counts skew kurt kurtosis sem mad prod ptp
    idxmax idxmin argmax argmin corrwith percentile nanmean nanmedian nanstd nanvar nanmin nanmax nansum average
    histogram nanpercentile nanquantile amax amin cov corrcoef product first last trimmed_mean gmean iqr winsorize
    agg aggregate n_unique_ autocorr norm pearsonr spearmanr"""
)
#: Counts that tell nothing of single rows: sizes, sets of categories.
COUNTS = _words("nunique unique count any all size n_unique ndim info memory_usage isin_ is_unique hasnans null_count")
#: Methods whose result has the same rows, computed row by row.
SAME = _words(
    """copy astype to_numpy reset_index rename round abs replace map apply applymap to_frame toarray todense ravel
    flatten reshape squeeze clip_ add_prefix add_suffix sort_index transpose infer_objects convert_dtypes to_pandas
    to_polars lazy collect cast alias where_ eval str dt cat sparse lower upper strip len split contains startswith
    endswith extract findall get year month day hour weekday dayofweek cat codes isna_ notna_ sub add mul div truediv
    mod pow floordiv radd rsub rmul rdiv dot_ set_axis rename_axis to_list tolist as_matrix clone with_row_count
    with_row_index strftime normalize_ to_series set_flags swapaxes tocsr tocsc to_dense asformat squeeze view log exp
    sqrt log1p pipe_ cache persist compute to_dict_ items_ values to_period to_timestamp tz_localize tz_convert
    total_seconds replace_strict cut to_dummies_ explode_ melt_ stack_ unstack_ droplevel iloc loc cpu numpy detach
    float long int double to cuda unsqueeze contiguous from_pandas expand_dims isocalendar combine_first reindex
    set_index sort_index T to_arrow cat rename_columns slice zfill title capitalize rstrip lstrip encode decode join
    str_ date time quarter is_month_start is_month_end dayofyear week weekofyear nullify select_dtypes_ days seconds"""
)
#: Functions of NumPy, pandas and others that work row by row (or only change the form).
ELEMENTWISE = _words(
    """array asarray asanyarray ascontiguousarray log log1p log2 log10 exp expm1 sqrt square cbrt abs absolute sign
    where_ ravel reshape squeeze expand_dims nan_to_num to_datetime to_numeric to_timedelta DataFrame Series csr_matrix
    csc_matrix coo_matrix sin cos tan tanh arcsinh sinh floor ceil round rint isnan_ isfinite get_dummies factorize
    copy deepcopy tensor FloatTensor LongTensor Tensor from_numpy as_tensor to_categorical pad_sequences constant
    convert_to_tensor from_pandas cut_ column_stack_ atleast_2d flipud_ float32 float64 int32 int64 normalize
    maximum minimum power add subtract multiply divide logical_not label_binarize binarize add_constant asfortranarray
    column_or_1d check_array one_hot transpose vectorize from_dataframe Index Categorical json_normalize squeeze
    safe_sqr scipy_sparse list tuple set map filter iter reversed sparse_to_dense stack_ reduce_mem_usage isnull_"""
)
#: Functions that standardise or transform a whole array by its own statistics.
WHOLE_ARRAY: dict[str, str] = {
    "scale": "preprocessing", "minmax_scale": "preprocessing", "robust_scale": "preprocessing",
    "maxabs_scale": "preprocessing", "quantile_transform": "preprocessing", "power_transform": "preprocessing",
    "zscore": "preprocessing", "boxcox": "preprocessing", "yeojohnson": "preprocessing", "qcut": "preprocessing",
    "rankdata": "preprocessing", "robust_zscore": "preprocessing", "winsorize": "preprocessing",
    "rank": "preprocessing", "whiten": "preprocessing", "fast_ica": "preprocessing", "svds": "preprocessing",
}  # fmt: skip
#: Statistics with the label: scores of columns.
LABEL_STATS = _words(
    """mutual_info_classif mutual_info_regression f_classif f_regression chi2 r_regression pointbiserialr mrmr_classif
    mrmr_regression f_oneway ttest_ind mannwhitneyu kruskal chi2_contingency permutation_importance pearsonr spearmanr"""
)
#: Where rows come from.
READERS = re.compile(
    r"(read_\w+|scan_\w+|load_\w+|fetch_\w+|make_(classification|regression|blobs|moons|circles|friedman\d|hastie_10_2"
    r"|gaussian_quantiles|multilabel_classification|low_rank_matrix|s_curve|swiss_roll|sparse_uncorrelated"
    r"|biclusters|checkerboard|spd_matrix)|from_csv|loadtxt|genfromtxt|loadmat|open_dataset|load_data|load)\Z"
)
#: Random arrays: NumPy's generators.
RANDOM = _words(
    """rand randn random normal uniform integers randint standard_normal binomial poisson exponential gamma beta
    lognormal random_sample choice standard_t laplace logistic multivariate_normal geometric random_integers
    negative_binomial weibull triangular chisquare zipf pareto dirichlet"""
)
NO_ROWS = _words("print display format len isinstance type id repr hash info plot hist scatter figure show")

TIMELIKE = re.compile(
    r"(date|time|timestamp|year|month|day|week|hour|period|quarter|dt|ts|datetime|season)s?\Z|(^|_)(date|time|timestamp"
    r"|year|yr|month|dt|ts|day|week|datetime|quarter|period|season)(_|$)|(date|time|timestamp)$|^date",
    re.IGNORECASE,
)
#: Columns that say to which part a row belongs.
PARTLIKE = re.compile(
    r"(^|_)(split|set|fold|part|partition|is_?train|is_?test|train|test|source|subset|usage)(_|$)", re.IGNORECASE
)

_ALL = (
    frozenset(LEARNT) | STATELESS | OVERSAMPLERS | UNDERSAMPLERS | PIPELINES | SEARCHES | SPLITTERS | CROSS
    | frozenset(WHOLE_ARRAY) | LABEL_STATS | ON_MODEL
    | _words("train_test_split clone resample shuffle len range int float round sum max min sorted list tuple set dict zip "
             "enumerate map filter print isinstance abs type getattr setattr hasattr str bool any all reversed next iter "
             "deepcopy copy tqdm display slice vars id")
)  # fmt: skip
_MODELS = re.compile(r"\w+(Classifier|Regressor|Regression|SVC|SVR|NB|Ridge|Lasso|Perceptron|Machine)\Z")


def known(name: str) -> bool:
    """True for a name that means the same in every notebook, imported here or not."""
    return bool(re.match(r"(load|fetch|make)_[a-z]", name)) or (
        name in _ALL
        or bool(METRIC.fullmatch(name) and "_" in name and name not in NO_METRIC)
        or bool(_MODELS.match(name))
    )


def is_metric(name: str) -> bool:
    """True for a function that compares labels and predictions."""
    return bool(METRIC.fullmatch(name)) and name not in NO_METRIC
