"""Measurements of the engine as ratios to a bare loop, so that they mean the same on every machine."""
