/** One member's lane: who, what happened when, what it took. */
import { memo } from "react";
import { gist } from "./format.js";
import { Icon } from "./icons.jsx";
import { marks } from "./scale.js";
import { useWords } from "./words.js";

/** A lane is drawn again only when its own step moved; a queued one also follows the time. */
const isSame = (a, b) =>
  a.step === b.step && a.part.from === b.part.from && a.part.length === b.part.length && a.isCritical === b.isCritical && a.isSelected === b.isSelected && a.together === b.together &&
  a.run.status === b.run.status && a.run.startedAt === b.run.startedAt && (!isMoving(a.step) || a.now === b.now);
const isMoving = (step) => step.status === "pending" || step.silentSince !== null;

export const Lane = memo(function Lane({ run, step, part, now, together, isSelected, isCritical, onSelect }) {
  const words = useWords();
  return (
    <li>
      <button type="button" className="run-lane" aria-pressed={isSelected} onClick={onSelect} data-status={step.status} data-critical={isCritical}>
        <span className="run-lane-name">
          <b>{step.name}</b>
          <small>{about(step, words)}</small>
        </span>
        <span className="run-track">
          {marks(run, step, now, { together }).filter((mark) => isSeen(mark, part)).map((mark, place) => <Mark key={place} mark={mark} step={step} part={part} now={now} words={words} />)}
        </span>
        <span className="run-lane-word" data-tone={step.silentSince === null ? step.status : "waiting"}>{shortWord(step, now, words)}</span>
        <span className="run-lane-usage">{usage(step, words)}</span>
        <span className="run-hidden">{stepWord(step, now, words)}</span>
      </button>
    </li>
  );
}, isSame);

function about(step, { t }) {
  const model = step.model ? step.model.split(":").at(-1) : step.backend === "rehearsal" ? t("rehearsal_word") : "";
  return [t(`role.${step.role}`), model].filter(Boolean).join(" · ");
}

/** The status as a sentence's part: who is asked, how long it has been silent, where the result is from. */
export function stepWord(step, now, { t, duration }) {
  if (step.approval) return t("step.asks");
  if (step.reused) return t(step.reused.isGiven ? "step.given" : "step.reused");
  if (step.silentSince !== null) return t("step.silent", { time: silence(step, now, duration) });
  return t(`step.${step.status}`);
}

const silence = (step, now, duration) => duration(Math.max(1000, Math.floor((now - step.silentSince) / 1000) * 1000));

/** For narrow screens, where bars have no room for words. */
function shortWord(step, now, words) {
  const { t, duration } = words;
  if (step.approval || step.reused || step.silentSince !== null) return stepWord(step, now, words);
  if (step.status === "running") return t(step.attempts.at(-1)?.text.length ? "bar.writing" : "bar.thinking");
  if (step.status === "pending") return t("bar.queued");
  if (step.status !== "completed") return t(`step.${step.status}`);
  if (step.attempts.length > 1) return t("bar.attempts", { n: step.attempts.length });
  const only = step.attempts[0];
  return only ? duration(only.end - only.start) : t("step.completed");
}

function usage(step, { t, number, money }) {
  if (step.reused?.isGiven) return <span>—</span>;
  if (step.reused) return <><span>{t("lane.spared", { count: number(step.reused.tokens) })}</span><small>{money(step.reused.cost)}</small></>;
  const tokens = step.tokens ?? (step.inputTokens === null ? null : step.inputTokens + (step.outputTokens ?? 0));
  if (tokens === null && step.cost === null) return <span>—</span>;
  return (
    <>
      <span>{t("lane.tokens", { count: number(tokens) })}</span>
      <small>{money(step.cost)}</small>
    </>
  );
}

const isSeen = (mark, { from, length }) => mark.from <= from + length && (mark.to === null || mark.to === undefined || mark.to >= from);

function Mark({ mark, step, part, now, words }) {
  // What began before the part one sees begins at its edge, so that its words are in sight.
  const from = Math.max((mark.from - part.from) / part.length, 0);
  const style = { left: `${from * 100}%` };
  if (mark.to === null) Object.assign(style, { "--from": from, width: "max(6px, calc((var(--now, 0) - var(--from)) * 100%))" });
  else if (mark.to !== undefined) style.width = `max(4px, ${Math.min((mark.to - part.from) / part.length - from, 1 - from) * 100}%)`;
  else if (mark.length) style.width = `${Math.max(0, Math.min(mark.length / part.length, 1 - from)) * 100}%`;
  const look = lookOf(mark, step);
  const label = barText(mark, step, now, words);
  return (
    <span className="run-bar" data-look={look} style={style} title={barTitle(mark, step, words, label)}>
      <span className="run-bar-text">{PICTURED.has(look) && <Icon name={look} size={11} />}{label}</span>
    </span>
  );
}

const PICTURED = new Set(["failed", "interrupted", "cancelled", "asked", "reused"]);

function lookOf(mark, step) {
  if (mark.kind === "wait") return mark.reason === "approval" ? "asked" : "wait";
  if (mark.kind !== "attempt") return mark.kind;
  return mark.to === null && step.silentSince !== null ? "silent" : mark.outcome;
}

function barText(mark, step, now, words) {
  const { t } = words;
  if (mark.kind === "queued") return t("bar.queued");
  if (mark.kind === "wait") return mark.reason === "approval" ? t(mark.to === null ? "bar.asks" : "bar.asked") : reasonWord(mark.reason, t);
  if (mark.kind === "reused") return stepWord(step, now, words);
  if (mark.to === null && step.silentSince !== null) return stepWord(step, now, words);
  if (mark.kind === "cancelled") return t("bar.never");
  if (mark.kind !== "attempt") return t(`step.${mark.kind}`);
  const { attempt } = mark;
  const what = attemptWord(attempt, t);
  return step.attempts.length > 1 ? t("bar.attempt", { n: attempt.number, what }) : what;
}

function attemptWord(attempt, t) {
  if (attempt.outcome === "running") return attempt.text.length ? t("bar.writing") : t("bar.thinking");
  if (attempt.outcome === "completed") return gist(attempt.text.value) || t("step.completed");
  if (attempt.outcome === "failed") return t(`error.${attempt.reason}.short`, {}, t("step.failed"));
  return t(`step.${attempt.outcome}`, {}, attempt.outcome);
}

export const reasonWord = (reason, t) => (reason ? t(`reason.${reason}`, {}, reason) : t("step.waiting"));

function barTitle(mark, step, { problem, duration }, label) {
  if (mark.to === null || mark.to === undefined) return label;
  const parts = [label, duration(mark.to - mark.from)];
  if (mark.attempt?.error) parts.push(problem(mark.attempt.error));
  return parts.join(" · ");
}
