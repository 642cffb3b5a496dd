"""Grids of tables whose rulings do not draw them: by white gaps and by a network, scored by words."""
