"""How long a client of Suna waits for what; one value of this, so that a test can be quick."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Timing:
    write_seconds: float = 120.0
    """For the answer to something that is done; making a thread also makes its sandbox, which takes tens of seconds."""
    read_seconds: float = 30.0
    """For the answer to a question."""
    detection_lasts_seconds: float = 600.0
    poll_seconds: float = 5.0
    ping_idle_seconds: float = 30.0
    """Silence after which a stream that has sent pings counts as broken."""
    first_pause_seconds: float = 0.5
    longest_pause_seconds: float = 15.0
    """Pauses between tries double from the first to the longest."""
    shortest_limit_seconds: float = 5.0
    longest_limit_seconds: float = 60.0
    """Pauses where the account's limit of runs is reached."""
    away_seconds: float = 90.0
    """How long a start waits for a server that does not answer."""
    start_window_seconds: float = 15.0
    late_window_seconds: float = 60.0
    """How long a run that may have been started is looked for; the second where the server writes rows late."""
    stop_patience_seconds: float = 3.0
    """How long a stop waits for the id that a start under way will tell."""
    stop_window_seconds: float = 3.0
    """How long a stop looks for a run whose row may come late."""
    unseen_seconds: float = 60.0
    """How long a run that was started may be unknown to the server."""
    settle_seconds: float = 2.0
    """Between the end of a run and the second look at its status, which may change."""
    worker_timeout_seconds: float = 60.0
    """The same where the server took its worker for dead."""
    usage_seconds: float = 10.0
    """How long after the end the usage may come."""
    reopen_age_seconds: float = 540.0
    reopen_quiet_seconds: float = 5.0
    """A stream is opened again only for a run younger and less quiet than this; see `following`."""
    breaker_opens_after: int = 5
    breaker_seconds: float = 30.0
