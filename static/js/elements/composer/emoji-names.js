import { searchEmoji } from "../../emoji.js";
import { element } from "../../html.js";
import { emojiAt } from "../../lib/completion-place.js";

/** Emoji by name, behind ":". */
export function emojiSource() {
  return {
    label: "completion-emoji",
    find: emojiAt,
    search: (query) => searchEmoji(query),
    option: ({ emoji, shortcode }) => [
      element("span", { class: "completion-emoji", "aria-hidden": "true" }, emoji),
      element("span", {}, `:${shortcode}:`),
    ],
    insertion: ({ emoji }) => `${emoji} `,
  };
}
