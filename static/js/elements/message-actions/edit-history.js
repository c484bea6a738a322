import { toast } from "../../behaviours/toasts.js";
import { parse } from "../../html.js";
import { fetchFragment } from "../../http.js";
import { text } from "../../page.js";

/** Shows in its dialog what a message said before. */
export async function showEdits(dialog, url) {
  const html = await fetchFragment(`${url}/edits`);
  if (html === null) {
    toast(text("error"), { isError: true });
    return;
  }
  dialog.querySelector("[data-edits-list]").replaceChildren(parse(html));
  dialog.showModal();
}
