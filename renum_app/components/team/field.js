/** Bring a field of the form into view and put the cursor in it, wherever it is folded away. */
export function showField(id) {
  const field = document.getElementById(id);
  field?.closest("details")?.setAttribute("open", "");
  field?.scrollIntoView({ block: "center" });
  field?.focus({ preventScroll: true });
}
