/** ResultsPanel: the result first once there is one; copy it, take it along, look into each member's part. */
import { useEffect, useRef, useState } from "react";
import { fileName } from "./format.js";
import { Icon } from "./icons.jsx";
import { Markdown } from "./markdown.jsx";
import { isFinal, isReady } from "./reducer.js";
import { useExecution } from "./store.js";
import { useWords } from "./words.js";

const FOLDED_PX = 420;

export function ResultsPanel({ executionId, title }) {
  const { run } = useExecution(executionId);
  const { t } = useWords();
  const text = resultText(run);
  if (!isReady(run) || run.status !== "completed" || !text) return null;
  return (
    <section className="card run-result-card" aria-labelledby="run-result-title">
      <header className="card-head run-head">
        <h2 id="run-result-title">{t("result.title")}</h2>
        <span className="run-spring" />
        <TakeAlong run={run} title={title} text={text} />
      </header>
      <div className="run-result-text"><Folded><Markdown text={text} /></Folded></div>
    </section>
  );
}

/** What the result is, whatever the strategy put into it. */
export function resultText(run) {
  const result = run.result;
  if (!result) return "";
  if (typeof result === "string") return result;
  return result.summary ?? result.text ?? "";
}

/** While it runs, what is ready so far; afterwards each member's part, as the whole stands above. */
export function ResultBody({ run }) {
  const { t } = useWords();
  const parts = run.order.map((id) => run.steps[id]).filter((step) => partText(step));
  return (
    <div className="run-scroll" tabIndex={0} role="region" aria-label={t("result.parts")}>
      {!isFinal(run) && <p className="run-empty">{t("result.later")}</p>}
      {isFinal(run) && parts.length === 0 && <p className="run-empty">{t("result.none")}</p>}
      {parts.length > 0 && <h3 className="run-parts-title">{t(isFinal(run) ? "result.parts" : "result.parts_so_far")}</h3>}
      {parts.map((step) => (
        <details key={step.id} className="run-part">
          <summary>{step.name}</summary>
          <Markdown text={partText(step)} />
        </details>
      ))}
    </div>
  );
}

export const partText = (step) =>
  step.status === "completed" ? step.edited ?? (typeof step.output === "string" ? step.output : step.output?.text) ?? step.attempts.at(-1)?.text.value ?? "" : "";

/** A long result shows its beginning, and all of it on demand. */
function Folded({ children }) {
  const { t } = useWords();
  const text = useRef(null);
  const [isOpen, setOpen] = useState(false);
  const [isLong, setLong] = useState(false);
  useEffect(() => {
    const observer = new ResizeObserver(() => setLong(text.current.scrollHeight > FOLDED_PX));
    observer.observe(text.current);
    return () => observer.disconnect();
  }, []);
  return (
    <div className="run-folded" data-open={isOpen || undefined} data-long={isLong || undefined}>
      <div className="run-folded-text" ref={text}>{children}</div>
      {isLong && <button type="button" className="run-chip run-unfold" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>{t(isOpen ? "result.less" : "result.more")}</button>}
    </div>
  );
}

function TakeAlong({ run, title, text }) {
  const { t } = useWords();
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return undefined;
    const timer = setTimeout(() => setCopied(false), 2000);
    return () => clearTimeout(timer);
  }, [isCopied]);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
  };
  const name = fileName(title, run.endedAt ?? Date.now());
  return (
    <span className="run-take">
      <button type="button" className="run-chip" onClick={copy}><Icon name={isCopied ? "completed" : "copy"} /><span aria-live="polite">{t(isCopied ? "result.copied" : "result.copy")}</span></button>
      <button type="button" className="run-chip" onClick={() => save(`${name}.md`, "text/markdown", asMarkdown(run, title, text))}><Icon name="download" />Markdown</button>
      <button type="button" className="run-chip" onClick={() => save(`${name}.json`, "application/json", asJson(run, title))}><Icon name="download" />JSON</button>
      <button type="button" className="run-chip" title={t("result.print_hint")} onClick={() => window.print()}><Icon name="download" />{t("result.print")}</button>
    </span>
  );
}

function save(name, type, content) {
  const url = URL.createObjectURL(new Blob([content], { type: `${type};charset=utf-8` }));
  const link = Object.assign(document.createElement("a"), { href: url, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 1000);
}

function asMarkdown(run, title, text) {
  const parts = run.order.map((id) => run.steps[id]).filter(partText).map((step) => `\n\n---\n\n## ${step.name}\n\n${partText(step)}`);
  return `# ${title}\n\n${text}${parts.join("")}\n`;
}

function asJson(run, title) {
  const steps = run.order.map((id) => run.steps[id]).map((step) => ({
    step_id: step.id, agent_id: step.agentId, name: step.name, status: step.status, output: partText(step) || null,
    input_tokens: step.inputTokens, output_tokens: step.outputTokens, cost_usd: step.cost,
  }));
  const body = { execution_id: run.executionId, title, status: run.status, final_result: run.result, steps };
  return JSON.stringify(body, null, 2);
}
