import { element, icon } from "../../html.js";
import { soundLength } from "../../lib/file-size.js";
import { text } from "../../page.js";
import { canRecord, Recording } from "../../recording.js";
import { upload } from "../../uploading.js";
import { toast } from "../../behaviours/toasts.js";

const BARS = 44;
// A press shorter than this locks the recording; who holds longer sends by letting go, or slides away to cancel.
const HELD = 400;
const SLID = 80;
const SHORTEST = 500;
const LONGEST = 60 * 60 * 1000;

/** Records a voice message in the composer's place: by holding the button, or by a press of it. */
export class VoiceRecorder {
  #composer;
  #send;
  #price;
  #recording = null;
  #panel = null;
  #levels = [];
  #pressedAt = 0;
  #pressedX = 0;
  #letGo = false;
  #taken = null;
  #attachment = null;

  /** `price` answers the words of the button where sending costs something, else nothing. */
  constructor({ button, composer, onSend, price, signal }) {
    this.#composer = composer;
    this.#send = onSend;
    this.#price = price;
    button.addEventListener("pointerdown", (event) => this.#pressed(event), { signal });
    button.addEventListener("pointermove", (event) => this.#slid(event), { signal });
    button.addEventListener("pointerup", () => this.#released(), { signal });
    button.addEventListener("pointercancel", () => this.discard(), { signal });
    // Else the button would take the focus from what takes its place.
    button.addEventListener("mousedown", (event) => event.preventDefault(), { signal });
    // By keyboard there is no holding.
    button.addEventListener("click", ({ detail }) => detail === 0 && this.#begin(), { signal });
    button.addEventListener("contextmenu", (event) => event.preventDefault(), { signal });
    signal.addEventListener("abort", () => this.discard());
  }

  discard() {
    this.#recording?.cancel();
    this.#close();
  }

  #pressed(event) {
    if (event.button !== 0) return;
    event.target.setPointerCapture?.(event.pointerId);
    [this.#pressedAt, this.#pressedX] = [performance.now(), event.clientX];
    this.#begin();
  }

  #slid({ clientX, buttons }) {
    if (this.#panel && buttons && Math.abs(this.#pressedX - clientX) > SLID) this.discard();
  }

  #released() {
    if (!this.#panel || performance.now() - this.#pressedAt < HELD) return;
    if (this.#recording) this.#finish();
    else this.#letGo = true;
  }

  async #begin() {
    if (this.#panel) return;
    if (!canRecord()) {
      toast(text("recording-unsupported"), { isError: true });
      return;
    }
    this.#letGo = false;
    this.#levels = [];
    const panel = this.#open();
    let recording;
    try {
      recording = await Recording.begin({ onLevel: (level) => this.#heard(level) });
    } catch (error) {
      if (this.#panel !== panel) return;
      this.#close();
      toast(text(error.name === "NotFoundError" ? "microphone-none" : "microphone-denied"), { isError: true });
      return;
    }
    // Discarded before the microphone was there.
    if (this.#panel !== panel) {
      recording.cancel();
      return;
    }
    this.#recording = recording;
    if (this.#letGo) this.#finish();
  }

  #heard(level) {
    if (!this.#recording) return;
    this.#levels.push(level);
    const latest = this.#levels.slice(-BARS);
    this.#drawBars((index) => latest[index - (BARS - latest.length)] ?? 0);
    this.#showTime(this.#recording.duration);
    if (this.#recording.duration > LONGEST) this.#listen();
  }

  /** `levelOf(index)` is how loud it is where a bar stands, from 0 to 1. */
  #drawBars(levelOf) {
    [...this.#panel.querySelectorAll("rect")].forEach((bar, index) => {
      const height = 2 + 22 * levelOf(index);
      bar.setAttribute("height", height);
      bar.setAttribute("y", (24 - height) / 2);
    });
  }

  #showTime(ms) {
    this.#panel.querySelector(".recorder-time").textContent = soundLength(ms);
  }

  async #stop() {
    const recording = this.#recording;
    this.#recording = null;
    this.#taken = await recording.stop();
    if (this.#taken.duration >= SHORTEST) return true;
    this.#close();
    return false;
  }

  /** Stops, and plays it before it is sent. */
  async #listen() {
    if (!this.#recording || !await this.#stop()) return;
    const { duration } = this.#taken;
    this.#drawBars((index) => this.#loudest(index));
    this.#showTime(duration);
    const player = new Audio(URL.createObjectURL(this.#taken.file));
    const play = element("button", { type: "button", class: "voice-play", "aria-label": text("play") }, icon("play"), icon("pause"));
    const panel = this.#panel;
    const bars = [...panel.querySelectorAll("rect")];
    const show = () => {
      if (this.#panel !== panel) return;
      const at = player.currentTime * 1000;
      panel.toggleAttribute("data-playing", !player.paused);
      play.setAttribute("aria-label", text(player.paused ? "play" : "pause"));
      const isUntouched = player.paused && (at === 0 || player.ended);
      bars.forEach((bar, index) => bar.classList.toggle("ahead", !isUntouched && index >= at / duration * BARS));
      this.#showTime(isUntouched ? duration : at);
    };
    for (const name of ["play", "pause", "timeupdate", "ended"]) player.addEventListener(name, show);
    play.addEventListener("click", () => (player.paused ? player.play() : player.pause()));
    panel.player = player;
    panel.querySelector(".recorder-dot").replaceWith(play);
    panel.querySelector("[data-stop]").remove();
    panel.dataset.state = "ready";
    play.focus();
  }

  /** Of all that was recorded, the part that a bar stands for. */
  #loudest(index) {
    const [start, stop] = [index, index + 1].map((n) => Math.floor(n * this.#levels.length / BARS));
    return Math.max(0, ...this.#levels.slice(start, Math.max(stop, start + 1)));
  }

  async #finish() {
    if (this.#recording && !await this.#stop()) return;
    const panel = this.#panel;
    panel.dataset.state = "sending";
    panel.player?.pause();
    try {
      this.#attachment ??= await upload(this.#taken.file, {});
      if (this.#panel !== panel) return;
      const attachment = this.#attachment;
      this.#close();
      this.#send(attachment);
    } catch (error) {
      if (this.#panel !== panel) return;
      panel.dataset.state = "failed";
      toast(error.message || text("upload-failed"), { isError: true });
    }
  }

  #open() {
    const bars = [...Array(BARS).keys()].map((n) => `<rect x="${n * 5}" y="11" width="3" height="2" rx="1.5"></rect>`).join("");
    const wave = element("span", { class: "recorder-wave" });
    wave.innerHTML = `<svg viewBox="0 0 218 24" preserveAspectRatio="none" aria-hidden="true">${bars}</svg>`;
    const price = this.#price();
    const button = (name, label, run, ...children) => {
      const made = element("button", { type: "button", ...name, "aria-label": label, title: label }, ...children);
      made.addEventListener("click", run);
      return made;
    };
    this.#panel = element("div", { class: "recorder", role: "group", "aria-label": text("recording") },
      element("span", { class: "recorder-dot", "aria-hidden": "true" }),
      element("span", { class: "recorder-time", role: "timer" }, "0:00"),
      wave,
      button({ class: "recorder-discard", "data-discard-voice": "" }, text("voice-discard"), () => this.discard(), text("voice-discard")),
      button({ class: "icon-button", "data-stop": "" }, text("voice-stop"), () => this.#listen(), icon("square")),
      button({ class: "send", "data-send-voice": "" }, price || text("voice-send"), () => this.#finish(), price || icon("arrow-up")));
    this.#panel.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      event.stopPropagation();
      this.discard();
    });
    this.#composer.classList.add("recording");
    this.#composer.append(this.#panel);
    this.#panel.querySelector("[data-send-voice]").focus({ preventScroll: true });
    return this.#panel;
  }

  #close() {
    this.#panel?.player?.pause();
    if (this.#panel?.player) URL.revokeObjectURL(this.#panel.player.src);
    this.#panel?.remove();
    this.#composer.classList.remove("recording");
    this.#panel = this.#recording = this.#taken = this.#attachment = null;
  }
}
