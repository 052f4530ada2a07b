"""Checks of the section Latency."""
