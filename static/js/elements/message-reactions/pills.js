import { element, icon } from "../../html.js";
import { isSameEmoji } from "../../lib/emoji-habits.js";
import { text, viewerId } from "../../page.js";

/** The pill of an emoji below a bubble, or null. */
export function pillOf(bubble, emoji) {
  const pills = bubble.querySelectorAll(".reaction[data-reaction]");
  return [...pills].find(({ dataset }) => isSameEmoji(dataset.reaction, emoji)) ?? null;
}

/** Whether the viewer reacted with this pill's emoji. */
export function isOwn(pill) {
  return reactorsOf(pill).includes(viewerId);
}

/** Shows the viewer's reaction as standing or as taken back; it may show so already. */
export function showReaction(bubble, emoji, active) {
  const pill = pillOf(bubble, emoji) ?? (active ? addPill(bubble, emoji) : null);
  if (!pill || isOwn(pill) === active) return;
  const others = reactorsOf(pill).filter((id) => id !== viewerId);
  setReactors(pill, active ? [...others, viewerId] : others);
  if (others.length === 0 && !active) removePill(pill);
}

/** Says of the viewer's own pills that they are pressed, which the server's markup, the same for all, cannot. */
export function markOwnReactions(bubble) {
  for (const pill of bubble.querySelectorAll(".reaction[data-reaction]")) pill.setAttribute("aria-pressed", String(isOwn(pill)));
}

/** Gives the focus to what stands in a new bubble for the pill or button that had it in the old one; whether there is any. */
export function focusReaction(bubble, former) {
  if (!former.matches(".reaction")) return false;
  const { reaction } = former.dataset;
  const heir = reaction ? pillOf(bubble, reaction) : bubble.querySelector("[data-add-reaction]");
  heir?.focus({ preventScroll: true });
  return Boolean(heir);
}

const reactorsOf = (pill) => pill.dataset.reactedBy.split(" ").filter(Boolean);

function setReactors(pill, ids) {
  pill.dataset.reactedBy = ids.join(" ");
  pill.querySelector(".reaction-count").textContent = ids.length;
  pill.setAttribute("aria-pressed", String(ids.includes(viewerId)));
}

function addPill(bubble, emoji) {
  const pills = bubble.querySelector(".reactions") ?? addRow(bubble);
  const pill = element("button", { class: "reaction", type: "button", "data-reaction": emoji, "data-reacted-by": "" },
    element("span", { class: "reaction-emoji" }, emoji), " ", element("span", { class: "reaction-count" }));
  pills.querySelector("[data-add-reaction]").before(pill);
  return pill;
}

function addRow(bubble) {
  const label = text("add-reaction");
  const add = element("button", {
    class: "reaction reaction-add", type: "button", "data-add-reaction": "", "aria-haspopup": "dialog", "aria-label": label,
    title: label,
  }, icon("smile-plus", "icon-small"));
  const row = element("div", { class: "reactions", role: "group", "aria-label": text("reactions") }, add);
  bubble.append(row);
  return row;
}

/** What had the focus hands it on to its neighbour. */
function removePill(pill) {
  const row = pill.parentElement;
  if (pill === document.activeElement) (pill.nextElementSibling ?? row).focus();
  pill.remove();
  if (!row.querySelector("[data-reaction]")) row.remove();
}
