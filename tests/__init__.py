"""Tests mirror the tree of the library."""
