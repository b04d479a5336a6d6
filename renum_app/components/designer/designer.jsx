/** WorkflowDesigner: one model with three faces, a canvas, an outline in words and YAML. */
import { Suspense, lazy, useCallback, useMemo, useRef, useState } from "react";
import { membersOf } from "./draft.js";
import { Guard } from "./guard.jsx";
import { Help } from "./help.jsx";
import { Inspector } from "./inspector.jsx";
import { historyKey } from "./keys.js";
import { roomBeside } from "./layout.js";
import { Outline } from "./outline.jsx";
import { AddMember, Palette } from "./palette.jsx";
import { ProblemList } from "./problem_list.jsx";
import { placed } from "./problems.js";
import { Said } from "./said.jsx";
import { DesignerContext, useModel } from "./store.js";
import { Toolbar } from "./toolbar.jsx";
import { useWords } from "./words.js";

const Canvas = lazy(() => import("./canvas.jsx").then((module) => ({ default: module.Canvas })));
const YamlFace = lazy(() => import("./yaml_face.jsx").then((module) => ({ default: module.YamlFace })));
const NARROW = "(max-width: 767px)";
const ROOMY = "(min-width: 1680px)";

export function WorkflowDesigner({ value, revision, saved = 0, agents = [], problems = [], seen = [], embedded = false, isSaving = false, onChange, onSave }) {
  const words = useWords();
  const model = useModel({ value, revision, saved, onChange, onSave });
  const { state, run, select, save } = model;
  const isDirty = model.isDirty && !embedded;
  const [face, setFace] = useState(() => (matchMedia(NARROW).matches ? "outline" : "canvas"));
  const [adding, setAdding] = useState(null);
  const [hasHelp, setHelp] = useState(false);
  const [hasPalette, setPalette] = useState(!embedded && (membersOf(value).length === 0 || matchMedia(ROOMY).matches));
  const root = useRef(null);
  const known = useMemo(() => new Map(agents.map((agent) => [agent.agent_id, agent])), [agents]);
  const shownProblems = useMemo(() => placed(problems, state.draft), [problems, state.draft]);
  const editField = useCallback((name) => focusField(root.current, name), []);
  const context = { ...model, words, agents: known, problems: shownProblems, seen, isEmbedded: embedded, editField };

  const add = (agentId) => {
    const isByHand = membersOf(state.draft).some((member) => member.position);
    run("add", { agentId, after: adding?.after ?? null, position: isByHand ? roomBeside(state.draft, adding?.after) : null });
    setAdding(null);
  };
  const jump = ({ id, field }) => {
    if (face === "yaml") setFace("canvas");
    select(id ? [id] : []);
    setTimeout(() => focusField(root.current, field), 60);
  };
  const onKeyDown = (event) => {
    historyKey(event, model);
    if (!onSave || !(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "s") return;
    event.preventDefault();
    if (isDirty) save();
  };

  return (
    <DesignerContext.Provider value={context}>
      <div className="wd" ref={root} data-face={face} data-embedded={embedded || undefined} onKeyDown={onKeyDown}>
        <Toolbar face={face} onFace={setFace} onAddMember={() => setAdding({ after: null })} onSave={onSave && save} isDirty={isDirty} isSaving={isSaving} />
        <Said />
        <div className="wd-body">
          {face === "canvas" && hasPalette && <Palette onPick={add} onClose={() => setPalette(false)} />}
          <div className="wd-face-area">
            <Suspense fallback={<div className="wd-loading skeleton" aria-busy="true" aria-label={words.t("designer.loading")} />}>
              {face === "canvas" && <Canvas key={revision} onHelp={() => setHelp(true)} onAddMember={setAdding} onPalette={hasPalette ? undefined : () => setPalette(true)} />}
              {face === "outline" && <Outline onAddMember={setAdding} />}
              {face === "yaml" && <YamlFace />}
            </Suspense>
          </div>
          {face === "canvas" && <Inspector />}
        </div>
        {face !== "yaml" && <ProblemList onJump={jump} />}
        <AddMember isOpen={adding !== null} onPick={add} onClose={() => setAdding(null)} />
        <Help isOpen={hasHelp} onClose={() => setHelp(false)} />
        {!embedded && <Guard isDirty={isDirty} />}
      </div>
    </DesignerContext.Provider>
  );
}

/** The field of the selected member that a path's first part names, else the first one. */
function focusField(root, path = "") {
  const panel = root?.querySelector(".wd-panel");
  const invalid = path && panel?.querySelector("[aria-invalid=true]");
  const target = invalid || panel?.querySelector("[data-field=name]") || panel?.querySelector("input, select, textarea, button");
  target?.scrollIntoView({ block: "nearest" });
  target?.focus({ preventScroll: true });
}

