"""Checks PAL-mappen's evidence without PAL-mappen: no Django, no database, no network."""
