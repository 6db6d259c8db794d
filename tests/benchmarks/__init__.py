"""Measurements beside rivals; ``python -m tests.benchmarks`` runs them."""
