import { element, icon } from "../html.js";
import { text } from "../page.js";
import { emojiHabits } from "../state.js";
import { pickEmoji } from "./emoji-popover.js";

const SHOWN = 5;
const POPULAR = ["👍", "❤️", "😂", "🎉", "👀"];

/** The emoji that the viewer uses most, and a button for all others. Dispatches `react` {emoji}, which bubbles. */
export function quickReactions() {
  const row = element("div", { class: "quick-reactions", role: "group", "aria-label": text("add-reaction") });
  for (const emoji of emojiHabits.favourites(SHOWN, POPULAR)) {
    const label = text("react-with", { emoji });
    row.append(button({ label, onClick: () => react(row, emoji) }, element("span", { class: "reaction-emoji" }, emoji)));
  }
  const more = button({ label: text("choose-emoji"), onClick: () => choose(row, more) }, icon("smile-plus"));
  more.setAttribute("aria-haspopup", "dialog");
  row.append(more);
  return row;
}

function button({ label, onClick }, content) {
  const made = element("button", { type: "button", class: "quick-reaction", "aria-label": label, title: label }, content);
  made.addEventListener("click", onClick);
  return made;
}

async function choose(row, anchor) {
  const emoji = await pickEmoji(anchor);
  if (emoji) react(row, emoji);
}

function react(row, emoji) {
  row.dispatchEvent(new CustomEvent("react", { bubbles: true, detail: { emoji } }));
}
