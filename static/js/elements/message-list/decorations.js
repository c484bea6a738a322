import { element, setAttribute } from "../../html.js";
import { groupPlaces } from "../../lib/grouping.js";
import { clockface } from "../../state.js";

const moments = new WeakMap();

/** Puts on what depends on neighbours and on the viewer's zone: groups, day separators and the unread divider. */
export function decorate(list, divider) {
  const bubbles = [...list.querySelectorAll(":scope > .message")];
  const dividerIndex = bubbles.findIndex((bubble) => bubble.dataset.messageId === divider.before);
  const places = groupPlaces(bubbles.map((bubble, index) => ({
    senderId: bubble.dataset.senderId,
    time: momentOf(bubble).time,
    section: sectionOf(bubble, dividerIndex >= 0 && index >= dividerIndex),
  })));
  bubbles.forEach((bubble, index) => setAttribute(bubble, "data-group", places[index]));
  separateDays(list, bubbles);
  placeDivider(list, bubbles[dividerIndex], divider);
}

/** Only neighbours of one section are grouped; a system line is one of its own. */
function sectionOf(bubble, isUnread) {
  if (bubble.dataset.type === "system") return bubble.id;
  return momentOf(bubble).day + (isUnread ? " unread" : "");
}

function momentOf(bubble) {
  if (!moments.has(bubble)) {
    const date = new Date(bubble.dataset.createdAt);
    moments.set(bubble, { time: date.getTime(), day: clockface.dayKey(date) });
  }
  return moments.get(bubble);
}

function separateDays(list, bubbles) {
  const standing = new Map([...list.querySelectorAll(":scope > .day")].map((line) => [line.dataset.day, line]));
  let previousDay = null;
  for (const bubble of bubbles) {
    const { day } = momentOf(bubble);
    if (day === previousDay) continue;
    previousDay = day;
    const line = standing.get(day) ?? dayLine(day, bubble.dataset.createdAt);
    standing.delete(day);
    putBefore(line, bubble);
  }
  for (const line of standing.values()) line.remove();
}

function dayLine(day, datetime) {
  return element("li", { class: "day", "data-day": day }, element("local-time", { datetime, "data-format": "day" }));
}

function placeDivider(list, bubble, divider) {
  const standing = list.querySelector(":scope > .unread-divider");
  if (!bubble) return standing?.remove();
  const line = standing ?? element("li", { class: "unread-divider" }, element("span"));
  if (line.textContent !== divider.label) line.firstElementChild.textContent = divider.label;
  putBefore(line, bubble);
}

function putBefore(line, bubble) {
  const neighbour = bubble.previousElementSibling;
  const stands = neighbour === line
    || (neighbour?.matches(".unread-divider") && neighbour.previousElementSibling === line);
  if (!stands) bubble.before(line);
}
