import { fetchFragment } from "../http.js";
import { parse } from "../html.js";
import { text, viewerId } from "../page.js";
import { live } from "../socket.js";
import { clockface } from "../state.js";
import { toast } from "./toasts.js";

/** A word to an expert when the time for an answer runs short. */
live.addEventListener("escrow_updated", ({ detail: { escrow } }) => {
  if (escrow.expertId === viewerId && escrow.reminders) whenLookedAt(() => remind(escrow));
});

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
  const words = text("reminder", { name, time: clockface.deadline(new Date(answerBy)) });
  const run = () => location.assign(`/priority/${conversationId}`);
  toast(words, { action: { label: text("open"), run } });
}
