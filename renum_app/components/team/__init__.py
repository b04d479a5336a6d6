"""What pages show of teams."""
