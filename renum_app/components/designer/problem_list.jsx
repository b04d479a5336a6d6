/** What keeps the team from running, in one line until somebody wants to know; each problem leads to its field. */
import { useState } from "react";
import { ChevronRight, CircleCheck, TriangleAlert } from "lucide-react";
import { useDesigner } from "./store.js";
import { nameOf } from "./words.js";

export function ProblemList({ onJump }) {
  const { state: { draft }, agents, problems, words: { t } } = useDesigner();
  const [isOpen, setOpen] = useState(true);
  if (problems.length === 0) {
    return <p className="wd-problems wd-fine"><CircleCheck aria-hidden="true" />{t("designer.problems.none")}</p>;
  }
  return (
    <section className="wd-problems" aria-label={t("designer.problems.title")}>
      <button type="button" className="wd-problems-head" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
        <TriangleAlert aria-hidden="true" />{t("designer.problems.some", { n: problems.length })}
        <ChevronRight aria-hidden="true" className="wd-turn" />
      </button>
      {isOpen && (
        <ul>
          {problems.map((problem) => (
            <li key={problem.path}>
              <button type="button" className="wd-problem" onClick={() => onJump(problem)}>
                <strong>{problem.id ? nameOf(draft, agents, problem.id) : t("designer.team.title")}</strong>
                <span>{t(problem.message.key, problem.message.params, problem.message.fallback)}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
