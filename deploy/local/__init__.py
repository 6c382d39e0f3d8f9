"""Runs the whole of Balie on one machine: `make up`, `make test` and their like."""
