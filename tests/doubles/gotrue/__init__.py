"""What the GoTrue double is made of; tests import `tests.doubles.gotrue_server`."""
