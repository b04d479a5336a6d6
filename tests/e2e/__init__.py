"""A person's journeys: a real server process, and mostly a real browser."""
