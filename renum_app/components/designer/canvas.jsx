/** The team as a picture one draws in: React Flow shows it, the model decides what each gesture means. */
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { Background, MiniMap, Panel, ReactFlow, ReactFlowProvider, applyNodeChanges, useReactFlow } from "@xyflow/react";
import "@xyflow/react/dist/base.css";
import { PanelLeft } from "lucide-react";
import { CanvasTools } from "./canvas_tools.jsx";
import { FlowEdge } from "./edge.jsx";
import { useCanvasKeys } from "./keys.js";
import { HEIGHT, PROMPT_WIDTH, TALLEST, WIDTH, placesOf } from "./layout.js";
import { motion } from "./motion.js";
import { MemberNode, PromptNode, ResultNode } from "./node.jsx";
import { PROMPT, RESULT, groupsOf, idOf, kindOf, membersOf } from "./draft.js";
import { DRAGGED_AGENT } from "./palette.jsx";
import { useDesigner } from "./store.js";
import { branchEnds, edgesOf, reasonAgainst } from "./wiring.js";

const NODE_TYPES = { member: MemberNode, prompt: PromptNode, result: ResultNode };
const EDGE_TYPES = { flow: FlowEdge };
const FIT = { padding: 0.07, maxZoom: 1, minZoom: 0.3 };
const CROWDED = 7;

export function Canvas(props) {
  return (
    <ReactFlowProvider>
      <Drawing {...props} />
    </ReactFlowProvider>
  );
}

function Drawing({ onHelp, onAddMember, onPalette }) {
  const { state, run, select, words } = useDesigner();
  const { draft, selection } = state;
  const { t } = words;
  const flow = useReactFlow();
  const places = useMemo(() => placesOf(draft), [draft]);
  const [nodes, setNodes] = useState([]);
  const [picked, setPicked] = useState([]);
  const [hasMap, setHasMap] = useState(membersOf(draft).length > CROWDED);
  const isDragging = useRef(false);
  const drawn = useMemo(() => nodesOf(draft, places, selection), [draft, places, selection]);
  useEffect(() => {
    if (!isDragging.current) setNodes((before) => drawn.map((node) => ({ ...before.find((each) => each.id === node.id), ...node })));
  }, [drawn]);
  const edges = useMemo(() => flowEdges(draft, picked, selection), [draft, picked, selection]);
  useFit(flow, draft, Boolean(onPalette));
  const fit = useCallback(() => flow.fitView({ ...FIT, duration: motion() }), [flow]);
  const organise = useCallback(() => {
    run("organise");
    requestAnimationFrame(() => requestAnimationFrame(fit));
  }, [run, fit]);
  const keys = useCanvasKeys({ places, picked, fit, organise, flow, onHelp, onAddMember });

  const onNodesChange = (changes) => {
    setNodes((now) => applyNodeChanges(changes.filter((change) => change.type !== "select" && change.type !== "remove"), now));
    const chosen = changes.filter((change) => change.type === "select");
    if (chosen.length === 0) return;
    const ids = new Set(selection);
    chosen.forEach(({ id, selected }) => (selected ? ids.add(id) : ids.delete(id)));
    select([...ids]);
  };
  const onEdgesChange = (changes) => {
    const chosen = changes.filter((change) => change.type === "select");
    if (chosen.length) setPicked((now) => [...now.filter((id) => !chosen.some((change) => change.id === id)), ...chosen.filter((change) => change.selected).map((change) => change.id)]);
  };
  const onNodeDragStop = () => {
    isDragging.current = false;
    const positions = Object.fromEntries(flow.getNodes().filter((node) => node.type === "member").map((node) => [node.id, node.position]));
    run("place", { positions });
  };
  /** An edge dropped on a card counts as dropped on its handle; dropped on nothing, it asks who comes next. */
  const onConnectEnd = (event, { fromNode, fromHandle, isValid }) => {
    if (isValid || !fromNode) return;
    const { clientX, clientY } = event.changedTouches?.[0] ?? event;
    const id = document.elementFromPoint(clientX, clientY)?.closest(".react-flow__node")?.dataset.id;
    const [source, target] = fromHandle?.type === "target" ? [id, fromNode.id] : [fromNode.id, id];
    if (source && target) run("connect", { source, target });
    else if (!id && fromHandle?.type === "source") onAddMember({ after: fromNode.id === PROMPT ? null : fromNode.id });
  };
  const onDrop = (event) => {
    const agentId = event.dataTransfer.getData(DRAGGED_AGENT);
    if (!agentId) return;
    event.preventDefault();
    const { x, y } = flow.screenToFlowPosition({ x: event.clientX, y: event.clientY });
    const isByHand = membersOf(draft).some((member) => member.position);
    run("add", { agentId, position: isByHand ? { x: x - WIDTH / 2, y: y - HEIGHT / 2 } : null });
  };

  return (
    <div className="wd-canvas">
      <p id="wd-canvas-hint" className="sr-only">{t("designer.canvas.hint")}</p>
      <ReactFlow
        tabIndex={0} aria-label={t("designer.canvas.label")} aria-describedby="wd-canvas-hint" {...keys}
        nodes={nodes} edges={edges} nodeTypes={NODE_TYPES} edgeTypes={EDGE_TYPES}
        onNodesChange={onNodesChange} onEdgesChange={onEdgesChange}
        onNodeDragStart={() => { isDragging.current = true; }} onNodeDragStop={onNodeDragStop}
        onConnect={(wire) => run("connect", wire)} onConnectEnd={onConnectEnd}
        isValidConnection={({ source, target }) => !reasonAgainst(draft, source, target)}
        onPaneClick={() => select([])} onNodeClick={(_event, node) => node.type !== "member" && select([])} onDrop={onDrop} onDragOver={(event) => event.preventDefault()}
        nodesFocusable={false} edgesFocusable={false} disableKeyboardA11y deleteKeyCode={null} selectionKeyCode="Shift"
        multiSelectionKeyCode={["Shift", "Meta", "Control"]} panOnScroll={false} zoomOnDoubleClick={false} preventScrolling
        minZoom={0.2} maxZoom={2} connectionRadius={36} fitView fitViewOptions={FIT} attributionPosition="bottom-center"
      >
        <Background gap={20} size={1.5} />
        {hasMap && <MiniMap pannable zoomable ariaLabel={t("designer.canvas.map")} position="bottom-left" nodeBorderRadius={10} />}
        {membersOf(draft).length === 0 && <Panel position="top-center" className="wd-empty">{t("designer.canvas.empty")}</Panel>}
        {onPalette && (
          <Panel position="top-left">
            <button type="button" className="btn btn-secondary wd-open-palette" onClick={onPalette}><PanelLeft aria-hidden="true" />{t("designer.palette.title")}</button>
          </Panel>
        )}
        <Panel position="bottom-right">
          <CanvasTools flow={flow} fit={fit} hasMap={hasMap} onMap={() => setHasMap(!hasMap)} onHelp={onHelp} />
        </Panel>
      </ReactFlow>
    </div>
  );
}

