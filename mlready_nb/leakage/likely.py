"""Calls that can have leaked, by kind: what a guilty statement is looked for by."""

from __future__ import annotations

from mlready_nb.leakage.evidence import Kind

#: Calls that can have done it, by kind: names of methods and functions of pandas, polars, NumPy, scikit-learn, imblearn.
FITS = frozenset({"fit", "fit_transform", "partial_fit"})
MOMENTS = frozenset(
    [
        "mean",
        "std",
        "var",
        "min",
        "max",
        "median",
        "quantile",
        "sum",
        "ptp",
        "abs",
        "scale",
        "minmax_scale",
        "robust_scale",
        "maxabs_scale",
        "zscore",
        "normalize",
        "rank",
        "power_transform",
        "quantile_transform",
        "qcut",
        "nanmean",
        "nanstd",
        "nanmin",
        "nanmax",
        "average",
        "percentile",
        "count",
        "value_counts",
        "norm",
        "svd",
        "describe",
        "agg",
        "aggregate",
        "transform",
        "apply",
        "rankdata",
    ]
)
FILLS = frozenset(
    [
        "fillna",
        "fill_null",
        "fill_nan",
        "nanmean",
        "nanmedian",
        "mean",
        "median",
        "mode",
        "interpolate",
        "ffill",
        "bfill",
        "where",
        "nan_to_num",
        "transform",
        "agg",
    ]
)
GROUPS = frozenset(
    [
        "groupby",
        "group_by",
        "over",
        "mean",
        "transform",
        "agg",
        "aggregate",
        "merge",
        "map",
        "join",
        "pivot_table",
        "bincount",
        "sum",
    ]
)
SAMPLES = frozenset(
    [
        "fit_resample",
        "fit_sample",
        "resample",
        "concat",
        "append",
        "sample",
        "repeat",
        "vstack",
        "concatenate",
        "extend",
        "choice",
    ]
)
CHOICES = frozenset(
    [
        "corr",
        "corrwith",
        "corrcoef",
        "get_support",
        "nlargest",
        "sort_values",
        "argsort",
        "argpartition",
        "f_classif",
        "f_regression",
        "chi2",
        "mutual_info_classif",
        "mutual_info_regression",
        "pearsonr",
        "spearmanr",
        "var",
        "std",
        "ttest_ind",
        "pointbiserialr",
    ]
)
LIKELY: dict[Kind, frozenset[str]] = {
    Kind.PREPROCESSING: FITS | MOMENTS,
    Kind.IMPUTATION: FITS | FILLS,
    Kind.FEATURE_SELECTION: FITS | CHOICES,
    Kind.TARGET_ENCODING: FITS | GROUPS,
    Kind.OVERSAMPLING: SAMPLES,
}
#: Those that hardly do anything else.
TELLING: dict[Kind, frozenset[str]] = {
    Kind.IMPUTATION: frozenset({"fillna", "fill_null", "fill_nan"}),
    Kind.TARGET_ENCODING: frozenset({"groupby", "group_by", "over", "crosstab", "pivot_table"}),
    Kind.OVERSAMPLING: frozenset({"fit_resample", "resample"}),
    Kind.FEATURE_SELECTION: frozenset({"corr", "corrwith", "corrcoef"}),
}
