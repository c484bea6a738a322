import { setAttribute } from "../html.js";
import { standingOf } from "../lib/purchase.js";
import { timeLeft } from "../lib/time-left.js";
import { serverNow, text } from "../page.js";
import { MinuteElement } from "./minute-element.js";
import { drawShare, PURCHASE } from "./priority-ring.js";

// Deadlines are set in hours, and read in hours.
const MOST_HOURS = { owed: 72 };
const EXACT_UP_TO = 10 * 60 * 60 * 1_000;

/** How a purchase stands in words, as short as `data-form` wants it: see templates/parts/_ring.html. */
class TimeChip extends MinuteElement {
  static observedAttributes = [...PURCHASE, "data-role"];

  render() {
    const standing = standingOf(this.dataset, serverNow());
    setAttribute(this, "data-phase", standing.phase);
    setAttribute(this, "data-pressing", standing.isPressing ? "" : null);
    const { before = "", words, until = "" } = wordsOf(standing, this.dataset);
    this.#say("[data-before]", before && `${before} `);
    this.#say("[data-words]", words);
    this.#say("[data-until]", until);
    drawShare(this, standing.share);
  }

  #say(selector, words) {
    const place = this.querySelector(selector);
    if (place.textContent !== words) place.textContent = words;
  }
}

/** {words} and, each where it has some, {before} for ears alone and {until}. */
function wordsOf({ phase, left }, { form, role }) {
  if (phase === "owed" && left === 0) return { words: text("purchase-overdue") };
  if (phase !== "owed" && phase !== "open") return { words: text(`purchase-${phase}`) };
  const parts = timeLeft(left, { mostHours: MOST_HOURS[phase] });
  switch (form) {
    case "row":
      return { before: text(`purchase-before-${phase}`), words: spell(parts.slice(0, 1)) };
    case "queue":
      return { before: text(`purchase-before-${phase}`), words: spell(left < EXACT_UP_TO ? parts : parts.slice(0, 1)) };
    case "strip":
      return {
        words: text(phase === "owed" ? `purchase-strip-owed-${role}` : "purchase-strip-open"),
        until: text(`purchase-until-${phase}`, { time: spell(parts) }),
      };
    default:
      return { words: text(`purchase-${phase}`, { time: spell(parts) }) };
  }
}

const spell = (parts) => parts.map(({ unit, count }) => text(`left-${unit}`, { count })).join(" ");

customElements.define("time-chip", TimeChip);
