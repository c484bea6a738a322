import { element, icon } from "../../html.js";
import { amount } from "../../lib/amount.js";
import { timeLeft } from "../../lib/time-left.js";
import { text, viewerId } from "../../page.js";

const SIGNS = { refunded: "undo-2", disputed: "scale" };
const SETTLED = ["answered", "refunded", "released", "disputed", "split"];

/** A line about a purchase that has just come: the message which was paid for shows what has become of it. */
export function followPurchase(list, { dataset: { step, about, createdAt } }) {
  if (!SETTLED.includes(step)) return;
  const bubble = list.querySelector(`:scope > [data-escrow-id="${CSS.escape(about)}"]`);
  if (!bubble) return;
  const answeredIn = bubble.dataset.paid === "held" ? Date.parse(createdAt) - Date.parse(bubble.dataset.boughtAt) : null;
  bubble.dataset.paid = step;
  const words = wordsOf(step, answeredIn);
  if (words) bubble.querySelector("[data-paid-state]").replaceChildren(icon(SIGNS[step] ?? "check", "icon-small"), element("span", {}, words));
}

/** Null where what stands there still holds: an answer that was paid out has been given as long ago. */
function wordsOf(step, answeredIn) {
  if (SIGNS[step]) return text(`purchase-${step}`);
  if (answeredIn === null) return null;
  const time = timeLeft(answeredIn).map(({ unit, count }) => text(`left-${unit}`, { count })).join(" ");
  return text("paid-answered", { time });
}

/** The line above the text of a message on its way that is paid for. */
export function paidHead({ level, priceMinor, currency }) {
  const sign = icon(level === "urgent" ? "zap" : "chevrons-up", "icon-small");
  const words = text("paid-level", { level: text(`level-${level}`), amount: amount(priceMinor, currency) });
  return element("span", { class: "paid-head" }, element("span", { class: "paid-level" }, sign, words));
}

/** A receipt names its reader. */
export function nameOwnReceipt(bubble) {
  const line = bubble.querySelector("[data-asked]");
  if (line?.dataset.clientId === viewerId) line.textContent = text("purchase-you-asked", { expert: line.dataset.expert });
  if (line?.dataset.expertId === viewerId) line.textContent = text("purchase-asked-you", { client: line.dataset.client });
}
