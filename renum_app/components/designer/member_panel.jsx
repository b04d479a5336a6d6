/** All that can be set about one member, in the inspector and in the outline. */
import { idOf, kindOf, membersOf } from "./draft.js";
import { Conditions } from "./conditions.jsx";
import { Field, NumberField, Segments, Select, TextField } from "./fields.jsx";
import { InputChoice } from "./input_choice.jsx";
import { problemOf } from "./problems.js";
import { useDesigner } from "./store.js";

const ROLES = ["leader", "member", "coordinator"];
const APPROVALS = ["none", "before", "after"];
const FAILURES = ["stop", "continue", "fallback"];

export function MemberPanel({ member }) {
  const { state: { draft }, run, agents, words: { t }, problems } = useDesigner();
  const id = idOf(member);
  const agent = agents.get(member.agent_id);
  const wrong = (...fields) => problemOf(problems, id, ...fields);
  const change = (patch, merge) => run("change", { id, patch }, merge ? { merge: `${merge}:${id}` } : {});
  return (
    <div className="wd-panel" data-member={id}>
      <TextField
        label={t("designer.field.name")} data-field="name" value={member.name} placeholder={agent?.name ?? member.agent_id}
        onChange={(name) => change({ name: name || null }, "name")} problem={wrong("name", "step_id", "agent_id")}
      />
      <Segments label={t("designer.field.role")} value={member.role ?? "member"} options={ROLES.map((role) => [role, t(`teams.role.${role}`)])} onChange={(role) => run("cast", { id, role })} />
      {wrong("role", "execution_order") && <p className="field-error">{sentence(t, wrong("role", "execution_order"))}</p>}
      <InputChoice member={member} />
      {kindOf(draft) === "conditional" && <Conditions member={member} />}
      <Model agent={agent} member={member} />
      <Limits member={member} change={change} wrong={wrong} />
      <Failure member={member} change={change} wrong={wrong} />
      <Approval member={member} change={change} wrong={wrong} />
    </div>
  );
}

const sentence = (t, problem) => t(problem.message.key, problem.message.params, problem.message.fallback);

function Model({ agent, member }) {
  const { words: { t } } = useDesigner();
  if (!agent) return <p className="field-error">{t("designer.agent.gone", { id: member.agent_id })}</p>;
  const model = agent.backend === "rehearsal" ? t("backend.rehearsal") : agent.model || t("teams.default_model");
  return (
    <Field label={t("designer.field.model")}>
      {({ id }) => (
        <p id={id} className="wd-fact">
          <span className="truncate">{agent.name} · {model}</span>
          <a className="link" href={`/agents/${encodeURIComponent(agent.agent_id)}`}>{t("designer.agent.open")}</a>
        </p>
      )}
    </Field>
  );
}

function Limits({ member, change, wrong }) {
  const { run, words: { t } } = useDesigner();
  const id = idOf(member);
  const configure = (patch, merge) => run("configure", { id, patch }, { merge: `${merge}:${id}` });
  return (
    <div className="wd-pair">
      <NumberField label={t("designer.field.temperature")} value={member.config?.temperature} placeholder={t("designer.field.inherit")} onChange={(temperature) => configure({ temperature }, "temperature")} problem={wrong("config.temperature")} />
      <NumberField label={t("designer.field.max_tokens")} isWhole value={member.config?.max_tokens} placeholder={t("designer.field.inherit")} onChange={(max_tokens) => configure({ max_tokens }, "max_tokens")} problem={wrong("config.max_tokens")} />
    </div>
  );
}

function Failure({ member, change, wrong }) {
  const { state: { draft }, agents, words: { t } } = useDesigner();
  const id = idOf(member);
  const retry = (patch) => {
    const merged = { ...member.retry, ...patch };
    const given = Object.fromEntries(Object.entries(merged).filter(([, value]) => value !== null));
    change({ retry: Object.keys(given).length ? given : null }, `retry-${Object.keys(patch)}`);
  };
  const others = [...agents.values()].filter((agent) => agent.agent_id !== member.agent_id);
  return (
    <fieldset className="wd-group">
      <legend className="field-label">{t("designer.field.failure")}</legend>
      <div className="wd-pair">
        <NumberField label={t("designer.field.attempts")} isWhole value={member.retry?.max_attempts} placeholder="3" onChange={(max_attempts) => retry({ max_attempts })} problem={wrong("retry.max_attempts")} />
        <NumberField label={t("designer.field.timeout")} value={member.timeout_seconds} placeholder={t("designer.field.none")} onChange={(timeout_seconds) => change({ timeout_seconds }, "timeout")} problem={wrong("timeout_seconds")} />
      </div>
      <Select
        label={t("designer.field.on_failure")} value={member.on_failure ?? "stop"} options={FAILURES.map((each) => [each, t(`teams.on_failure.${each}`)])} problem={wrong("on_failure")}
        onChange={(on_failure) => change({ on_failure, ...(on_failure === "fallback" ? {} : { fallback_agent_id: null }) })}
      />
      {member.on_failure === "fallback" && (
        <Select
          label={t("designer.field.fallback")} value={member.fallback_agent_id ?? ""} problem={wrong("fallback_agent_id")} onChange={(fallback_agent_id) => change({ fallback_agent_id: fallback_agent_id || null })}
          options={[["", t("designer.field.choose_agent")], ...others.map((agent) => [agent.agent_id, agent.name])]}
        />
      )}
      {membersOf(draft).length > 1 && member.on_failure === "continue" && <p className="field-hint" id={`continue-${id}`}>{t("designer.field.continue_hint")}</p>}
    </fieldset>
  );
}

function Approval({ member, change, wrong }) {
  const { words: { t } } = useDesigner();
  const asked = member.requires_approval ?? "none";
  const minutes = member.approval?.deadline_seconds ? member.approval.deadline_seconds / 60 : null;
  const policy = (patch) => change({ approval: { ...member.approval, ...patch } }, `approval-${Object.keys(patch)}`);
  return (
    <fieldset className="wd-group">
      <Segments label={t("designer.field.approval")} value={asked} options={APPROVALS.map((each) => [each, t(`designer.approval.${each}`)])} onChange={(requires_approval) => change({ requires_approval, ...(requires_approval === "none" ? { approval: null } : {}) })} />
      {asked !== "none" && (
        <div className="wd-pair">
          <NumberField label={t("designer.field.deadline")} value={minutes} placeholder={t("designer.field.none")} onChange={(value) => policy({ deadline_seconds: value === null ? null : value * 60 })} problem={wrong("approval")} />
          <Select label={t("designer.field.on_deadline")} value={member.approval?.on_deadline ?? "reject"} options={["reject", "approve"].map((each) => [each, t(`designer.on_deadline.${each}`)])} onChange={(on_deadline) => policy({ on_deadline })} />
        </div>
      )}
    </fieldset>
  );
}
