"""What users see: pages, annotated videos, figures, tables and their words."""
