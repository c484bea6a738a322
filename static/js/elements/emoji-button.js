import { emojiHabits } from "../state.js";
import { pickEmoji } from "./emoji-popover.js";
import { type, watchShortcodes } from "./emoji-shortcodes.js";
import { LiveElement } from "./live-element.js";

const hasKeyboard = matchMedia("(hover: hover) and (pointer: fine)");

/** A button that puts an emoji where the caret is in the text field of its form, which also gets to know shortcodes. */
class EmojiButton extends LiveElement {
  connected(signal) {
    const button = this.querySelector("button");
    const field = this.closest("form").querySelector("textarea");
    button.addEventListener("click", async () => this.#insert(field, await pickEmoji(button)), { signal });
    watchShortcodes(field, signal);
  }

  #insert(field, emoji) {
    if (!emoji) return;
    emojiHabits.used(emoji);
    type(field, emoji);
    if (hasKeyboard.matches) field.focus();
  }
}

customElements.define("emoji-button", EmojiButton);
