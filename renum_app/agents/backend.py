"""The AgentBackend protocol: what the engine asks of anything that can run an agent.

Failures of a run, all with an error code of the contract and a retry verdict:

    AgentError
    ├── AgentFailed          agent_failed         the agent or its provider answered with a failure
    │   └── RateLimited      agent_failed         429; retryable, with the provider's Retry-After
    ├── BackendUnreachable   backend_unreachable  nobody answered
    ├── CredentialMissing    credential_missing   no key is stored for the model's service
    ├── CredentialRejected   credential_rejected  the provider refused the key
    ├── InputNeeded          agent_failed         the agent asks the person something, and goes on with the answer
    ├── BadStream            bad_stream           the answer was cut, empty or unreadable
    └── RunTimeout           timeout              the attempt's time was used up

A sentence for people is the catalogue key `agent_errors.<message>` with `params`.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar, Protocol
from uuid import UUID

from renum_app.models.agent import AgentSnapshot, Backend


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens as the backend counted them; None is unknown."""

    input_tokens: int | None = None
    output_tokens: int | None = None
    cached_tokens: int | None = None

    @property
    def total(self) -> int | None:
        if self.input_tokens is None and self.output_tokens is None:
            return None
        return (self.input_tokens or 0) + (self.output_tokens or 0)


@dataclass(frozen=True, slots=True)
class RunRequest:
    """One attempt of one step."""

    user_id: UUID
    execution_id: UUID
    step_id: str
    attempt: int
    """From 1."""
    agent: AgentSnapshot
    instructions: str
    """The agent's own first and verbatim, then what Renum adds."""
    input: str
    """The whole input, sent as one user message."""
    max_tokens: int | None = None
    """Bound on the output of this call."""
    temperature: float | None = None
    reply_to: Mapping[str, str] | None = None
    """Identifiers of the run that asked the person something; `input` is the answer, and goes to the same place."""


@dataclass(frozen=True, slots=True)
class RunStarted:
    """The backend's own identifiers of the run; stored before anything else is read.

    May come more than once, with more identifiers each time.
    """

    identifiers: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TextDelta:
    """The next piece of the answer."""

    text: str


@dataclass(frozen=True, slots=True)
class TextReplaced:
    """The answer so far, when a re-attached run tells it anew."""

    text: str


@dataclass(frozen=True, slots=True)
class RunEnded:
    """The run's good end, always the last update. A stream that just stops is a BadStream."""

    text: str
    """The whole answer; equal to the deltas joined where there were any."""
    usage: Usage = field(default_factory=Usage)
    provider: str = ""
    """Whose price list applies, as genai-prices names it; empty: unknown."""
    model: str = ""
    """The model that answered, as the provider names it."""
    finish_reason: str = ""
    is_free: bool = False
    """Nothing was spent (rehearsal)."""
    billed_usd: float | None = None
    """What the backend's own ledger says; shown beside our price, never in its place."""


RunUpdate = RunStarted | TextDelta | TextReplaced | RunEnded


@dataclass(frozen=True, slots=True)
class Capabilities:
    """What a backend can do beyond running."""

    manages_agents: bool = False
    """Agents live there; otherwise Renum's own database has them."""
    resumes_runs: bool = False
    """A run outlives this process and can be attached to again."""
    bounds_output: bool = True
    """`max_tokens` is honoured."""


class AgentBackend(Protocol):
    """Anything that can run an agent."""

    name: Backend
    capabilities: Capabilities

    def run(self, request: RunRequest) -> AsyncIterator[RunUpdate]:
        """Run one attempt; closing or cancelling the iterator ends the call upstream.

        Raises:
            AgentError: The attempt failed.
        """
        ...

    def attach(self, request: RunRequest, identifiers: Mapping[str, str]) -> AsyncIterator[RunUpdate]:
        """Go on with a run that this or another process started.

        Raises:
            UnknownRun: The backend does not know it; it may be started again.
            AgentError: The run failed.
        """
        ...

    async def stop(self, request: RunRequest, identifiers: Mapping[str, str]) -> bool:
        """Stop a run upstream; True when the backend confirmed it. Idempotent."""
        ...

    async def aclose(self) -> None:
        """Close connections."""
        ...


