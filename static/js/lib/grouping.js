const GROUP_WINDOW = 5 * 60 * 1_000;

/** Whether two neighbours belong to one group: same person, same section (day), at most five minutes apart. */
export function joins(before, after) {
  return before.senderId === after.senderId
    && before.section === after.section
    && Math.abs(after.time - before.time) <= GROUP_WINDOW;
}

/** The place of each of {senderId, time, section} in its group: "first", "middle", "last" or "single". */
export function groupPlaces(messages) {
  return messages.map((message, index) => {
    const joinsPrevious = index > 0 && joins(messages[index - 1], message);
    const joinsNext = index < messages.length - 1 && joins(message, messages[index + 1]);
    if (joinsPrevious) return joinsNext ? "middle" : "last";
    return joinsNext ? "first" : "single";
  });
}
