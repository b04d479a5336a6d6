/** Zooming the score: buttons, Ctrl with the wheel, and a sideways wheel to move along. */
import { useEffect } from "react";
import { Icon } from "./icons.jsx";
import { useWords } from "./words.js";
import { moved, showing, STEP, zoomed } from "./zoom.js";

export function ZoomButtons({ part, span, at, onPart }) {
  const { t } = useWords();
  const middle = part ? part.from + part.length / 2 : at;
  return (
    <span className="run-zoom">
      <button type="button" aria-label={t("zoom.in")} title={t("zoom.in")} onClick={() => onPart(zoomed(part, span, STEP, middle))}><Icon name="zoom_in" /></button>
      <button type="button" aria-label={t("zoom.out")} title={t("zoom.out")} disabled={!part} onClick={() => onPart(zoomed(part, span, 1 / STEP, middle))}><Icon name="zoom_out" /></button>
      <button type="button" aria-label={t("zoom.all")} title={t("zoom.all")} disabled={!part} onClick={() => onPart(null)}><Icon name="fit" /></button>
    </span>
  );
}

/** The part one sees, which goes along with a moving present; wheels on the score change it. */
export function useZoom(root, { part, span, now, isMoving, onPart }) {
  const seen = isMoving ? showing(part, span, now) : part;
  useEffect(() => {
    const wheel = (event) => {
      const track = root.current.querySelector(".run-staff").getBoundingClientRect();
      const share = (event.clientX - track.left) / track.width;
      const isAlong = Math.abs(event.deltaX) > Math.abs(event.deltaY) || event.shiftKey;
      if (event.ctrlKey || event.metaKey) {
        event.preventDefault();
        const from = seen ?? { from: 0, length: span };
        onPart(zoomed(seen, span, event.deltaY < 0 ? STEP : 1 / STEP, from.from + share * from.length));
      } else if (seen && isAlong) {
        event.preventDefault();
        onPart(moved(seen, span, (event.deltaX || event.deltaY) / track.width));
      }
    };
    const score = root.current;
    score.addEventListener("wheel", wheel, { passive: false });
    return () => score.removeEventListener("wheel", wheel);
  }, [root, seen?.from, seen?.length, span, onPart]);
  return seen ?? { from: 0, length: span };
}
