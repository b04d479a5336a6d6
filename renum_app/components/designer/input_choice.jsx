/** What a member is given to read. */
import { X } from "lucide-react";
import { idOf, isParallel, membersOf, sourcesOf } from "./draft.js";
import { Field, Select } from "./fields.jsx";
import { useDesigner } from "./store.js";
import { defaultReading, nameOf } from "./words.js";
import { reasonAgainst } from "./wiring.js";
import { problemOf } from "./problems.js";

const KEYED = ["context", "variable"];

export function InputChoice({ member }) {
  const { state: { draft }, run, agents, words: { t }, problems } = useDesigner();
  const id = idOf(member);
  const sources = sourcesOf(member);
  const others = membersOf(draft).map(idOf).filter((each) => each !== id && (!reasonAgainst(draft, each, id) || sources.some((source) => source.agent_id === each)));
  const value = !member.input ? "default" : member.input.source === "combined" ? "combined" : member.input.source === "initial_prompt" ? "prompt" : `step:${member.input.agent_id}`;
  const read = (input) => run("change", { id, patch: { input } });
  const choose = (chosen) => {
    if (chosen === "default") read(null);
    else if (chosen === "prompt") read({ source: "initial_prompt" });
    else if (chosen === "combined") read({ source: "combined", sources: sources.length ? sources : [{ type: "initial_prompt" }] });
    else connectOnly(chosen.slice("step:".length));
  };
  /** By the model's own command, so that the steps follow what is read. */
  const connectOnly = (source) => run("read", { id, source });
  const options = [
    ["default", t("designer.input.default", { reading: t(`designer.reads.${defaultReading(draft, member)}`) })],
    ["prompt", t("designer.reads.prompt")],
    ...others.map((each) => [`step:${each}`, t("designer.reads.results_of", { names: nameOf(draft, agents, each) })]),
    ["combined", t("designer.input.several")],
  ];
  return (
    <>
      <Select label={t("designer.field.input")} value={value} options={options} onChange={choose} problem={problemOf(problems, id, "input")} />
      {value === "combined" && <Sources id={id} sources={sources} others={others} read={read} />}
      {isParallel(draft) && member.input?.source === "agent_result" && <p className="field-hint">{t("designer.input.waits")}</p>}
    </>
  );
}

function Sources({ id, sources, others, read }) {
  const { state: { draft }, agents, words: { t } } = useDesigner();
  const put = (next) => read(next.length ? { source: "combined", sources: next } : null);
  const has = (source) => sources.some((each) => each.type === source.type && each.agent_id === source.agent_id && !each.key);
  const free = [{ type: "initial_prompt" }, ...others.map((agent_id) => ({ type: "agent_result", agent_id }))].filter((source) => !has(source));
  const words = (source) => (source.type === "agent_result" ? nameOf(draft, agents, source.agent_id) : t(`designer.source.${source.type}`));
  return (
    <div className="wd-sources">
      <ul aria-label={t("designer.input.sources")}>
        {sources.map((source, place) => (
          <li key={`${source.type}-${source.agent_id ?? ""}-${place}`}>
            <span className="wd-source-words">{words(source)}</span>
            {KEYED.includes(source.type) && (
              <input
                className="input input-small mono" aria-label={t("designer.source.key")} placeholder={source.type === "context" ? "shared_context.x" : "region"} value={source.key ?? ""} maxLength={200}
                onChange={(event) => put(sources.map((each, other) => (other === place ? { ...each, key: event.target.value } : each)))}
              />
            )}
            <button type="button" className="btn btn-quiet btn-icon btn-small" aria-label={t("designer.source.remove", { name: words(source) })} onClick={() => put(sources.filter((_, other) => other !== place))}><X aria-hidden="true" /></button>
          </li>
        ))}
      </ul>
      <Field label={t("designer.source.add")}>
        {(ties) => (
          <select {...ties} className="input input-small" value="" onChange={(event) => put([...sources, JSON.parse(event.target.value)])}>
            <option value="" disabled>{t("designer.source.choose")}</option>
            {free.map((source) => <option key={JSON.stringify(source)} value={JSON.stringify(source)}>{words(source)}</option>)}
            {KEYED.map((type) => <option key={type} value={JSON.stringify({ type, key: "" })}>{t(`designer.source.${type}`)}</option>)}
          </select>
        )}
      </Field>
    </div>
  );
}

