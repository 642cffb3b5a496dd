"""Grids of tables whose rulings do not draw them: by white gaps, by a structure network, scored by their words."""
