/** A log line in the person's language, where its code is known; else the server's own English. */
export function sentence({ details, message }, { t, any }) {
  if (!details.code) return message;
  const params = { ...details };
  if (details.why_key) params.why = any(details.why_key, details.why_params, details.why);
  if (details.reason) params.reason = t(`reason.${details.reason}`, {}, details.reason);
  if (details.join) params.join = any(`teams.join.${details.join}`, {}, details.join);
  return any(`logs.${details.code}`, params, message);
}
