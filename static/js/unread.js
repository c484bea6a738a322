import { UnreadCount } from "./lib/unread-count.js";

const BADGE = "[data-unread-conversations]";
const MOST_ON_ICON = 10;
const icon = document.querySelector('link[rel="icon"]');
const plainIcon = icon.href;
let shown = 0;
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
  showOnIcons();
}

/** On the tab's icon, and on that of the installed app. */
function showOnIcons() {
  if (unread.total === shown) return;
  shown = unread.total;
  icon.href = shown > 0 ? `/icons/unread/${Math.min(shown, MOST_ON_ICON)}.svg` : plainIcon;
  navigator.setAppBadge?.(shown).catch(() => {});
}

function shownTotal() {
  const badge = document.querySelector(BADGE);
  return badge && !badge.hidden ? Number.parseInt(badge.textContent, 10) || 0 : 0;
}
