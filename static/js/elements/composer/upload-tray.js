import { element, icon } from "../../html.js";
import { fileSize } from "../../lib/file-size.js";
import { text } from "../../page.js";
import { bearsFiles } from "../../behaviours/dropping.js";
import { toast } from "../../behaviours/toasts.js";

const SIGNS = { image: "image", audio: "music", video: "image" };

/** Whether it is words, of which an office program makes a picture as well. */
const isWritten = ({ types }) => types.includes("text/plain") && types.some((type) => type === "text/html" || type === "text/rtf");

/** The files beside the text: picked, dropped or pasted; each with its progress, a way to take it out and to try again. */
export class UploadTray {
  #uploads;
  #list;
  #isAllowed;
  #rows = new Map();

  constructor({ uploads, list, input, dropOn, field, isAllowed, onChange, signal }) {
    this.#uploads = uploads;
    this.#isAllowed = isAllowed;
    this.#list = list;
    uploads.addEventListener("changed", () => {
      this.#show();
      onChange();
    }, { signal });
    uploads.addEventListener("refused", ({ detail }) => toast(detail.words), { signal });
    list.addEventListener("click", (event) => this.#clicked(event), { signal });
    input.addEventListener("change", () => {
      this.#add(input.files);
      input.value = "";
      field.focus();
    }, { signal });
    field.addEventListener("paste", (event) => {
      if (!event.clipboardData.files.length || isWritten(event.clipboardData)) return;
      event.preventDefault();
      this.#add(event.clipboardData.files);
    }, { signal });
    this.#takeDrops(dropOn, signal);
    this.#show();
  }

  #add(files) {
    if (this.#isAllowed()) this.#uploads.add(files);
    else toast(text("files-off"), { isError: true });
  }

  #takeDrops(target, signal) {
    target.addEventListener("dragover", (event) => {
      if (!bearsFiles(event)) return;
      event.preventDefault();
      event.dataTransfer.dropEffect = "copy";
      target.classList.add("dropping");
    }, { signal });
    target.addEventListener("dragleave", (event) => {
      if (!target.contains(event.relatedTarget)) target.classList.remove("dropping");
    }, { signal });
    target.addEventListener("drop", (event) => {
      target.classList.remove("dropping");
      if (!bearsFiles(event)) return;
      event.preventDefault();
      this.#add(event.dataTransfer.files);
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
      element("span", { class: "upload-tile" }, icon(SIGNS[file.type.split("/")[0]] ?? "file-text")),
      element("span", { class: "upload-words" },
        element("span", { class: "upload-name" }, file.name),
        element("progress", { max: String(file.size), "aria-label": file.name }),
        element("span", { class: "upload-state" })),
      element("button", { type: "button", class: "upload-again", "data-again": "" }, text("retry")),
      element("button", { type: "button", class: "icon-button", "data-remove": "", "aria-label": remove, title: remove }, icon("x", "icon-small")));
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
      tile.append(element("img", { src: attachment.thumbnailUrl, alt: "" }));
    }
  }
}
