import { element, icon } from "../html.js";
import { text } from "../page.js";

const SWIPED = 50;

/** Pictures large, one after another: by the arrow keys, by swiping, by the buttons; Escape leaves. */
class Lightbox {
  #dialog = null;
  #links = [];
  #index = 0;
  #startX = 0;

  open(link) {
    const around = link.closest("message-list, .shared") ?? document;
    this.#links = [...around.querySelectorAll("[data-lightbox]")];
    this.#index = this.#links.indexOf(link);
    this.#dialog ??= this.#make();
    this.#show();
    this.#dialog.showModal();
  }

  #make() {
    const button = (name, symbol, label, run) => {
      const made = element("button", { type: "button", class: `lightbox-${name}`, "aria-label": label, title: label }, icon(symbol));
      made.addEventListener("click", run);
      return made;
    };
    const dialog = element("dialog", { class: "lightbox" },
      element("header", {},
        element("p", { class: "lightbox-name" }),
        element("p", { class: "lightbox-count", role: "status" }),
        element("a", { class: "lightbox-download", "aria-label": text("download"), title: text("download"), download: "" }, icon("download")),
        button("close", "x", text("close"), () => dialog.close())),
      element("img", { alt: "", draggable: "false" }),
      button("previous", "chevron-left", text("previous"), () => this.#step(-1)),
      button("next", "chevron-right", text("next"), () => this.#step(1)));
    dialog.addEventListener("keydown", ({ key }) => {
      if (key === "ArrowLeft") this.#step(-1);
      if (key === "ArrowRight") this.#step(1);
    });
    dialog.addEventListener("pointerdown", ({ clientX }) => { this.#startX = clientX; });
    dialog.addEventListener("pointerup", ({ clientX }) => this.#swiped(clientX - this.#startX));
    dialog.addEventListener("click", ({ target }) => target === dialog && dialog.close());
    dialog.addEventListener("close", () => this.#links[this.#index]?.focus());
    document.body.append(dialog);
    return dialog;
  }

  #swiped(distance) {
    if (Math.abs(distance) > SWIPED) this.#step(distance > 0 ? -1 : 1);
  }

  #step(by) {
    const next = this.#index + by;
    if (next < 0 || next >= this.#links.length) return;
    this.#index = next;
    this.#show();
  }

  #show() {
    const link = this.#links[this.#index];
    const [image, small] = [this.#dialog.querySelector(":scope > img"), link.querySelector("img")];
    // What is there already stands in until the large one is.
    image.src = small?.currentSrc || link.href;
    const large = new Image();
    large.onload = () => { if (this.#links[this.#index] === link) image.src = large.src; };
    large.src = link.href;
    image.alt = link.dataset.name;
    this.#dialog.setAttribute("aria-label", link.dataset.name);
    this.#dialog.querySelector(".lightbox-name").textContent = link.dataset.name;
    this.#dialog.querySelector(".lightbox-count").textContent =
      this.#links.length > 1 ? `${this.#index + 1} / ${this.#links.length}` : "";
    const download = this.#dialog.querySelector(".lightbox-download");
    [download.href, download.download] = [link.href, link.dataset.name];
    this.#dialog.querySelector(".lightbox-previous").disabled = this.#index === 0;
    this.#dialog.querySelector(".lightbox-next").disabled = this.#index === this.#links.length - 1;
  }
}

const lightbox = new Lightbox();

document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-lightbox]");
  const isPlain = !event.ctrlKey && !event.metaKey && !event.shiftKey && event.button === 0;
  if (!link || !isPlain) return;
  event.preventDefault();
  lightbox.open(link);
});
