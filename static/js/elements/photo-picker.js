import { LiveElement } from "./live-element.js";

const SIZE = 512;

/** A photo to be placed in its round before it is sent: dragged, and drawn nearer. */
class PhotoPicker extends LiveElement {
  connected(signal) {
    this.form = this.querySelector("form");
    this.stage = this.querySelector("[data-stage]");
    this.canvas = this.querySelector("canvas");
    this.zoom = this.querySelector("[data-zoom]");
    this.range = this.zoom.querySelector("input");
    this.form.elements.photo.addEventListener("change", () => this.#chosen(), { signal });
    this.range.addEventListener("input", () => this.#draw(), { signal });
    this.canvas.addEventListener("pointerdown", (event) => this.#dragged(event), { signal });
    this.form.addEventListener("submit", (event) => this.#submit(event), { signal });
  }

  async #chosen() {
    const [file] = this.form.elements.photo.files;
    this.image = file ? await createImageBitmap(file).catch(() => null) : null;
    this.form.toggleAttribute("data-chosen", Boolean(file));
    this.stage.hidden = this.zoom.hidden = !this.image;
    [this.x, this.y, this.range.value] = [0.5, 0.5, 100];
    if (this.image) this.#draw();
  }

  get #scale() {
    return SIZE / Math.min(this.image.width, this.image.height) * this.range.value / 100;
  }

  #draw() {
    const [width, height] = [this.image.width * this.#scale, this.image.height * this.#scale];
    const context = this.canvas.getContext("2d");
    context.fillStyle = "white";
    context.fillRect(0, 0, SIZE, SIZE);
    context.drawImage(this.image, (SIZE - width) * this.x, (SIZE - height) * this.y, width, height);
  }

  #dragged(event) {
    const [startX, startY, x, y] = [event.clientX, event.clientY, this.x, this.y];
    const [spareX, spareY] = [this.image.width * this.#scale - SIZE, this.image.height * this.#scale - SIZE];
    const perPixel = SIZE / this.canvas.clientWidth;
    const within = (value) => Math.min(Math.max(value, 0), 1);
    const move = ({ clientX, clientY }) => {
      if (spareX > 0) this.x = within(x - (clientX - startX) * perPixel / spareX);
      if (spareY > 0) this.y = within(y - (clientY - startY) * perPixel / spareY);
      this.#draw();
    };
    this.canvas.setPointerCapture(event.pointerId);
    this.canvas.addEventListener("pointermove", move);
    const end = () => this.canvas.removeEventListener("pointermove", move);
    for (const name of ["pointerup", "pointercancel"]) this.canvas.addEventListener(name, end, { once: true });
  }

  /** What is seen in the round is what is sent, by the same form. */
  async #submit(event) {
    if (!this.image || event.submitter?.name === "remove") return;
    event.preventDefault();
    const blob = await new Promise((resolve) => this.canvas.toBlob(resolve, "image/jpeg", 0.92));
    const files = new DataTransfer();
    files.items.add(new File([blob], "photo.jpg", { type: "image/jpeg" }));
    this.form.elements.photo.files = files.files;
    this.form.submit();
  }
}

customElements.define("photo-picker", PhotoPicker);
