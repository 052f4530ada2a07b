"""Checks of the section Pre-Deployment Testing."""
