import { toast } from "../../behaviours/toasts.js";
import { parse } from "../../html.js";
import { fetchFragment } from "../../http.js";
import { text } from "../../page.js";

/** Shows in a dialog what the server says at an address: earlier texts of a message, who has read it. */
export async function showFragment(dialog, url) {
  const html = await fetchFragment(url);
  if (html === null) {
    toast(text("error"), { isError: true });
    return;
  }
  dialog.lastElementChild.replaceChildren(parse(html));
  dialog.showModal();
}
