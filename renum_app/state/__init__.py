"""Front door 2: what one browser tab knows."""
