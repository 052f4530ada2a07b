"""Checks of the section Documentation and Runbooks."""
