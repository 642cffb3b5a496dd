"""How often a page is asked for, and how boldly.

Source: the inference code of https://github.com/allenai/olmocr: a failed try is repeated at a higher
temperature, since at a low one the model would fall into the same loop again.
"""

from __future__ import annotations

MAX_TOKENS = 8000
"""Longest answer, in tokens."""

TEMPERATURES = (0.1, 0.1, 0.2, 0.3, 0.5, 0.8, 0.9, 1.0)
"""Of the first try, the second …; after the last one the page has failed."""

FINISHED = "stop"
"""The only `finish_reason` of a whole answer; "length" means that it was cut off."""
