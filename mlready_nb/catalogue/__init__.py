"""The user's checklist as data: items, sub-bullets, red flags, templates. Only the standard library."""

from mlready_nb.catalogue.load import BadCatalogue, load_catalogue
from mlready_nb.catalogue.model import (
    Area,
    By,
    Catalogue,
    CodeNotFound,
    Field,
    Item,
    Point,
    Severity,
    Template,
    TemplateSection,
)
from mlready_nb.catalogue.own import extended

__all__ = [
    "Area",
    "BadCatalogue",
    "By",
    "Catalogue",
    "CodeNotFound",
    "Field",
    "Item",
    "Point",
    "Severity",
    "Template",
    "TemplateSection",
    "extended",
    "load_catalogue",
]
