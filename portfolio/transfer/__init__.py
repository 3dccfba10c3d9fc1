"""A whole portfolio as a file, and back again: docs/portfolio-json.md is the file's description.

Every table is walked in the same way, by its fields. Keys of rows never leave the installation: a
row of the portfolio is known by its number in the file, and what is national or of institutions by
what it is called everywhere.
"""

SCHEMA = "palmappen.portfolio/1"
CONTENTS = "mappe.json"
FILES = "filer"
