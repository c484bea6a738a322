import { fetchJson } from "../http.js";
import { viewerId } from "../page.js";
import { live } from "../socket.js";
import { showUnread, unread } from "../unread.js";

const ADDRESS = "/waiting";
const PAUSE = 300;
let isAsking = false;
let isStale = false;
let isFirst = true;

/** Keeps what the rail counts: the answers that an expert owes, and where no list counts them the unread conversations. */
live.addEventListener("escrow_updated", ({ detail: { escrow } }) => {
  if (escrow.expertId === viewerId) refresh();
});
live.addEventListener("message_received", ({ detail: { message } }) => {
  if (message.senderId !== viewerId && !hasList()) refresh();
});
live.addEventListener("messages_read", ({ detail: { userId } }) => {
  if (userId === viewerId && !hasList()) refresh();
});
live.addEventListener("conversation_settings_updated", () => {
  if (!hasList()) refresh();
});

// Without a connection something may have been missed; the page itself came with the first.
live.addEventListener("connected", () => {
  if (!isFirst) refresh();
  isFirst = false;
});

const hasList = () => document.querySelector("conversation-list") !== null;

/** One question at a time, after a pause in which more may come; what happens meanwhile is asked for afterwards. */
async function refresh() {
  isStale = true;
  if (isAsking) return;
  isAsking = true;
  while (isStale) {
    await new Promise((resolve) => setTimeout(resolve, PAUSE));
    isStale = false;
    const answer = await fetchJson(ADDRESS);
    if (answer) show(answer);
  }
  isAsking = false;
}

function show(answer) {
  const owed = document.querySelector("[data-owed]");
  if (owed) {
    owed.textContent = answer.owed;
    owed.hidden = answer.owed === 0;
  }
  if (hasList()) return;
  unread.recount(answer.unread);
  showUnread();
}
