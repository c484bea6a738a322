import { emojiNamed } from "../emoji.js";

const SHORTCODE = /(?<![\w:]):([\w+-]{2,}):$/;

/** Puts text where the caret of a field is, in the place of the `replaced` characters before it, as if it were typed. */
export function type(field, text, replaced = 0) {
  field.setRangeText(text, field.selectionStart - replaced, field.selectionEnd, "end");
  field.dispatchEvent(new InputEvent("input", { bubbles: true, inputType: "insertText", data: text }));
}

/** Makes an emoji of a shortcode once its second colon is typed: ":smile:". */
export function watchShortcodes(field, signal) {
  field.addEventListener("input", async ({ data, isComposing }) => {
    if (data !== ":" || isComposing) return;
    const before = beforeCaret(field);
    const [shortcode, name] = SHORTCODE.exec(before) ?? [];
    const emoji = name && await emojiNamed(name);
    if (emoji && beforeCaret(field) === before) type(field, emoji, shortcode.length);
  }, { signal });
}

const beforeCaret = (field) => field.value.slice(0, field.selectionStart);
