/**
 * What became of the viewer's messages, from how far each other member has come. A mark is {userId, joinedAt, readPosition,
 * seenAt}, the times as ISO or null; in a group too large for that, `readByAll` is the position up to which all have read.
 */
export class Receipts {
  #marks;
  #readByAll;

  constructor(marks = [], readByAll = 0) {
    this.#marks = new Map(marks.map((mark) => [mark.userId, { ...mark }]));
    this.#readByAll = readByAll;
  }

  /** "sent", "delivered" or "read": what holds for every other member who was one when it was sent. */
  statusOf({ position, createdAt }) {
    if (position <= this.#readByAll) return "read";
    const counted = [...this.#marks.values()].filter(({ joinedAt }) => joinedAt <= createdAt);
    if (counted.length === 0) return "sent";
    if (counted.every(({ readPosition }) => readPosition >= position)) return "read";
    const hasReached = ({ readPosition, seenAt }) => readPosition >= position || (seenAt && seenAt >= createdAt);
    return counted.every(hasReached) ? "delivered" : "sent";
  }

  /** A member has read up to a position. */
  read(userId, position) {
    const mark = this.#marks.get(userId);
    if (mark) mark.readPosition = Math.max(mark.readPosition, position);
  }

  /** Everything sent until then has reached a member. */
  delivered(userId, at) {
    const mark = this.#marks.get(userId);
    if (mark && !(mark.seenAt >= at)) mark.seenAt = at;
  }
}
