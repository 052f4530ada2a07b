"""Checks of the section API Development."""
