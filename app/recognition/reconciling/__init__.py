"""Tables of a vision-language model compared with what the local engine read on the same page."""
