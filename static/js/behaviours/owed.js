import { fetchJson } from "../http.js";
import { viewerId } from "../page.js";
import { live } from "../socket.js";

const ADDRESS = "/experts/owed";
let asking = null;
let isStale = false;

/** Keeps the number of answers that an expert owes, in the rail. */
live.addEventListener("escrow_updated", ({ detail: { escrow } }) => {
  if (escrow.expertId === viewerId) refresh();
});

// Without a connection something may have been missed; the page itself came with the first.
let isFirst = true;
live.addEventListener("connected", () => {
  if (!isFirst && badge()) refresh();
  isFirst = false;
});

const badge = () => document.querySelector("[data-owed]");

/** One question at a time; what happens meanwhile is asked for afterwards. */
async function refresh() {
  isStale = true;
  if (asking) return;
  while (isStale) {
    isStale = false;
    asking = fetchJson(ADDRESS);
    show(await asking);
  }
  asking = null;
}

function show(answer) {
  const place = badge();
  if (!place || !answer) return;
  place.textContent = answer.owed;
  place.hidden = answer.owed === 0;
}
