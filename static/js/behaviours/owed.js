import { fetchFragment, fetchJson } from "../http.js";
import { parse } from "../html.js";
import { text, viewerId } from "../page.js";
import { live } from "../socket.js";
import { clockface } from "../state.js";
import { toast } from "./toasts.js";

const BADGE = "[data-owed]";
const PAUSE = 150;
let timer = null;
let wasConnected = false;

/** How many answers an expert owes, on the badge of every page; and a word when the time for one runs short. */
live.addEventListener("escrow_updated", ({ detail: { escrow } }) => {
  if (escrow.expertId !== viewerId) return;
  count();
  if (escrow.state === "held" && escrow.reminders) whenLookedAt(() => remind(escrow));
});

live.addEventListener("connected", () => {
  if (wasConnected) count();
  wasConnected = true;
});

function count() {
  clearTimeout(timer);
  timer = setTimeout(show, PAUSE);
}

async function show() {
  if (!document.querySelector(BADGE)) return;
  const total = await fetchJson("/priority/total");
  for (const badge of total ? document.querySelectorAll(BADGE) : []) {
    badge.textContent = total.count;
    badge.hidden = total.count === 0;
  }
}

/** A line that nobody sees is gone before it is read. */
function whenLookedAt(run) {
  if (document.visibilityState === "visible") run();
  else document.addEventListener("visibilitychange", run, { once: true });
}

/** Asked for anew: it may have been answered meanwhile. */
async function remind({ id, conversationId, answerBy }) {
  const html = await fetchFragment(`/priority/escrows/${id}`);
  const name = html && parse(html).querySelector(".queue-name")?.textContent;
  if (!name) return;
  const words = text("reminder", { name, time: clockface.moment(new Date(answerBy)) });
  const run = () => location.assign(`/priority/${conversationId}`);
  toast(words, { action: { label: text("open"), run } });
}
