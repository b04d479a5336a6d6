/** A long list of lines of any height: blocks of lines near the screen are there, the others are a gap of their height. */
import { useLayoutEffect, useMemo, useRef, useState } from "react";
import { Icon } from "./icons.jsx";

const BLOCK = 40;
const LINE_PX = 28;

export function Windowed({ items, keyOf, render, label, backLabel, isLive }) {
  const box = useRef(null);
  const heights = useRef(new Map());
  const [range, setRange] = useState([0, 2]);
  const [isFollowing, setFollowing] = useState(true);
  const blocks = useMemo(() => cut(items), [items]);
  const look = () => {
    if (!box.current) return;
    const [first, last] = visible(box.current, blocks.length, heights.current);
    setRange((old) => (old[0] === first && old[1] === last ? old : [first, last]));
  };
  const toEnd = () => {
    setFollowing(true);
    box.current.scrollTop = box.current.scrollHeight;
    look();
  };
  useLayoutEffect(() => {
    if (isFollowing && isLive && box.current) box.current.scrollTop = box.current.scrollHeight;
    look();
  }, [items, isFollowing, range[0]]);
  const onScroll = () => {
    const { scrollTop, scrollHeight, clientHeight } = box.current;
    setFollowing(scrollHeight - scrollTop - clientHeight < 40);
    look();
  };
  return (
    <div className="run-windowed">
      <div className="run-scroll" ref={box} onScroll={onScroll} tabIndex={0} role="log" aria-live="off" aria-label={label}>
        {blocks.map((block, place) =>
          place >= range[0] && place <= range[1]
            ? <Block key={place} place={place} block={block} keyOf={keyOf} render={render} heights={heights.current} />
            : <div key={place} style={{ height: heightOf(place, heights.current) }} />,
        )}
      </div>
      {!isFollowing && isLive && <button type="button" className="run-chip run-back" onClick={toEnd}><Icon name="down" />{backLabel}</button>}
    </div>
  );
}

function Block({ place, block, keyOf, render, heights }) {
  const node = useRef(null);
  useLayoutEffect(() => {
    heights.set(place, node.current.offsetHeight);
  });
  return <div ref={node}>{block.map((item) => <div key={keyOf(item)}>{render(item)}</div>)}</div>;
}

function cut(items) {
  const blocks = [];
  for (let at = 0; at < items.length; at += BLOCK) blocks.push(items.slice(at, at + BLOCK));
  return blocks;
}

const heightOf = (place, heights) => heights.get(place) ?? BLOCK * LINE_PX;

function visible(box, count, heights) {
  const [top, bottom] = [box.scrollTop - 400, box.scrollTop + box.clientHeight + 400];
  let first = count - 1;
  let last = 0;
  for (let place = 0, at = 0; place < count; place += 1) {
    const end = at + heightOf(place, heights);
    if (end >= top && first > place) first = place;
    if (at <= bottom) last = place;
    at = end;
  }
  return [Math.max(first, 0), last];
}
