"""The language of the olmOCR models: what they are asked and what their answers mean. No network."""
