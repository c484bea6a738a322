import { setAttribute } from "../html.js";
import { routeOf } from "../lib/route.js";
import { loadDetails, visitList } from "../navigation.js";
import { openConversationId } from "../page.js";
import { conversationSkeleton } from "./conversation-skeleton.js";
import { LiveElement } from "./live-element.js";

const SLOW = 150;

/** The panes around each other: follows the address, so that a phone's Back works, and folds the details away. */
class AppShell extends LiveElement {
  connected(signal) {
    const on = (name, handle) => document.addEventListener(name, handle, { signal });
    this.opened = openConversationId();
    on("htmx:before:request", ({ detail }) => this.#loading(detail.ctx));
    on("htmx:finally:request", ({ detail }) => this.#loaded(detail.ctx));
    // The address changes before the new content comes, which therefore finds its pane visible and can measure itself.
    on("htmx:after:history:update", () => this.#arrange());
    on("htmx:before:history:restore", (event) => this.#restore(event));
    on("htmx:after:swap", () => this.#swapped());
    // Caught on its way down, before htmx fetches the details anew to open what is open.
    this.addEventListener("click", (event) => this.#clicked(event), { capture: true, signal });
  }

  get details() {
    return this.querySelector("#details");
  }

  get #hasDetails() {
    return this.details?.childElementCount > 0;
  }

  /** Folds the details away; whether there were any. */
  closeDetails() {
    if (!this.#hasDetails) return false;
    const hadFocus = this.details.contains(document.activeElement);
    this.details.replaceChildren();
    const { conversationId } = routeOf(location.pathname) ?? {};
    if (conversationId) history.pushState({ htmx: true }, "", `/conversations/${conversationId}`);
    this.#arrange();
    if (hadFocus) this.querySelector("[data-toggle-details]")?.focus({ preventScroll: true });
    return true;
  }

  /** On a phone, returns to the list; whether there was something to return from. */
  back() {
    const isPhone = !this.querySelector("conversation-list, priority-queue")?.checkVisibility();
    if (!isPhone || !this.querySelector("[data-back]")) return false;
    this.dataset.pane = "list";
    visitList();
    return true;
  }

  #arrange() {
    const route = routeOf(location.pathname);
    if (route) setAttribute(this, "data-pane", route.pane);
  }

  /** Between a conversation and its own details only the details come and go. */
  #restore(event) {
    this.#arrange();
    const route = routeOf(location.pathname);
    const isOpen = route?.conversationId && route.conversationId === openConversationId() && !route.messageId;
    if (!isOpen) return;
    event.preventDefault();
    if (route.pane === "details") loadDetails(route.conversationId);
    else this.details.replaceChildren();
  }

  #swapped() {
    this.#arrange();
    const opened = openConversationId();
    if (opened === this.opened) return;
    this.opened = opened;
    if (routeOf(location.pathname)?.pane !== "details") this.details?.replaceChildren();
    document.dispatchEvent(new CustomEvent("conversation-opened", { detail: opened }));
  }

  #clicked(event) {
    const folds = event.target.closest("[data-close-details], [data-toggle-details]") && this.closeDetails();
    const returns = event.target.closest("[data-back]") && this.back();
    if (!folds && !returns) return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** What takes longer than a moment shows the shape of what comes. */
  #loading({ target }) {
    if (target?.id !== "conversation") return;
    clearTimeout(this.slow);
    this.slow = setTimeout(() => {
      target.setAttribute("aria-busy", "true");
      target.append(conversationSkeleton());
    }, SLOW);
  }

  #loaded({ target }) {
    if (target?.id !== "conversation") return;
    clearTimeout(this.slow);
    target.removeAttribute("aria-busy");
    target.querySelector(".skeleton-conversation")?.remove();
  }
}

customElements.define("app-shell", AppShell);
