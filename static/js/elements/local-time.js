import { serverNow, text } from "../page.js";
import { clockface, clockfaceIn } from "../state.js";
import { MinuteElement } from "./minute-element.js";

/**
 * A moment in the viewer's zone, or in `data-zone`; `data-format` is time, row, recent, day, moment, deadline, due or
 * full. With `data-after` it is so many seconds from now, and goes on with it; with `data-place` it says where that is.
 */
class LocalTime extends MinuteElement {
  static observedAttributes = ["datetime"];

  render() {
    const { after, zone, format = "full" } = this.dataset;
    const date = after === undefined ? new Date(this.getAttribute("datetime")) : new Date(serverNow() + 1_000 * after);
    if (Number.isNaN(date.getTime())) return;
    const clock = zone ? clockfaceIn(zone) : clockface;
    const time = clock[format](date);
    const words = "place" in this.dataset ? text("in-place", { time, place: clock.place }) : time;
    if (this.textContent !== words) this.textContent = words;
    this.title = clock.full(date);
  }
}

customElements.define("local-time", LocalTime);
