import { setAttribute } from "../html.js";
import { standingOf } from "../lib/purchase.js";
import { serverNow } from "../page.js";
import { MinuteElement } from "./minute-element.js";

export const PURCHASE = ["data-state", "data-bought-at", "data-answer-by", "data-answered-at", "data-expires-at"];
const WHOLE = 100;

/** The ring of a purchase around an avatar, drawn from the times in its attributes. It steps, and never moves by itself. */
class PriorityRing extends MinuteElement {
  static observedAttributes = PURCHASE;

  render() {
    const standing = standingOf(this.dataset, serverNow());
    setAttribute(this, "data-phase", standing.phase);
    setAttribute(this, "data-pressing", standing.isPressing ? "" : null);
    drawShare(this, standing.share);
  }
}

/** Draws the arc within an element; nothing is left of a share of 0. */
export function drawShare(place, share) {
  const arc = place.querySelector(".ring-arc");
  if (arc) setAttribute(arc, "stroke-dasharray", `${Math.round(share * WHOLE * 10) / 10} ${WHOLE}`);
}

customElements.define("priority-ring", PriorityRing);
