"""Checks of the section Monitoring Setup."""
