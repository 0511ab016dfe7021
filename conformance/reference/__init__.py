"""A second implementation of docs/spec.md, written from that page alone: short, slow, and without any package."""
