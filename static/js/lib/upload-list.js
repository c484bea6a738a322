import { Emitter } from "./emitter.js";

const MOST = 5;

/**
 * The files that the next message of a conversation will have. Each is {id, file, state, sent, error, attachment}: `state`
 * is "uploading", "ready" or "failed", `sent` how many of its bytes are, `attachment` what the server made of it.
 *
 * `upload(file, {onProgress, signal})` answers the attachment, or throws an Error with words for a person.
 * Emits `changed` after everything, and `refused` {words} for what is not even tried.
 */
export class UploadList extends Emitter {
  #items = [];
  #controls = new Map();
  #lastId = 0;
  #upload;
  #check;
  #discard;
  #tooMany;

  constructor({ upload, check = () => "", discard = () => {}, tooMany = "" }) {
    super();
    this.#upload = upload;
    this.#check = check;
    this.#discard = discard;
    this.#tooMany = tooMany;
  }

  get items() {
    return [...this.#items];
  }

  get isEmpty() {
    return this.#items.length === 0;
  }

  /** Whether all of them can be sent. */
  get isReady() {
    return this.#items.every(({ state }) => state === "ready");
  }

  /** Takes files in, as many as there is room for; what cannot be sent is refused with a word for it. */
  add(files) {
    for (const file of files) {
      const refusal = this.#items.length >= MOST ? this.#tooMany : this.#check(file);
      if (refusal) {
        this.emit("refused", { words: file.name && this.#items.length < MOST ? `${file.name}: ${refusal}` : refusal });
        continue;
      }
      this.#lastId += 1;
      const item = { id: this.#lastId, file, state: "uploading", sent: 0, error: "", attachment: null };
      this.#items.push(item);
      this.#begin(item);
    }
    this.emit("changed");
  }

  /** Tries a failed one again. */
  retry(id) {
    const item = this.#find(id);
    if (item?.state !== "failed") return;
    Object.assign(item, { state: "uploading", sent: 0, error: "" });
    this.#begin(item);
    this.emit("changed");
  }

  /** Takes one out, wherever it is on its way. */
  remove(id) {
    const item = this.#find(id);
    if (!item) return;
    this.#items = this.#items.filter((other) => other !== item);
    this.#controls.get(id)?.abort();
    this.#controls.delete(id);
    if (item.attachment) this.#discard(item.attachment.id);
    this.emit("changed");
  }

  /** The attachments, for the message that takes them along; none is left. */
  take() {
    const taken = this.#items.map(({ attachment }) => attachment);
    this.#items = [];
    this.emit("changed");
    return taken;
  }

  #find(id) {
    return this.#items.find((item) => item.id === id);
  }

  async #begin(item) {
    const control = new AbortController();
    this.#controls.set(item.id, control);
    try {
      item.attachment = await this.#upload(item.file, {
        signal: control.signal,
        onProgress: (sent) => {
          item.sent = sent;
          this.emit("changed");
        },
      });
      item.state = "ready";
    } catch (error) {
      Object.assign(item, { state: "failed", error: error.message });
    }
    this.#controls.delete(item.id);
    if (this.#find(item.id)) this.emit("changed");
    else if (item.attachment) this.#discard(item.attachment.id);
  }
}
