"""How an execution ends: by its outcome, by a stop, or because a limit is reached."""

from __future__ import annotations

from collections.abc import Sequence

from renum_app.engine import facts, results
from renum_app.engine.plan import PlannedStep
from renum_app.engine.progress import Progress
from renum_app.engine.recorder import Journal
from renum_app.engine.settling import is_metered
from renum_app.engine.strategies.decision import Outcome
from renum_app.models.step import StepStatus


def end(journal: Journal, outcome: Outcome) -> None:
    """Record the end that the strategy came to."""
    if not outcome.succeeded:
        fail(journal, _error_of(journal.progress, outcome), reason="earlier_failed")
        return
    if not journal.progress.completed(journal.plan.steps):
        journal.record([facts.logged("everything_skipped", level="warning")])
    show_progress(journal)
    journal.record(facts.execution_completed(results.final_result(journal.plan, journal.brief, journal.progress)))


def fail(journal: Journal, error: facts.Data, *, reason: str) -> None:
    """Record a bad end; what has not started never will."""
    for step in journal.progress.not_begun(journal.plan.steps):
        cancel(journal, step, reason=reason)
    show_progress(journal)
    journal.record(facts.execution_failed(error))


def fail_out_of_time(journal: Journal) -> None:
    """Record the end of an execution whose time is used up; its calls are cut already."""
    for step in journal.progress.under_way(journal.plan.steps):
        cancel(journal, step, reason="timeout")
    seconds = round(journal.plan.timeout_seconds or 0, 1)
    fail(journal, facts.error_data("timeout", "execution_errors.timeout", seconds=seconds), reason="timeout")


def stopped(journal: Journal, *, ended: list[str], unconfirmed: Sequence[str]) -> None:
    """Record a stop that has been carried out, with its receipt."""
    progress, steps = journal.progress, journal.plan.steps
    cut = progress.begun(steps)
    spent = _spent_after_stop(journal, cut)
    for step in steps:
        if not progress.of(step).status.is_final:
            cancel(journal, step, reason="stopped" if step in cut else "not_started")
    for step_id in unconfirmed:
        journal.record([facts.logged("stop_unconfirmed", level="warning", step=journal.plan.by_id[step_id])])
    show_progress(journal)
    cut_ids = [step.step_id for step in cut]
    receipt = results.receipt(progress, ended=ended, cut=cut_ids, spent=spent, unconfirmed=list(unconfirmed))
    journal.record(facts.execution_cancelled(receipt))


def cancel(journal: Journal, step: PlannedStep, *, reason: str) -> None:
    """A call cut in the middle may have cost something that nobody counted."""
    own = journal.progress.of(step)
    unmeasured = own.status is StepStatus.RUNNING and is_metered(journal, step)
    approval_id = own.approval.approval_id if own.approval else None
    journal.record(
        facts.step_cancelled(step, own.attempt, reason=reason, unmeasured=unmeasured, approval_id=approval_id)
    )


def show_progress(journal: Journal) -> None:
    """Tell the progress, if it is another than was last told."""
    current, percent = journal.progress.current_step, journal.progress.percent
    if (current, percent) != journal.progress.shown:
        total = len(journal.progress.steps)
        journal.record([facts.progress_made(current=current, total=total, percent=percent)])


def _error_of(progress: Progress, outcome: Outcome) -> facts.Data:
    failed = progress.steps[outcome.failed_step_id].error if outcome.failed_step_id else None
    if outcome.wanted is None and failed:
        return failed
    return facts.error_data(
        failed["code"] if failed else "agent_failed",
        "execution_errors.join_failed",
        successes=outcome.successes,
        needed=outcome.wanted,
        why=failed["message"] if failed else "",
    )


def _spent_after_stop(journal: Journal, cut: list[PlannedStep]) -> facts.Data:
    """Nothing where nothing was cut or all of it was free; otherwise nobody has counted it."""
    running = [step for step in cut if journal.progress.of(step).status is StepStatus.RUNNING]
    is_free = not any(is_metered(journal, step) for step in running)
    return {"cost_usd": 0.0 if is_free else None, "tokens": None if running else 0}
