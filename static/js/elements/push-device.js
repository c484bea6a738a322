import { toast } from "../behaviours/toasts.js";
import { element } from "../html.js";
import { pushState } from "../lib/push-state.js";
import { text } from "../page.js";
import { registered, subscribe, subscription, unsubscribe } from "../worker.js";
import { LiveElement } from "./live-element.js";

const EXPLAINED = { denied: "push-denied", unsupported: "push-unsupported", install: "push-install" };

/** Notifications on this very device: a switch, or why there is none. */
class PushDevice extends LiveElement {
  connected(signal) {
    this.addEventListener("click", ({ target }) => target.closest("button") && this.#turn(), { signal });
    this.#show();
  }

  async #show() {
    const state = await stateOfDevice();
    this.dataset.state = state;
    if (EXPLAINED[state]) this.replaceChildren(element("p", { class: "hint" }, text(EXPLAINED[state])));
    else this.replaceChildren(this.#switch(state === "on"));
  }

  #switch(isOn) {
    const label = element("span", { class: "line-text" }, text("push-on"),
      element("span", { class: "hint" }, text(isOn ? "push-on-hint" : "push-off-hint")));
    return element("button", { type: "button", class: "line switch", role: "switch", "aria-checked": String(isOn) }, label);
  }

  async #turn() {
    try {
      if (this.dataset.state === "on") await unsubscribe();
      else await subscribe();
    } catch {
      // Refused by the viewer, or by the browser: what is shown says so.
      if (Notification.permission === "granted") toast(text("error"), { isError: true });
    }
    await this.#show();
  }
}

async function stateOfDevice() {
  const registration = await registered;
  return pushState({
    hasPush: Boolean(registration?.pushManager),
    permission: globalThis.Notification?.permission,
    isSubscribed: (await subscription()) !== null,
    isApple: /iPhone|iPad/.test(navigator.userAgent),
    isInstalled: matchMedia("(display-mode: standalone)").matches,
  });
}

customElements.define("push-device", PushDevice);
