"""Outgoing HTTP: the one factory of clients, the address guard, and what a failed call was."""

from renum_app.http.clients import own_client, sdk_client
from renum_app.http.guard import AddressRefused, BadUrl, check_url
from renum_app.http.trouble import TRANSPORT_ERRORS, RedirectRefused, Trouble, trouble_of

__all__ = [
    "TRANSPORT_ERRORS",
    "AddressRefused",
    "BadUrl",
    "RedirectRefused",
    "Trouble",
    "check_url",
    "own_client",
    "sdk_client",
    "trouble_of",
]
