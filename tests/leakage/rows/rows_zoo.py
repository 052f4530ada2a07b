"""Simulated notebooks' ends: planted faults and their clean twins, in several styles for each kind.

A scenario is a function `(rng, faulty) -> Split`; twins share everything but the fault.
"""

from rows_biases import (
    bias_balanced,
    bias_borderline,
    bias_class_lost,
    bias_filtered,
    bias_gaps,
    bias_label_cut,
    bias_level,
    bias_one_class,
    bias_price_cut,
    bias_sorted,
    bias_weighted,
)
from rows_copies import (
    dup_concat,
    dup_houses_polars,
    dup_index_kept,
    dup_new_id,
    dup_noise,
    dup_numpy,
    dup_one_cell,
    dup_rounded,
    dup_text,
    dup_whole,
    over_numpy_all,
    over_reset,
    over_samples,
    over_slices,
)
from rows_groups import (
    group_array,
    group_constant_label,
    group_engines,
    group_idle,
    group_in_features,
    group_in_index,
    group_in_raw,
    group_ratings,
    group_scaled_first,
    group_split_along,
    group_weak,
)
from rows_proxies import (
    proxy_consequence,
    proxy_flag,
    proxy_honest,
    proxy_log,
    proxy_missing,
    proxy_multiclass,
    proxy_noisy_score,
    proxy_parts,
    proxy_product,
    proxy_rename,
    proxy_scaled,
)
from rows_times import (
    time_ahead,
    time_arrays,
    time_column,
    time_counts,
    time_epoch_class,
    time_fraud,
    time_idle,
    time_in_raw,
    time_index,
    time_lags,
    time_monthly_text,
    time_parts,
    time_reversed,
    time_sales,
    time_stock,
)

#: kind -> scenarios
ZOO = {
    "duplicates": (dup_concat, dup_numpy, dup_whole, dup_index_kept, dup_houses_polars, dup_noise, dup_one_cell, dup_new_id,
                   dup_rounded, dup_text),
    "overlap": (over_slices, over_samples, over_numpy_all, over_reset),
    "group": (group_in_features, group_in_raw, group_array, group_split_along, group_constant_label,
              group_scaled_first, group_weak, group_ratings, group_engines, group_in_index, group_idle),
    "temporal": (time_column, time_in_raw, time_index, time_epoch_class, time_sales, time_parts, time_arrays, time_idle,
                 time_reversed, time_monthly_text, time_fraud, time_stock, time_lags, time_counts, time_ahead),
    "target_proxy": (proxy_flag, proxy_rename, proxy_missing, proxy_scaled, proxy_product, proxy_noisy_score,
                     proxy_consequence, proxy_multiclass, proxy_parts, proxy_log, proxy_honest),
    "sampling_bias": (bias_balanced, bias_filtered, bias_gaps, bias_sorted, bias_class_lost, bias_borderline, bias_label_cut, bias_level,
                      bias_weighted, bias_price_cut, bias_one_class),
}  # fmt: skip
