import { fetchFragment } from "../http.js";
import { parse } from "../html.js";
import { amount } from "../lib/amount.js";
import { typedAmount } from "../lib/typed-amount.js";
import { text } from "../page.js";
import { live } from "../socket.js";
import { LiveElement } from "./live-element.js";

const WHOLE = ["wallet-balances", "wallet-held", "wallet-payouts"];
// What belongs together is told in several events.
const PAUSE_BEFORE_FETCH = 100;

/** The wallet's page, kept current as money moves; what somebody is typing stays. */
class WalletPage extends LiveElement {
  connected(signal) {
    for (const name of ["wallet_updated", "escrow_updated", "connected"]) {
      live.addEventListener(name, () => this.#refreshSoon(), { signal });
    }
    this.form = this.querySelector("[data-topup]");
    this.form?.addEventListener("input", () => this.#nameSum(), { signal });
    this.#nameSum();
  }

  disconnected() {
    clearTimeout(this.timer);
  }

  #refreshSoon() {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.#refresh(), PAUSE_BEFORE_FETCH);
  }

  async #refresh() {
    const html = await fetchFragment(this.dataset.url);
    if (html === null || !this.isConnected) return;
    const fresh = parse(html), before = this.#available();
    for (const id of WHOLE) document.getElementById(id)?.replaceWith(fresh.getElementById(id));
    mergeLines(document.getElementById("wallet-statement"), fresh.getElementById("wallet-statement"));
    const now = this.#available();
    if (now !== before) this.querySelector("[data-told]").textContent = text("available", { amount: now });
  }

  #available() {
    return this.querySelector(".balance-sum").textContent;
  }

  /** A button that moves money names the sum. */
  #nameSum() {
    if (!this.form) return;
    const { choice, amount: typed } = this.form.elements;
    const minor = choice.value === "other" ? typedAmount(typed.value) : Number(choice.value);
    const sum = minor && amount(minor, this.form.dataset.currency);
    this.form.querySelector("[type=submit]").textContent = sum ? text("top-up", { amount: sum }) : text("top-up-other");
  }
}

/** Lines that are new go on top, those that are there are brought up to date; older ones that were asked for stay. */
function mergeLines(shown, fresh) {
  const body = shown.querySelector("#wallet-lines");
  if (!body) {
    shown.replaceWith(fresh);
    return;
  }
  for (const line of [...fresh.querySelectorAll("[id^=line-]")].reverse()) {
    const present = document.getElementById(line.id);
    if (present) present.replaceWith(line);
    else body.prepend(line);
  }
}

customElements.define("wallet-page", WalletPage);
