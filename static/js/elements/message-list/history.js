import { fetchFragment } from "../../http.js";
import { pageIn } from "./bubbles.js";

const PAUSE_AFTER_FAILURE = 3_000;
const MOST_PAGES = 10;

/** Fetches the pages before and after what is loaded, one at a time in each direction. */
export class History {
  #url;
  #timeline;
  #signal;
  #busy = new Set();

  constructor(conversationId, timeline, signal) {
    this.#url = `/conversations/${conversationId}/messages`;
    this.#timeline = timeline;
    this.#signal = signal;
  }

  /** The bubbles of the page before (or none), or null when there is nothing to fetch now. */
  older() {
    return this.#page("before", "hasOlder", this.#timeline.first);
  }

  newer() {
    return this.#page("after", "hasNewer", this.#timeline.last);
  }

  /** The last page of the conversation, or null when it cannot be had. */
  async latest() {
    const html = await fetchFragment(this.#url, { signal: this.#signal });
    return html === null ? null : pageIn(html);
  }

  /** What has changed since a version, page by page: {bubbles, hidden, version, isTooMuch}; gives up where too much was missed. */
  async* changesSince(version) {
    let hasMore = true;
    for (let count = 0; hasMore && count < MOST_PAGES; count += 1) {
      const html = await fetchFragment(`${this.#url}?since=${version}`, { signal: this.#signal });
      if (html === null) return;
      const page = pageIn(html);
      ({ hasMore } = page);
      version = hasMore ? Math.max(...page.bubbles.map(({ dataset }) => Number(dataset.version))) : page.version;
      yield { ...page, version, isTooMuch: hasMore && count === MOST_PAGES - 1 };
    }
  }

  async #page(parameter, flag, edge) {
    if (!this.#timeline[flag] || !edge || this.#busy.has(flag)) return null;
    this.#busy.add(flag);
    const html = await fetchFragment(`${this.#url}?${parameter}=${edge.id}`, { signal: this.#signal });
    if (html === null) {
      setTimeout(() => this.#busy.delete(flag), PAUSE_AFTER_FAILURE);
      return null;
    }
    this.#busy.delete(flag);
    const page = pageIn(html);
    this.#timeline[flag] = page.hasMore;
    return page.bubbles;
  }
}
