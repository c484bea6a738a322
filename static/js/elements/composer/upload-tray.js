import { element, icon } from "../../html.js";
import { fileSize } from "../../lib/file-size.js";
import { text } from "../../page.js";
import { toast } from "../../behaviours/toasts.js";

/** The files beside the text: picked, dropped or pasted; each with its progress, a way to take it out and to try again. */
export class UploadTray {
  #uploads;
  #list;
  #rows = new Map();

  constructor({ uploads, list, input, dropOn, field, onChange, signal }) {
    this.#uploads = uploads;
    this.#list = list;
    uploads.addEventListener("changed", () => {
      this.#show();
      onChange();
    }, { signal });
    uploads.addEventListener("refused", ({ detail }) => toast(detail.words), { signal });
    list.addEventListener("click", (event) => this.#clicked(event), { signal });
    input.addEventListener("change", () => {
      uploads.add(input.files);
      input.value = "";
      field.focus();
    }, { signal });
    field.addEventListener("paste", (event) => {
      if (!event.clipboardData.files.length) return;
      event.preventDefault();
      uploads.add(event.clipboardData.files);
    }, { signal });
    this.#takeDrops(dropOn, signal);
    this.#show();
  }

  #takeDrops(target, signal) {
    const hasFiles = (event) => event.dataTransfer?.types.includes("Files");
    target.addEventListener("dragover", (event) => {
      if (!hasFiles(event)) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = "copy";
      target.classList.add("dropping");
    }, { signal });
    target.addEventListener("dragleave", (event) => {
      if (!target.contains(event.relatedTarget)) target.classList.remove("dropping");
    }, { signal });
    target.addEventListener("drop", (event) => {
      target.classList.remove("dropping");
      if (!hasFiles(event)) return;
      event.preventDefault();
      this.#uploads.add(event.dataTransfer.files);
    }, { signal });
  }

  #clicked(event) {
    const id = Number(event.target.closest("[data-upload]")?.dataset.upload);
    if (event.target.closest("[data-remove]")) this.#uploads.remove(id);
    if (event.target.closest("[data-again]")) this.#uploads.retry(id);
  }

  #show() {
    const items = this.#uploads.items;
    const standing = new Set(items.map(({ id }) => id));
    for (const [id, row] of this.#rows) {
      if (standing.has(id)) continue;
      row.remove();
      this.#rows.delete(id);
    }
    for (const item of items) {
      if (!this.#rows.has(item.id)) this.#rows.set(item.id, this.#list.appendChild(this.#row(item)));
      this.#update(this.#rows.get(item.id), item);
    }
    this.#list.hidden = items.length === 0;
  }

  #row({ id, file }) {
    const remove = text("upload-cancel", { name: file.name });
    return element("li", { class: "upload", "data-upload": String(id) },
      element("button", { type: "button", class: "upload-tile", "data-remove": "", "aria-label": remove, title: remove }, icon("x")),
      element("span", { class: "upload-words" },
        element("span", { class: "upload-name" }, file.name),
        element("progress", { max: String(file.size), "aria-label": file.name }),
        element("span", { class: "upload-state" })),
      element("button", { type: "button", class: "upload-again", "data-again": "" }, text("retry")));
  }

  #update(row, { file, state, sent, error, attachment }) {
    row.dataset.state = state;
    row.querySelector("progress").value = sent;
    row.querySelector(".upload-state").textContent = {
      uploading: text("upload-progress", { done: fileSize(sent), size: fileSize(file.size) }),
      ready: fileSize(file.size),
      failed: error,
    }[state];
    const tile = row.querySelector(".upload-tile");
    if (attachment?.thumbnailUrl && !tile.querySelector("img")) {
      tile.prepend(element("img", { src: attachment.thumbnailUrl, alt: "" }));
    }
  }
}
