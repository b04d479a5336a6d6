/**
 * Everything that was told of an execution, in order, to see it as it was at any moment.
 *
 * It costs nothing while one follows live: states are folded when somebody looks back, and some are kept on the way.
 */
import { initial, reduce } from "./reducer.js";

const EVERY = 400;
/** What changes the picture enough to be worth a stop on the way back. */
const MILESTONES = new Set(["status_update", "agent_status_update", "error_update"]);

export class History {
  constructor(executionId) {
    this.executionId = executionId;
    this.clear();
  }

  clear() {
    this.snapshot = null;
    this.messages = [];
    this.times = [];
    this.kept = [];
  }

  /** Take in what the connection brought; repeats and unnumbered pieces are nothing to look back at. */
  add(batch) {
    for (const message of batch) {
      if (message.type === "snapshot") this.snapshot ??= message;
      else if (message.seq > (this.messages.at(-1)?.seq ?? 0)) {
        this.messages.push(message);
        this.times.push(Date.parse(message.timestamp));
      }
    }
  }

  get begin() {
    return this.times[0] ?? null;
  }

  /** The execution as it was at a moment of the server's clock. */
  at(moment) {
    return { ...this.after(this.countAt(moment)), shownAt: moment };
  }

  /** How many messages had come by then. */
  countAt(moment) {
    let [low, high] = [0, this.times.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.times[middle] <= moment) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  /** The moment of the milestone before (-1) or after (1) one; null where there is none. */
  milestone(moment, direction) {
    const { messages, times } = this;
    for (let place = direction < 0 ? this.countAt(moment) - 1 : this.countAt(moment); messages[place]; place += direction) {
      if (MILESTONES.has(messages[place].type) && times[place] !== moment) return times[place];
    }
    return null;
  }

  /** The state after so many messages. */
  after(count) {
    if (!this.kept.length) this.kept.push(this.#begun());
    while (this.kept.length * EVERY <= count) {
      const from = (this.kept.length - 1) * EVERY;
      this.kept.push(reduce(this.kept.at(-1), this.messages.slice(from, from + EVERY)));
    }
    const nearest = Math.floor(count / EVERY);
    return reduce(this.kept[nearest], this.messages.slice(nearest * EVERY, count));
  }

  /** Names and places are known from the beginning; what the snapshot says of the present is left out. */
  #begun() {
    const names = { ...this.snapshot, type: "snapshot", last_seq: 0, estimated_completion: null, started_at: null };
    return reduce(initial(this.executionId), [names]);
  }
}