@dataclass(frozen=True, slots=True)
class RemoteAgent:
    """An agent as the backend it lives at describes it."""

    remote_id: str
    name: str
    description: str = ""
    instructions: str | None = None
    """None where a list leaves them out."""
    model: str = ""


class AgentCatalogue(Protocol):
    """The agents that live at a backend; every call may raise AgentError."""

    async def agents(self, user_id: UUID) -> list[RemoteAgent]:
        """All of the person's account."""
        ...

    async def agent(self, user_id: UUID, remote_id: str) -> RemoteAgent | None:
        """One of them, whole; None when it is not there."""
        ...

    async def create(self, user_id: UUID, agent: RemoteAgent) -> RemoteAgent:
        """Add one; its `remote_id` is the backend's to give."""
        ...

    async def update(self, user_id: UUID, agent: RemoteAgent) -> RemoteAgent | None:
        """Change one; None when it is not there."""
        ...

    async def delete(self, user_id: UUID, remote_id: str) -> None:
        """Remove one; it is no error when it is not there."""
        ...

    async def inspect(self, user_id: UUID | None) -> BackendState:
        """How the backend does, for that person or for nobody in particular; raises nothing."""
        ...

    async def aclose(self) -> None:
        """Close connections."""
        ...


@dataclass(frozen=True, slots=True)
class BackendState:
    """How a backend does, as people who run it want to know."""

    is_reachable: bool = False
    version: str = ""
    latency_ms: int | None = None
    run_limit: int | None = None
    """Runs the account may have at once; None is unknown."""
    problem: AgentError | None = None


@dataclass(frozen=True)
class OpenCredential:
    """A credential with its key in the clear; lives only inside a backend's call."""

    service_name: str
    provider: str
    api_key: str = field(repr=False)
    base_url: str | None = None
    is_fleeting: bool = False
    """It ends soon, so it is asked for anew before each request."""


CredentialSource = Callable[[UUID, str], Awaitable[OpenCredential | None]]
"""The user's credential of that service name, or None."""


class UnknownRun(Exception):
    """The backend knows no run of these identifiers."""


class AgentError(Exception):
    """Why an attempt failed."""

    code: ClassVar[str] = "agent_failed"
    retryable: ClassVar[bool] = False
    retry_after: float | None = None

    def __init__(self, message: str, **params: Any) -> None:
        self.message = message
        """Stable word of the sentence: catalogue key `agent_errors.<message>`."""
        self.params = params
        super().__init__(message)

    @property
    def will_help_to_retry(self) -> bool:
        return self.retryable


class AgentFailed(AgentError):
    """The agent or its provider answered with a failure; 5xx are retryable, other 4xx are not."""

    def __init__(self, message: str, *, retryable: bool = False, **params: Any) -> None:
        super().__init__(message, **params)
        self._retryable = retryable

    @property
    def will_help_to_retry(self) -> bool:
        return self._retryable


class RateLimited(AgentFailed):
    def __init__(self, message: str = "rate_limited", *, retry_after: float | None, **params: Any) -> None:
        super().__init__(message, retryable=True, **params)
        self.retry_after = retry_after


class BackendUnreachable(AgentError):
    code, retryable = "backend_unreachable", True


class CredentialMissing(AgentError):
    code = "credential_missing"


class CredentialRejected(AgentError):
    code = "credential_rejected"


class InputNeeded(AgentError):
    """The run has ended in a question; a new attempt with `reply_to` goes on from there."""

    def __init__(self, question: str) -> None:
        super().__init__("input_needed", question=question)
        self.question = question


class BadStream(AgentError):
    code, retryable = "bad_stream", True


class RunTimeout(AgentError):
    code, retryable = "timeout", True
