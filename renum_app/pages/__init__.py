"""What is on each page: one module per route. Importing a module registers its page."""

from renum_app.pages import login, not_found, register

__all__ = ["login", "not_found", "register"]
