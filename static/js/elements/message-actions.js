import { allowedActions } from "../lib/allowed-actions.js";
import { viewerId } from "../page.js";
import { LiveElement } from "./live-element.js";
import { commands } from "./message-actions/commands.js";
import { Forwarding } from "./message-actions/forwarding.js";
import { showFragment } from "./message-actions/fragment-dialog.js";
import { watchKeys } from "./message-actions/keys.js";
import { watchLongPress } from "./message-actions/long-press.js";
import { Menu } from "./message-actions/menu.js";
import { Toolbar } from "./message-actions/toolbar.js";
import { focusOn, standingOf } from "./message-list/bubbles.js";

/** What can be done with the messages of the list before it: by hovering, with the keyboard, by a long press. */
class MessageActions extends LiveElement {
  connected(signal) {
    this.list = this.parentElement.querySelector("message-list");
    this.toolbar = new Toolbar(this.querySelector("[role=toolbar]"));
    this.menu = new Menu(this.querySelector("[data-menu]"), {
      onChoose: (action) => this.#run(action, this.chosen),
      onReact: (emoji) => this.#react(emoji, this.chosen),
      onClose: () => this.#release(),
      signal,
    });
    this.forwarding = new Forwarding(this.querySelector("[data-forward-dialog]"), signal);
    this.#listen(signal);
    watchLongPress(this.list, { onHold: (bubble) => this.#openMenu(bubble), signal });
    watchKeys(this.list, { onAction: (action, bubble) => this.#act(action, bubble), signal });
  }

  disconnected() {
    this.toolbar.hide();
  }

  #listen(signal) {
    const on = (name, handle) => this.list.addEventListener(name, handle, { signal });
    on("pointerover", ({ target, pointerType }) => {
      if (pointerType !== "touch") this.#point(target.closest(".message"));
    });
    on("pointerleave", () => this.#point(this.#focused));
    // A click on a bubble gives the focus to the list itself.
    on("focusin", ({ target }) => this.#point(target.closest(".message") ?? this.#hovered));
    // Later, for what loses the focus may just be on its way to another place.
    on("focusout", () => setTimeout(() => this.#point(this.#focused ?? this.#hovered)));
    on("messages-changed", () => this.#renew());
    on("click", (event) => this.#clicked(event));
  }

  get #focused() {
    return this.list.contains(document.activeElement) ? document.activeElement.closest(".message") : null;
  }

  get #hovered() {
    return this.list.querySelector(".message:hover");
  }

  /** The toolbar goes along with the pointer, but never from under the hand that uses it. */
  #point(bubble) {
    if (bubble === this.toolbar.bubble || this.toolbar.isHeld || this.menu.isOpen) return;
    if (bubble) this.toolbar.show(bubble, this.#allowed(bubble));
    else this.toolbar.hide();
  }

  /** Its bubble may have been replaced, or be gone. */
  #renew() {
    const { bubble } = this.toolbar;
    if (!bubble || bubble.isConnected) return;
    const heir = this.list.bubble(bubble.dataset.messageId);
    if (heir) this.toolbar.show(heir, this.#allowed(heir));
    else this.toolbar.hide();
  }

  /** Left to the button, the focus would keep the toolbar from following the pointer. */
  #release() {
    const bubble = this.toolbar.pressed?.closest(".message");
    if (bubble) focusOn(bubble);
  }

  #clicked(event) {
    const bubble = event.target.closest(".message");
    const button = event.target.closest("[role=toolbar] [data-action]");
    if (button) this.#act(button.dataset.action, bubble);
    if (event.target.closest("[data-edits]")) {
      event.preventDefault();
      this.#run("history", bubble);
    }
    if (event.target.closest("[data-restore]")) this.#run("restore", bubble);
    if (event.target.closest("[data-remove-preview]")) this.#run("remove-preview", bubble);
  }

  #act(action, bubble) {
    if (action === "more") this.#openMenu(bubble);
    else if (action === "react") this.#openMenu(bubble, new Set(["react"]));
    else if (this.#allowed(bubble).has(action)) this.#run(action, bubble);
  }

  #openMenu(bubble, allowed = this.#allowed(bubble)) {
    if (allowed.size === 0) return;
    this.chosen = bubble;
    this.menu.open(allowed, this.toolbar.pressed ?? bubble.querySelector(".bubble"));
  }

  /** Told to the bubble as it now is: it may have been replaced while one chose. */
  #react(emoji, { dataset }) {
    this.list.bubble(dataset.messageId)?.dispatchEvent(new CustomEvent("react", { bubbles: true, detail: { emoji } }));
  }

  #run(action, chosen) {
    const bubble = this.list.bubble(chosen.dataset.messageId);
    if (!bubble) return;
    const message = { id: bubble.dataset.messageId, url: this.#url(bubble), bubble, list: this.list };
    if (action === "history") showFragment(this.querySelector("[data-edits-dialog]"), `${message.url}/edits`);
    else if (action === "receipts") showFragment(this.querySelector("[data-receipts-dialog]"), `${message.url}/receipts`);
    else if (action === "forward") this.forwarding.open(message.url);
    else commands[action](message);
  }

  #url(bubble) {
    return `/conversations/${this.list.dataset.conversationId}/messages/${bubble.dataset.messageId}`;
  }

  #allowed(bubble) {
    return allowedActions(standingOf(bubble), {
      id: viewerId,
      isAdmin: this.list.dataset.isAdmin === "true",
      seesReceipts: "receipts" in this.list.dataset || "readByAll" in this.list.dataset,
      canWrite: document.querySelector("message-composer form") !== null,
    });
  }
}

customElements.define("message-actions", MessageActions);
