"""Reading a page that has a text layer: exact words where it is true, OCR where it is missing or lies."""
