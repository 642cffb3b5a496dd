"""How far each cell can be trusted: what speaks for and against it, and a fitted model that weighs it."""
