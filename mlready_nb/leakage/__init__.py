"""Four witnesses of leakage (rows, refit, values, cells), and how what they say becomes one finding per place."""
