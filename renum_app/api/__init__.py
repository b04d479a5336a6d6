"""Front door 1: REST, WebSocket and health, mounted beside the pages."""
