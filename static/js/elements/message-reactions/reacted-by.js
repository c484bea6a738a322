import { placeBeside } from "../../anchoring.js";
import { element, parse } from "../../html.js";
import { fetchFragment } from "../../http.js";
import { isSameEmoji } from "../../lib/emoji-habits.js";
import { pillOf } from "./pills.js";

const PATIENCE = 350;
const GRACE = 200;

/** Tells beside a pill who reacted and when. Stays with its pill when the bubble is replaced, and goes when the pill goes. */
export class ReactedBy {
  #url;
  #box = element("div", { id: "reacted-by", class: "reacted-by", popover: "manual", role: "tooltip" });
  #pill = null;
  #timer = null;
  #observer = new MutationObserver(() => this.#follow());

  /** `url` (messageId) is where the fragment is. */
  constructor(url) {
    this.#url = url;
  }

  /** Whether it is shown, or about to be. */
  get isOpen() {
    return this.#pill !== null;
  }

  contains(node) {
    return this.#box.contains(node);
  }

  openSoon(pill) {
    clearTimeout(this.#timer);
    if (pill !== this.#pill) this.#timer = setTimeout(() => this.open(pill), PATIENCE);
  }

  closeSoon() {
    clearTimeout(this.#timer);
    if (this.isOpen) this.#timer = setTimeout(() => this.close(), GRACE);
  }

  stay() {
    clearTimeout(this.#timer);
  }

  open(pill) {
    this.close();
    this.#load(pill);
  }

  close() {
    clearTimeout(this.#timer);
    this.#observer.disconnect();
    this.#pill?.removeAttribute("aria-describedby");
    this.#pill = null;
    this.#box.remove();
  }

  async #load(pill) {
    this.#pill = pill;
    const { messageId } = pill.closest(".message").dataset;
    const html = await fetchFragment(this.#url(messageId));
    if (this.#pill !== pill) return;
    const people = html && sectionOf(html, pill.dataset.reaction);
    if (people && pill.isConnected) this.#show(people);
    else this.close();
  }

  #show(people) {
    this.#box.replaceChildren(people);
    if (!this.#box.isConnected) this.#pill.closest("message-list").after(this.#box);
    this.#box.showPopover();
    placeBeside(this.#box, this.#pill);
    this.#pill.setAttribute("aria-describedby", this.#box.id);
    this.#observer.observe(document.body, { childList: true, subtree: true });
  }

  #follow() {
    if (this.#pill.isConnected) return;
    const former = this.#pill.closest(".message");
    const bubble = former && document.getElementById(former.id);
    const pill = bubble && pillOf(bubble, this.#pill.dataset.reaction);
    if (pill) this.#load(pill);
    else this.close();
  }
}

function sectionOf(html, emoji) {
  return [...parse(html).querySelectorAll("[data-reaction]")].find(({ dataset }) => isSameEmoji(dataset.reaction, emoji));
}
