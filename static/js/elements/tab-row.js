import { LiveElement } from "./live-element.js";

/** Tabs in one line, where there may be more of them than fit: the current one is in view, and each edge tells whether there are more beyond it. */
class TabRow extends LiveElement {
  connected(signal) {
    this.addEventListener("scroll", () => this.#tell(), { signal, passive: true });
    this.addEventListener("click", ({ target }) => this.#show(target.closest("a")), { signal });
    const sizes = new ResizeObserver(() => this.#tell());
    sizes.observe(this);
    signal.addEventListener("abort", () => sizes.disconnect());
    this.#show(this.querySelector("[aria-current]"));
  }

  /** In the middle, so that its neighbours are seen on both sides. */
  #show(tab) {
    if (tab) this.scrollLeft = tab.offsetLeft + (tab.offsetWidth - this.clientWidth) / 2;
  }

  #tell() {
    this.toggleAttribute("data-before", this.scrollLeft > 1);
    this.toggleAttribute("data-after", this.scrollLeft + this.clientWidth < this.scrollWidth - 1);
  }
}

customElements.define("tab-row", TabRow);
