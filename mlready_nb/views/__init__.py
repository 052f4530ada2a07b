"""Checklist -> text, documents, figures, the panel's payload."""
