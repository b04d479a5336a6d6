/** The order that the form around it stands for, as a call of the API. */
import { useEffect, useRef, useState } from "react";
import { Icon } from "./icons.jsx";
import { useWords } from "./words.js";

export function ApiSnippet({ teamId }) {
  const { t } = useWords();
  const here = useRef(null);
  const [order, setOrder] = useState({ initial_prompt: "…" });
  const [origin, setOrigin] = useState("");
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    const form = here.current?.closest("form");
    const read = () => setOrder(orderOf(new FormData(form)));
    setOrigin(location.origin);
    read();
    form.addEventListener("input", read);
    return () => form.removeEventListener("input", read);
  }, []);
  const [form, setForm] = useState("curl");
  const text = WRITERS[form](`${origin}/api/v1/teams/${teamId}/execute`, order);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
    setTimeout(() => setCopied(false), 2000);
  };
  return (
    <div className="run-snippet" ref={here}>
      <div className="segmented" role="group" aria-label={t("form.api")}>
        {Object.keys(WRITERS).map((each) => <button key={each} type="button" className="segment" aria-pressed={each === form} onClick={() => setForm(each)}>{each}</button>)}
      </div>
      <pre tabIndex={0}><code>{text}</code></pre>
      <button type="button" className="run-chip" onClick={copy}><Icon name={isCopied ? "completed" : "copy"} />{t(isCopied ? "result.copied" : "form.copy")}</button>
    </div>
  );
}

function orderOf(data) {
  const order = { initial_prompt: shortened(data.get("initial_prompt")) || "…" };
  const variables = {};
  for (const [name, value] of data.entries()) {
    const place = name.match(/^variable_name_(\d+)$/)?.[1];
    if (place && value.trim()) variables[value.trim()] = read(data.get(`variable_value_${place}`) ?? "");
  }
  if (Object.keys(variables).length) order.variables = variables;
  const overrides = {};
  const [cap, tokens, timeout] = ["max_cost_usd", "max_tokens", "timeout"].map((name) => Number(String(data.get(name) ?? "").replace(",", ".")));
  if (data.get("max_cost_usd") && !Number.isNaN(cap)) overrides.max_cost_usd = cap;
  if (tokens > 0) overrides.max_tokens = tokens;
  if (timeout > 0) overrides.timeout = timeout;
  if (data.get("rehearsal")) overrides.rehearsal = true;
  if (Object.keys(overrides).length) order.overrides = overrides;
  return order;
}

const shortened = (text) => (text?.length > 400 ? `${text.slice(0, 400)}…` : text?.trim());

/** A value as the form reads it: JSON where it is JSON, else text. */
function read(text) {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function curl(url, order) {
  const body = JSON.stringify(order, null, 2).replaceAll("'", "'\\''");
  return `curl -X POST ${url} \\\n  -H "Authorization: Bearer $RENUM_TOKEN" \\\n  -H 'Content-Type: application/json' \\\n  -d '${body}'`;
}

function python(url, order) {
  return `import os

import httpx

answer = httpx.post(
    "${url}",
    headers={"Authorization": f"Bearer {os.environ['RENUM_TOKEN']}"},
    json=${literal(order)},
)
print(answer.raise_for_status().json()["execution_id"])`;
}

/** A value as Python writes it, indented to stand in a call. */
function literal(value, indent = 4) {
  if (value === null) return "None";
  if (typeof value === "boolean") return value ? "True" : "False";
  if (typeof value !== "object") return JSON.stringify(value);
  const pad = " ".repeat(indent + 4);
  const lines = Array.isArray(value)
    ? value.map((each) => `${pad}${literal(each, indent + 4)},`)
    : Object.entries(value).map(([name, each]) => `${pad}${JSON.stringify(name)}: ${literal(each, indent + 4)},`);
  const [open, close] = Array.isArray(value) ? "[]" : "{}";
  return lines.length ? `${open}\n${lines.join("\n")}\n${" ".repeat(indent)}${close}` : open + close;
}

/** How the call may be written; the token comes from the environment, never from here. */
const WRITERS = { curl, Python: python };
