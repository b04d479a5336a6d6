"""Measurements of the engine as ratios, so that they mean the same on every machine."""
