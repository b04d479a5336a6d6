"""What is on each page, one route per file."""
