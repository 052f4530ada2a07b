"""Arrays in, numbers out; no thresholds, no findings."""
