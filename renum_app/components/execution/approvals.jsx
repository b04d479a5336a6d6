/** Everything that waits for the person: of one execution, followed live, or of all of them. */
import { useEffect, useRef } from "react";
import { Link } from "react-router";
import { ApprovalCard } from "./approval.jsx";
import { asked } from "./people.js";
import { isFinal, isReady } from "./reducer.js";
import { useExecution, useTick } from "./store.js";
import { useWords } from "./words.js";

/** At the top of the execution page. */
export function ExecutionApprovals({ executionId, refusals, onDecide, onCount }) {
  const { run, live, link } = useExecution(executionId);
  const isNow = run.shownAt === null;
  const cards = isNow && isReady(live) && !isFinal(live) ? asked(live).map(ofStep) : [];
  const before = useRef(0);
  useEffect(() => {
    if (before.current !== cards.length) onCount?.();
    before.current = cards.length;
  }, [cards.length]);
  return <Cards cards={cards} skew={run.skew} refusals={refusals} isOffline={link.phase === "reconnecting"} onDecide={onDecide} />;
}

const ofStep = (step) => ({ ...step.approval, name: step.name });

/** The inbox: the same cards, each with the execution it belongs to. */
export function ApprovalInbox({ rows, refusals, onDecide }) {
  const { t } = useWords();
  useTick(true, 30_000);
  const cards = rows.map((row) => ({ ...ofRow(row), about: <About row={row} /> }));
  return <Cards cards={cards} refusals={refusals} isOffline={false} onDecide={onDecide} label={t("approval.inbox")} />;
}

const ofRow = (row) => ({
  id: row.approval_id, name: row.agent_name, moment: row.moment, text: row.text,
  deadline: row.deadline ? Date.parse(row.deadline) : null, onDeadline: row.on_deadline,
});

function About({ row }) {
  const { t, ago } = useWords();
  return (
    <>
      <Link className="link" to={`/executions/${row.execution_id}`}>{t("approval.open", { team: row.team_name })}</Link>
      {" · "}{t("approval.asked_ago", { ago: ago(Date.parse(row.created_at), Date.now()) })}
    </>
  );
}

function Cards({ cards, skew, refusals, isOffline, onDecide, label }) {
  const { t } = useWords();
  const root = useFocusKeeper(cards.map((card) => card.id).join());
  return (
    <div ref={root} className="run-approvals" role={label ? "group" : undefined} aria-label={label}>
      <p className="run-hidden" role="status">{cards.length > 0 && t("approval.count", { n: cards.length })}</p>
      {cards.map((card) => (
        <ApprovalCard key={card.id} approval={card} skew={skew} problem={refusals?.[card.id]} isOffline={isOffline} onDecide={onDecide}>{card.about}</ApprovalCard>
      ))}
    </div>
  );
}

/** A decided card goes; whoever had the focus in it goes on with the next one, or with the page. */
function useFocusKeeper(ids) {
  const root = useRef(null);
  const isInside = useRef(false);
  useEffect(() => {
    const note = (event) => { isInside.current = root.current?.contains(event.target) ?? false; };
    document.addEventListener("focusin", note);
    return () => document.removeEventListener("focusin", note);
  }, []);
  useEffect(() => {
    if (!isInside.current || document.activeElement !== document.body) return;
    isInside.current = false;
    (root.current.querySelector("h2") ?? document.getElementById("main"))?.focus();
  }, [ids]);
  return root;
}
