const MESSAGE_RECEIVED = Buffer.from('42["message_received"');
const RUN = Date.now().toString(36);
let texts = 0;

/** A line of chat that no other message has. */
const text = () => `Could we move Thursday’s review? I’d like the new figures first – at 15:30? (${RUN}-${texts++})`;

/**
 * One conversation as its listeners, numbered from 0, see it. Each of them must get every message exactly once, in
 * version order and unaltered. `onDelivery(listener, post)` hears of every delivery.
 *
 * A post is {content, sender, due, version, frame, arrivals}. The frame of a message's first arrival is checked in
 * full; later arrivals are compared with it as bytes, and looked into only where they differ.
 */
export class Channel {
  faults = { refused: 0, doubled: 0, disordered: 0, altered: 0 };
  accepted = 0;
  onDelivery = () => {};
  #unseen = new Map();
  #posts = [];
  #asking = 0;

  constructor(conversation, listeners) {
    this.id = conversation.id;
    this.first = conversation.version + 1;
    this.next = new Array(listeners).fill(this.first);
    this.skipped = Array.from({ length: listeners }, () => new Set());
  }

  /** Sends a message by the listener `sender`; resolves when the server has answered. */
  async send(socket, sender, due = performance.now()) {
    const post = { content: text(), sender, due, version: null, frame: null, arrivals: 0 };
    this.#unseen.set(post.content, post);
    this.#asking++;
    const answer = await socket.ask("new_message", { conversationId: this.id, content: post.content });
    this.#asking--;
    if (answer?.success) this.accepted++;
    else this.faults.refused++;
    return answer;
  }

  receive(listener, frame) {
    const post = this.#posts[this.next[listener] - this.first];
    if (post?.frame.equals(frame)) this.#deliver(listener, post);
    else if (frame.subarray(0, MESSAGE_RECEIVED.length).equals(MESSAGE_RECEIVED)) this.#examine(listener, frame);
  }

  #deliver(listener, post) {
    this.next[listener] = post.version + 1;
    post.arrivals++;
    this.onDelivery(listener, post);
  }

  #examine(listener, frame) {
    const { message, conversationId, version } = JSON.parse(frame.toString("utf8", 2))[1];
    const post = this.#posts[version - this.first] ?? this.#admit(message.content, version, frame);
    if (!post || message.content !== post.content || message.version !== version || conversationId !== this.id) {
      this.faults.altered++;
    } else if (version < this.next[listener]) {
      if (this.skipped[listener].delete(version)) this.faults.disordered++;
      else this.faults.doubled++;
    } else {
      for (let missed = this.next[listener]; missed < version; missed++) this.skipped[listener].add(missed);
      this.#deliver(listener, post);
    }
  }

  #admit(content, version, frame) {
    const post = this.#unseen.get(content);
    if (!post) return undefined;
    this.#unseen.delete(content);
    this.#posts[version - this.first] = Object.assign(post, { version, frame: Buffer.from(frame) });
    return post;
  }

  /** How many messages the listeners below `until` got so far, all added up. */
  delivered(until = this.next.length) {
    let sum = 0;
    for (let i = 0; i < until; i++) sum += this.next[i] - this.first - this.skipped[i].size;
    return sum;
  }

  get lost() {
    return Math.abs(this.accepted * this.next.length - this.delivered());
  }

  get complete() {
    return this.#asking === 0 && this.lost === 0;
  }

  /** Whatever was lost, doubled, out of order, altered or refused. */
  get wrong() {
    return Object.values(this.faults).reduce((sum, count) => sum + count, this.lost);
  }
}