function nodesOf(draft, places, selection) {
  const chosen = new Set(selection);
  const still = (id, type) => ({ id, type, position: places[id], data: {}, draggable: false, selectable: false, width: PROMPT_WIDTH, height: HEIGHT });
  const members = membersOf(draft).map((member) => ({
    id: idOf(member), type: "member", position: places[idOf(member)], data: { member }, selected: chosen.has(idOf(member)), width: WIDTH, height: HEIGHT,
  }));
  return [still(PROMPT, "prompt"), ...members, ...(places[RESULT] ? [still(RESULT, "result")] : [])];
}

function flowEdges(draft, picked, selection) {
  const chosen = new Set(selection);
  const labelled = new Set();
  const isCrowded = groupsOf(draft).some((group) => group.length > TALLEST);
  const gathered = branchEnds(draft).map((id) => ({
    id: `${id}→${RESULT}`, source: id, target: RESULT, type: "flow", selectable: false, data: { isImplied: true, isCrowded, condition: null, isNear: chosen.has(id) },
  }));
  const drawn = edgesOf(draft).map((edge) => {
    const member = membersOf(draft).find((each) => idOf(each) === edge.target);
    const isGated = Boolean(member.conditions?.length);
    const hasLabel = isGated && !labelled.has(edge.target);
    labelled.add(edge.target);
    const data = { isImplied: edge.isImplied, isCrowded, condition: isGated ? member : null, hasLabel, isNear: chosen.has(edge.target) || chosen.has(edge.source) };
    return { id: edge.id, source: edge.source, target: edge.target, type: "flow", selected: picked.includes(edge.id), data };
  });
  return [...drawn, ...gathered];
}

/** Show all of it whenever somebody came or went or the strategy changed, unless the person placed nodes by hand, and when there is more room. */
function useFit(flow, draft, isWide) {
  const shape = `${kindOf(draft)} ${membersOf(draft).length}`;
  const isByHand = membersOf(draft).some((member) => member.position);
  const shown = useRef({ shape, isWide });
  useEffect(() => {
    const before = shown.current;
    shown.current = { shape, isWide };
    const isOther = before.isWide !== isWide || (before.shape !== shape && !isByHand);
    if (!isOther) return undefined;
    const timer = setTimeout(() => flow.fitView({ ...FIT, duration: motion() }), 30);
    return () => clearTimeout(timer);
  }, [flow, shape, isByHand, isWide]);
}
