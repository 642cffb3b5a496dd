"""The wire language: what clients send and receive."""
