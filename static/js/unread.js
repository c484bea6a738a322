import { UnreadCount } from "./lib/unread-count.js";

const BADGE = "[data-unread-conversations]";
const MARK = /^\(\d+\+?\) /;

export const unread = new UnreadCount(shownTotal());

/** Puts the number of unread conversations on the badges and before the title. */
export function showUnread() {
  for (const badge of document.querySelectorAll(BADGE)) {
    badge.textContent = unread.total;
    badge.hidden = unread.total === 0;
  }
  const bare = document.title.replace(MARK, "");
  const title = unread.total > 0 ? `(${unread.total}) ${bare}` : bare;
  if (document.title !== title) document.title = title;
}

function shownTotal() {
  const badge = document.querySelector(BADGE);
  return badge && !badge.hidden ? Number.parseInt(badge.textContent, 10) || 0 : 0;
}
