"""Makes a page upright, level, flat and dark on light, and remembers how to go back."""
