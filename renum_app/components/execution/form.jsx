/** What the execution form does in the browser alone: send on Ctrl+Enter, and show the same order as a call of the API. */
import { useEffect, useRef, useState } from "react";
import { Icon } from "./icons.jsx";
import { useWords } from "./words.js";

/** Ctrl or ⌘ with Enter sends the form around it. */
export function SendShortcut() {
  const here = useRef(null);
  useEffect(() => {
    const form = here.current?.closest("form");
    const send = (event) => {
      if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      form.requestSubmit();
    };
    form?.addEventListener("keydown", send);
    return () => form?.removeEventListener("keydown", send);
  }, []);
  return <span ref={here} hidden />;
}

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
  const text = curl(origin, teamId, order);
  const copy = async () => {
    await navigator.clipboard.writeText(text);
    setCopied(true);
    setTimeout(() => setCopied(false), 2000);
  };
  return (
    <div className="run-snippet" ref={here}>
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
  const [cap, timeout] = [Number(data.get("max_cost_usd")), Number(data.get("timeout"))];
  if (data.get("max_cost_usd") && !Number.isNaN(cap)) overrides.max_cost_usd = cap;
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

function curl(origin, teamId, order) {
  const body = JSON.stringify(order, null, 2).replaceAll("'", "'\\''");
  return `curl -X POST ${origin}/api/v1/teams/${teamId}/execute \\\n  -H 'Authorization: Bearer TOKEN' \\\n  -H 'Content-Type: application/json' \\\n  -d '${body}'`;
}
