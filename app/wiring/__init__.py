"""Builds everything, once: the only list of constructors. Settings are read here and in the entry points."""
