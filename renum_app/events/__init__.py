"""Who is listening: events reach followers the moment they are stored."""
