import { element } from "../html.js";
import { text } from "../page.js";

let count = 0;

/** Asks in a dialog whether to go on, which the button named `verb` says; answers whether. */
export function ask({ title, words, verb, isDanger = false }) {
  const id = `question-${count += 1}`;
  const kind = isDanger ? "button-danger" : "button-primary";
  const dialog = element("dialog", { class: "question", "aria-labelledby": id },
    element("h2", { id }, title),
    element("p", {}, words),
    element("form", { method: "dialog", class: "dialog-actions" },
      element("button", { class: "button button-secondary", value: "" }, text("cancel")),
      element("button", { class: `button button-secondary ${kind}`, value: "yes" }, verb)));
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "yes");
    });
  });
}
