"""The panel: one anywidget, one synced payload, one dispatcher."""
