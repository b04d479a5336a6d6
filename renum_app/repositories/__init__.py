"""All SQL; every read of owned rows takes the owner."""
