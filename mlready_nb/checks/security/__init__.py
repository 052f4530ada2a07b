"""Checks of the sections Data Security, Model Security and Compliance."""
