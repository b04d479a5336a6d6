/**
 * The monitor WebSocket of one execution: connect, fold in, reconnect from the last `seq`.
 *
 * It knows nothing of React. `onMessages(batch)` gets whole batches, at most one a frame.
 */
import { FINAL } from "./reducer.js";

const BACKOFF_MS = [500, 1000, 2000, 3000, 5000];
const PING_MS = 12000;
const SILENCE_MS = 30000;
const STEADY_MS = 5000;
const GONE = { 4401: "signed_out", 4403: "refused", 4404: "not_found" };

export class Connection {
  constructor(executionId, { lastSeq, isBehind, onMessages, onStatus, onRestart }) {
    Object.assign(this, { executionId, lastSeq, isBehind, onMessages, onStatus, onRestart });
    this.batch = [];
    this.tries = 0;
    this.closed = false;
    this.over = false;
    this.wake = () => this.retryNow();
  }

  open() {
    window.addEventListener("online", this.wake);
    document.addEventListener("visibilitychange", this.wake);
    this.connect();
  }

  close() {
    this.closed = true;
    window.removeEventListener("online", this.wake);
    document.removeEventListener("visibilitychange", this.wake);
    clearTimeout(this.timer);
    clearInterval(this.pinger);
    cancelAnimationFrame(this.frame);
    clearTimeout(this.flusher);
    this.socket?.close(1000);
  }

  connect() {
    clearTimeout(this.timer);
    this.flush();
    const scheme = location.protocol === "https:" ? "wss" : "ws";
    const query = `after=${this.lastSeq()}&live=1&batch=1`;
    const socket = new WebSocket(`${scheme}://${location.host}/ws/executions/${this.executionId}/monitor?${query}`);
    this.socket = socket;
    socket.onopen = () => this.opened(socket);
    socket.onmessage = (event) => this.received(socket, JSON.parse(event.data));
    socket.onclose = (event) => this.lost(socket, event.code);
  }

  opened(socket) {
    this.openedAt = this.heard = Date.now();
    clearInterval(this.pinger);
    this.pinger = setInterval(() => this.check(socket), PING_MS);
  }

  /** A socket can look open long after the network is gone: ask, and give up on silence. */
  check(socket) {
    if (Date.now() - this.heard > SILENCE_MS) return socket.close();
    if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify({ command: "ping" }));
  }

  received(socket, message) {
    if (socket !== this.socket) return;
    this.heard = Date.now();
    if (message.type === "pong") return;
    if (message.type === "batch") return message.messages.forEach((each) => this.received(socket, each));
    if (message.type === "resync_required") return this.restart(socket);
    if (message.type === "snapshot") this.onStatus({ phase: "live" });
    if (message.type === "status_update" && FINAL.has(message.data?.status)) this.over = true;
    if (message.type === "snapshot" && FINAL.has(message.status)) this.over = (message.last_seq ?? 0) <= this.lastSeq();
    this.batch.push(message);
    this.schedule();
  }

  /** One flush a frame; a hidden tab has no frames, so a slow timer stands in. A long log is drawn when it is there. */
  schedule() {
    if (this.frame || this.flusher) return;
    if (this.isBehind?.()) this.flusher = setTimeout(() => this.flush(), 200);
    else if (document.hidden) this.flusher = setTimeout(() => this.flush(), 500);
    else this.frame = requestAnimationFrame(() => this.flush());
  }

  flush() {
    cancelAnimationFrame(this.frame);
    clearTimeout(this.flusher);
    this.frame = this.flusher = null;
    if (!this.batch.length) return;
    const batch = this.batch;
    this.batch = [];
    this.onMessages(batch);
  }

  restart(socket) {
    this.batch = [];
    this.onRestart();
    this.socket = null;
    socket.close(1000);
    this.timer = setTimeout(() => this.connect(), BACKOFF_MS[0]);
  }

  lost(socket, code) {
    if (this.closed || socket !== this.socket) return;
    clearInterval(this.pinger);
    this.flush();
    if (GONE[code]) return this.onStatus({ phase: GONE[code] });
    if (this.over) return this.onStatus({ phase: "over" });
    this.tries = this.heard - this.openedAt > STEADY_MS ? 1 : this.tries + 1;
    this.onStatus({ phase: "reconnecting", tries: this.tries, since: this.heard ?? Date.now() });
    const pause = BACKOFF_MS[Math.min(this.tries, BACKOFF_MS.length) - 1];
    this.timer = setTimeout(() => this.connect(), pause * (0.8 + Math.random() * 0.4));
  }

  /** The network or the tab is back: do not sit out the pause. */
  retryNow() {
    const waiting = this.socket?.readyState === WebSocket.CLOSED && !this.over;
    if (waiting && !document.hidden && !this.closed) this.connect();
  }
}
