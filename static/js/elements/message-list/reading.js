import { postForm } from "../../http.js";
import { ReadMarker } from "../../lib/read-marker.js";
import { isAttended } from "../../page.js";

/** Tells the server how far the viewer has read, and the rest of the page when it knows. */
export class Reading {
  #element;
  #timeline;
  #divider;
  #marker;

  constructor(element, timeline, divider) {
    const firstUnread = timeline.get(divider.before);
    this.#element = element;
    this.#timeline = timeline;
    this.#divider = divider;
    const read = divider.before ? (firstUnread?.position ?? 1) - 1 : timeline.last?.position;
    this.#marker = new ReadMarker({
      // What the viewer has marked as unread is read once more.
      position: "markedUnread" in element.dataset ? read - 1 : read,
      post: (messageId) => this.#report(messageId),
    });
  }

  /** To be called whenever something has moved; `isAtEnd` says that the newest message is in view. */
  look(isAtEnd) {
    const newest = this.#timeline.last;
    const isSeen = isAttended() && this.#element.checkVisibility() && isAtEnd && !this.#timeline.hasNewer;
    if (newest && isSeen) this.#marker.reached(newest);
    else this.stop();
  }

  stop() {
    this.#marker.cancel();
  }

  /** Another tab has read up to here. */
  advance(position) {
    this.#marker.advance(position);
  }

  async #report(messageId) {
    const { conversationId } = this.#element;
    const isAccepted = await postForm(`/conversations/${conversationId}/read`, { message_id: messageId });
    if (isAccepted) {
      this.#divider.read();
      this.#element.dispatchEvent(new CustomEvent("conversation-read", { bubbles: true, detail: conversationId }));
    }
    return isAccepted;
  }
}
