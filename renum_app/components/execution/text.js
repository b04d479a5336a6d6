/**
 * Streamed text, exact whichever copy of a piece comes first.
 *
 * `offset` and `length` count code points, as the server does; JavaScript's own `.length` counts an emoji twice.
 */
export const emptyText = () => ({ value: "", length: 0, early: [] });

export const replaceText = (value) => ({ value, length: points(value), early: [] });

/** The text with one more piece: repeats are dropped, what comes too early is kept until the gap is filled. */
export function addPiece(text, offset, delta) {
  if (offset > text.length) return { ...text, early: [...text.early, { offset, delta }] };
  const grown = append(text, offset, delta);
  if (!grown.early.length || grown.length === text.length) return grown;
  const early = grown.early;
  return early.reduce((so, piece) => addPiece(so, piece.offset, piece.delta), { ...grown, early: [] });
}

function append(text, offset, delta) {
  const fresh = text.length - offset;
  const size = points(delta);
  if (fresh >= size) return text;
  const rest = fresh === 0 ? delta : Array.from(delta).slice(fresh).join("");
  return { ...text, value: text.value + rest, length: offset + size };
}

function points(value) {
  // Only half of a pair needs the slow count.
  return /[\ud800-\udfff]/.test(value) ? Array.from(value).length : value.length;
}
