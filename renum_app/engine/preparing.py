"""Preparing a call: what the agent is sent, what it may use, and the start on record before it is made."""

from __future__ import annotations

import secrets
from dataclasses import replace

from renum_app.agents.backend import RunRequest
from renum_app.engine import facts, gates, month
from renum_app.engine.attempt import Attempt
from renum_app.engine.budgets import Allowance, Refusal, allowance, attempts_refusal, is_bounded
from renum_app.engine.inputs import Feed, Letter, feed, letter
from renum_app.engine.means import Means
from renum_app.engine.plan import PlannedStep
from renum_app.engine.recorder import Journal
from renum_app.models.agent import AgentSnapshot


async def started(journal: Journal, means: Means, step: PlannedStep) -> Attempt | facts.Data | None:
    """The next attempt of a step, recorded and with its worst case reserved; or why it does not fit the budget.

    None where the step has failed on the spot.

    Raises:
        OwnershipLost: Another owner has the execution.
    """
    own = journal.progress.of(step)
    fed, sent = _letter(journal, step)
    if too_large := _too_large(step, sent, cap=means.settings.max_context_bytes):
        journal.record(facts.step_failed(step, own.attempt, too_large))
        return None
    allowed = await _allowed(journal, means, step, sent)
    if refusal := allowed.refusal:
        return facts.error_data(refusal.code, f"agent_errors.{refusal.word}", agent=step.name, **refusal.params)
    reads = [section.origin for section in fed.sections]
    why = [
        *gates.conditions_held(journal.plan, journal.brief, journal.progress, step),
        *gates.reserved(journal.plan, journal.progress, step, allowed),
    ]
    start = facts.attempt_started(step, own.attempt + 1, is_fallback=own.is_fallback, reads=reads, allowed=allowed)
    journal.record([*why, *start])
    return _attempt(journal, means, step, sent, max_tokens=allowed.max_tokens)


def taken_up(journal: Journal, means: Means, step: PlannedStep) -> Attempt:
    """The attempt that another owner has started, to attach to it or to stop it."""
    _, sent = _letter(journal, step)
    return _attempt(journal, means, step, sent, max_tokens=step.max_tokens, attach=True)


def shown(journal: Journal, means: Means, step: PlannedStep, *, mark: str) -> str | facts.Data:
    """The input as the step's agent would be sent it now, or why it cannot be."""
    _, sent = _letter(journal, step, mark=mark)
    return _too_large(step, sent, cap=means.settings.max_context_bytes) or sent.input


def agent_of(journal: Journal, step: PlannedStep) -> AgentSnapshot:
    """Who has the step's turn now."""
    return step.fallback if journal.progress.of(step).is_fallback and step.fallback else step.agent


async def _allowed(journal: Journal, means: Means, step: PlannedStep, sent: Letter) -> Allowance:
    """What the call may use, by every cap there is; where a month has one, its worst case is reserved by now."""
    if refusal := attempts_refusal(journal.progress, limit=means.settings.max_steps_per_execution):
        return Allowance(refusal=refusal)
    is_capped = month.applies(journal)
    if (is_capped or is_bounded(journal.plan)) and _must_take_turns(journal, means, step):
        return Allowance(refusal=Refusal("budget_exceeded", "budget_unbounded", {}))
    agent = agent_of(journal, step)
    allowed = allowance(journal.plan, journal.progress, step, agent, sent, has_month_cap=is_capped)
    if not is_capped or not allowed.cost_usd:
        return allowed
    reserved = await month.reserve(journal, means, step, allowed.cost_usd)
    return Allowance(refusal=reserved) if isinstance(reserved, Refusal) else replace(allowed, months=reserved)


def _must_take_turns(journal: Journal, means: Means, step: PlannedStep) -> bool:
    """Agents whose answer nobody can bound call one at a time under a cap: one may pass it, not each of them.

    One that is tried again keeps its turn until then.
    """
    begun = (other for other in journal.progress.under_way(journal.plan.steps) if journal.progress.of(other).attempt)
    unbounded = [one for one in begun if one is not step and _is_unbounded(journal, means, one)]
    return bool(unbounded) and _is_unbounded(journal, means, step)


def _is_unbounded(journal: Journal, means: Means, step: PlannedStep) -> bool:
    backend = means.backends.get(agent_of(journal, step).backend)
    return backend is not None and not backend.capabilities.bounds_output


def _too_large(step: PlannedStep, sent: Letter, *, cap: int) -> facts.Data | None:
    given = len(sent.instructions.encode()) + len(sent.input.encode())
    if given <= cap:
        return None
    return facts.error_data("input_too_large", "agent_errors.input_too_large", agent=step.name, given=given, cap=cap)


def _letter(journal: Journal, step: PlannedStep, *, mark: str | None = None) -> tuple[Feed, Letter]:
    """What the step reads; an input that a person has approved is sent to the letter, also in later attempts."""
    own = journal.progress.of(step)
    fed = feed(journal.plan, journal.brief, journal.progress, step)
    instructions = agent_of(journal, step).instructions
    mark = mark or own.mark or secrets.token_hex(8)
    return fed, letter(journal.plan, fed, step, instructions=instructions, mark=mark, given=own.given_input)


def _attempt(
    journal: Journal, means: Means, step: PlannedStep, sent: Letter, *, max_tokens: int | None, attach: bool = False
) -> Attempt:
    own, agent, brief = journal.progress.of(step), agent_of(journal, step), journal.brief
    request = RunRequest(
        user_id=brief.user_id,
        execution_id=brief.execution_id,
        step_id=step.step_id,
        attempt=own.attempt,
        agent=agent,
        instructions=sent.instructions,
        input=sent.input if own.reply is None else own.reply,
        reply_to=None if own.reply is None else own.reply_to,
        max_tokens=max_tokens,
        temperature=step.temperature,
    )
    return Attempt(
        step=step,
        request=request,
        backend=means.backends.get(agent.backend),
        timeout_seconds=step.timeout_seconds,
        max_bytes=means.settings.max_output_bytes,
        stalled_after_seconds=means.settings.stalled_after_seconds,
        identifiers=dict(own.identifiers) if attach else None,
        streamed_chars=own.streamed_chars if attach else 0,
    )
