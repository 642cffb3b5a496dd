"""OlmOCR Backend: table images in, workbooks that can be trusted out."""
