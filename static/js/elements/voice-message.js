import { setAttribute } from "../html.js";
import { soundLength } from "../lib/file-size.js";
import { text, viewerId } from "../page.js";
import { playback } from "../state.js";
import { toast } from "../behaviours/toasts.js";
import { LiveElement } from "./live-element.js";

const STEPS = 1000;
let current = null;

/** A voice message: one plays at a time, and when it ends, the next one that has not been heard. */
class VoiceMessage extends LiveElement {
  connected(signal) {
    this.button = this.querySelector(".voice-play");
    this.slider = this.querySelector("input");
    this.bars = [...this.querySelectorAll("rect")];
    this.duration = Number(this.dataset.duration) / 1000;
    this.button.addEventListener("click", () => this.toggle(), { signal });
    this.slider.addEventListener("input", () => this.#seek(), { signal });
    this.querySelector(".voice-speed").addEventListener("click", () => playback.faster(), { signal });
    playback.addEventListener("changed", () => this.#showSpeed(), { signal });
    this.#showSpeed();
    this.#markUnheard();
    this.#show();
  }

  disconnected() {
    // Moved within the list it goes on; taken out of the page it stops.
    queueMicrotask(() => this.isConnected || this.pause());
  }

  get isPlaying() {
    return this.audio !== undefined && !this.audio.paused;
  }

  toggle() {
    if (this.isPlaying) this.pause();
    else this.play();
  }

  async play() {
    if (current !== this) current?.pause();
    current = this;
    this.audio ??= this.#load();
    this.audio.playbackRate = playback.speed;
    try {
      await this.audio.play();
    } catch (error) {
      // Paused before it began is no failure.
      if (error.name !== "AbortError") toast(text("sound-failed"), { isError: true });
    }
    if (this.dataset.id) playback.hear(this.dataset.id);
    this.#markUnheard();
  }

  pause() {
    this.audio?.pause();
  }

  #load() {
    const audio = new Audio(this.dataset.src);
    audio.preservesPitch = true;
    for (const name of ["play", "pause", "timeupdate", "seeked"]) audio.addEventListener(name, () => this.#show());
    audio.addEventListener("play", () => this.#follow());
    audio.addEventListener("ended", () => this.#ended());
    return audio;
  }

  /** Steps with the sound: `timeupdate` comes only four times a second. */
  #follow() {
    this.#show();
    if (this.isPlaying) requestAnimationFrame(() => this.#follow());
  }

  #ended() {
    this.audio.currentTime = 0;
    this.dispatchEvent(new CustomEvent("voice-ended", { bubbles: true }));
    const all = [...document.querySelectorAll("message-list voice-message")];
    all.slice(all.indexOf(this) + 1).find((other) => other.isUnheard)?.play();
  }

  get isUnheard() {
    const bubble = this.closest(".message");
    return Boolean(bubble) && bubble.dataset.senderId !== viewerId && !playback.hasHeard(this.dataset.id);
  }

  #markUnheard() {
    this.toggleAttribute("data-unheard", this.isUnheard);
  }

  #seek() {
    this.audio ??= this.#load();
    const position = this.slider.value / STEPS * this.duration;
    const apply = () => {
      this.audio.currentTime = position;
      this.#show();
    };
    if (this.audio.readyState > 0) apply();
    else this.audio.addEventListener("loadedmetadata", apply, { once: true });
    this.#paint(this.slider.value / STEPS);
  }

  #show() {
    const at = this.audio?.currentTime ?? 0;
    const share = this.duration > 0 ? Math.min(at / this.duration, 1) : 0;
    const [playing, total] = [this.isPlaying, soundLength(this.duration * 1000)];
    this.toggleAttribute("data-playing", playing);
    setAttribute(this.button, "aria-label", text(playing ? "pause" : "play"));
    this.slider.value = share * STEPS;
    setAttribute(this.slider, "aria-valuetext", `${soundLength(at * 1000)} / ${total}`);
    this.querySelector(".voice-time").textContent = at > 0 ? `${soundLength(at * 1000)} / ${total}` : total;
    this.#paint(share);
  }

  #paint(share) {
    const played = Math.round(share * this.bars.length);
    this.bars.forEach((bar, index) => bar.classList.toggle("played", index < played));
  }

  #showSpeed() {
    this.querySelector(".voice-speed").textContent = `${playback.speed}×`;
    if (this.audio) this.audio.playbackRate = playback.speed;
  }
}

customElements.define("voice-message", VoiceMessage);
