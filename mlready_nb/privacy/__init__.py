"""Texts in, what must not be published out: credentials and personal data. What is found is never kept whole."""

from mlready_nb.privacy.personal import Personal, find_personal
from mlready_nb.privacy.places import Line, lines_of
from mlready_nb.privacy.secrets import Secret, find_secrets
from mlready_nb.privacy.tables import Rows, personal_columns, tables_in

__all__ = [
    "Line",
    "Personal",
    "Rows",
    "Secret",
    "find_personal",
    "find_secrets",
    "lines_of",
    "personal_columns",
    "tables_in",
]
