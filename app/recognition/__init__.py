"""Image to tables. The contract of every engine is in engine.py."""
