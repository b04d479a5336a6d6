/** What a member reads, as a curve; a condition stands on it, and it can be cut. */
import { BaseEdge, EdgeLabelRenderer, getBezierPath } from "@xyflow/react";
import { Scissors } from "lucide-react";
import { useDesigner } from "./store.js";
import { conditionSign } from "./words.js";

export function FlowEdge({ id, source, target, data, selected, ...ends }) {
  const { run, words } = useDesigner();
  const [path, x, y] = getBezierPath(ends);
  const { condition, hasLabel, isImplied, isCrowded, isNear } = data;
  const [first, ...more] = condition?.conditions ?? [];
  return (
    <>
      <BaseEdge id={id} path={path} interactionWidth={22} className="wd-edge" data-implied={isImplied || undefined} data-faint={(isImplied && isCrowded) || undefined} data-gated={condition ? "" : undefined} data-near={isNear || selected || undefined} />
      <EdgeLabelRenderer>
        {hasLabel && !selected && (
          <span className="wd-edge-label" data-near={isNear || undefined} style={{ transform: `translate(-50%, -50%) translate(${x}px, ${y}px)` }}>
            {conditionSign(first, words)}{more.length > 0 && ` +${more.length}`}
          </span>
        )}
        {selected && (
          <button
            type="button" className="wd-edge-cut nodrag nopan" aria-label={words.t("designer.edge.cut")} title={words.t("designer.edge.cut")}
            style={{ transform: `translate(-50%, -50%) translate(${x}px, ${y}px)` }} onClick={() => run("disconnect", { edges: [{ source, target }] })}
          >
            <Scissors aria-hidden="true" />
          </button>
        )}
      </EdgeLabelRenderer>
    </>
  );
}
