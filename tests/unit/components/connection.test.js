/** The monitor socket's manners: resume from the last seq, start again when told, give up when refused. */
import { afterEach, beforeEach, expect, jest, test } from "bun:test";
import { Connection } from "../../../renum_app/components/execution/connection.js";

/** A browser with nothing in it but sockets that the test moves. */
class FakeSocket {
  static opened = [];
  static OPEN = 1;
  static CLOSED = 3;
  readyState = 1;
  sent = [];

  constructor(url) {
    this.url = url;
    FakeSocket.opened.push(this);
  }
  send(text) {
    this.sent.push(JSON.parse(text));
  }
  close(code = 1000) {
    this.fall(code);
  }
  fall(code) {
    if (this.readyState === 3) return;
    this.readyState = 3;
    this.onclose?.({ code });
  }
  say(...messages) {
    for (const message of messages) this.onmessage({ data: JSON.stringify(message) });
  }
}

const quiet = { addEventListener() {}, removeEventListener() {} };
const event = (seq) => ({ type: "log", seq, timestamp: "2026-01-01T12:00:00Z", data: {} });
let seen;
let links;
let restarts;
let connection;

beforeEach(() => {
  jest.useFakeTimers();
  FakeSocket.opened = [];
  Object.assign(globalThis, {
    window: quiet, document: { ...quiet, hidden: false }, location: { protocol: "http:", host: "renum" }, WebSocket: FakeSocket,
    requestAnimationFrame: (draw) => setTimeout(draw, 16), cancelAnimationFrame: clearTimeout,
  });
  [seen, links, restarts] = [[], [], 0];
  connection = new Connection("run-1", {
    lastSeq: () => seen.filter((message) => message.seq).at(-1)?.seq ?? 0,
    onMessages: (batch) => seen.push(...batch),
    onStatus: (link) => links.push(link),
    onRestart: () => {
      seen = [];
      restarts += 1;
    },
  });
  connection.open();
  socket().onopen();
});

afterEach(() => {
  connection.close();
  jest.useRealTimers();
});

const socket = () => FakeSocket.opened.at(-1);

test("it starts at the beginning and asks for live text", () => {
  expect(socket().url).toBe("ws://renum/ws/executions/run-1/monitor?after=0&live=1&batch=1");
});

test("messages of one frame arrive as one batch, in order", () => {
  const batches = [];
  connection.onMessages = (batch) => batches.push(batch.map((message) => message.seq));
  socket().say(event(1), event(2), event(3));
  expect(batches).toEqual([]);
  jest.advanceTimersByTime(20);
  expect(batches).toEqual([[1, 2, 3]]);
});

test("a lost socket is resumed after the last seq, also when its frame was not drawn yet", () => {
  socket().say({ type: "snapshot", last_seq: 2 }, event(1), event(2));
  socket().fall(1006);
  expect(links.at(-1)).toMatchObject({ phase: "reconnecting", tries: 1 });
  jest.advanceTimersByTime(1000);
  expect(FakeSocket.opened).toHaveLength(2);
  expect(socket().url).toContain("after=2&");
});

test("a bunch is the messages in it, in order", () => {
  const batches = [];
  connection.onMessages = (batch) => batches.push(batch.map((message) => message.seq));
  socket().say({ type: "batch", messages: [event(1), event(2), event(3)] });
  jest.advanceTimersByTime(20);
  expect(batches).toEqual([[1, 2, 3]]);
});

test("it tries again more and more slowly", () => {
  for (let round = 0; round < 4; round += 1) {
    socket().fall(1006);
    jest.advanceTimersByTime(6000);
  }
  expect(links.map((link) => link.tries)).toEqual([1, 2, 3, 4]);
  socket().fall(1006);
  jest.advanceTimersByTime(3000);
  expect(FakeSocket.opened).toHaveLength(5);
});

test("a reader that was too slow starts again from nothing", () => {
  socket().say(event(1), event(2));
  jest.advanceTimersByTime(20);
  const slow = socket();
  slow.say({ type: "resync_required", last_seq: 2 });
  expect(restarts).toBe(1);
  jest.advanceTimersByTime(600);
  expect(socket()).not.toBe(slow);
  expect(socket().url).toContain("after=0&");
  slow.say(event(9));
  jest.advanceTimersByTime(20);
  expect(seen).toEqual([]);
});

test.each([[4404, "not_found"], [4401, "signed_out"]])("a refusal %p is told and not tried again", (code, phase) => {
  socket().fall(code);
  jest.advanceTimersByTime(60_000);
  expect(links.at(-1).phase).toBe(phase);
  expect(FakeSocket.opened).toHaveLength(1);
});

test("after the end it does not connect again", () => {
  socket().say({ type: "status_update", seq: 1, data: { status: "completed" } });
  socket().fall(1000);
  jest.advanceTimersByTime(60_000);
  expect(links.at(-1).phase).toBe("over");
  expect(FakeSocket.opened).toHaveLength(1);
});

test("a socket that went silent is asked, then given up", () => {
  jest.setSystemTime(Date.now());
  jest.advanceTimersByTime(12_000);
  expect(socket().sent).toEqual([{ command: "ping" }]);
  jest.advanceTimersByTime(40_000);
  expect(links.some((link) => link.phase === "reconnecting")).toBe(true);
});
