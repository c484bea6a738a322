const NEAR = 96;

/**
 * Keeps the reader's place in a scrolling list: at its end they follow what arrives, anywhere else the bubble at the top of
 * the view stays where it is, whatever is inserted, replaced or resized around it.
 */
export class Scroller {
  #viewport;
  #list;
  #anchor = null;
  #atEnd = true;

  /** `mayFollow` says whether the end of the list is the end of the conversation. */
  constructor(viewport, list, { mayFollow, onScroll, signal }) {
    this.#viewport = viewport;
    this.#list = list;
    this.mayFollow = mayFollow;
    // We hold the place ourselves; the browser's own anchoring would do it a second time.
    viewport.style.overflowAnchor = "none";
    viewport.addEventListener("scroll", () => {
      this.#note();
      onScroll();
    }, { passive: true, signal });
    const observer = new ResizeObserver(() => this.#settle(this.#follows));
    observer.observe(viewport);
    observer.observe(list);
    signal.addEventListener("abort", () => observer.disconnect());
  }

  get isNearEnd() {
    return this.#atEnd;
  }

  get toStart() {
    return this.#viewport.scrollTop;
  }

  get toEnd() {
    return this.#viewport.scrollHeight - this.#viewport.scrollTop - this.#viewport.clientHeight;
  }

  /** Changes the list without moving what is read. */
  hold(change) {
    const follows = this.#follows;
    change();
    this.#settle(follows);
  }

  goToEnd({ smooth = false } = {}) {
    this.#scrollTo(this.#viewport.scrollHeight, smooth && this.toEnd < 2 * this.#viewport.clientHeight);
  }

  /** Brings a bubble into view: its middle to the middle, or its top a little below the top. */
  goTo(bubble, { centred = false, smooth = false } = {}) {
    const { top, height } = bubble.getBoundingClientRect();
    const view = this.#viewport.getBoundingClientRect();
    const offset = centred ? (view.height - height) / 2 : view.height / 5;
    const way = top - view.top - Math.max(offset, 0);
    this.#scrollTo(this.#viewport.scrollTop + way, smooth && Math.abs(way) < 2 * view.height);
  }

  get #follows() {
    return this.#atEnd && this.mayFollow();
  }

  #scrollTo(top, isSmooth) {
    const isCalm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    this.#viewport.scrollTo({ top, behavior: isSmooth && !isCalm ? "smooth" : "instant" });
    this.#note();
  }

  #settle(follows) {
    if (follows) {
      this.#viewport.scrollTop = this.#viewport.scrollHeight;
    } else if (this.#anchor) {
      const bubble = this.#anchor.bubble.isConnected ? this.#anchor.bubble : document.getElementById(this.#anchor.bubble.id);
      const shift = bubble ? this.#topOf(bubble) - this.#anchor.top : 0;
      if (shift) this.#viewport.scrollTop += shift;
    }
    this.#note();
  }

  #note() {
    this.#atEnd = this.toEnd < NEAR;
    const bubble = this.#firstVisible();
    this.#anchor = bubble && { bubble, top: this.#topOf(bubble) };
  }

  #topOf(bubble) {
    return bubble.getBoundingClientRect().top - this.#viewport.getBoundingClientRect().top;
  }

  #firstVisible() {
    const bubbles = this.#list.querySelectorAll(":scope > .message");
    const edge = this.#viewport.getBoundingClientRect().top;
    let low = 0;
    let high = bubbles.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (bubbles[middle].getBoundingClientRect().bottom <= edge) low = middle + 1;
      else high = middle;
    }
    return bubbles[low] ?? null;
  }
}

/** The element that scrolls a list: itself or the nearest one around it. */
export function viewportOf(list) {
  let candidate = list;
  while (candidate.parentElement && !/auto|scroll/.test(getComputedStyle(candidate).overflowY)) {
    candidate = candidate.parentElement;
  }
  return candidate;
}
