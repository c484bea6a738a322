// Up to three words, since names have spaces; a sign within a word, as in an address, begins nothing.
const MENTION = /(?<![\p{L}\p{N}_])@((?:[^\s@]+(?: [^\s@]+){0,2} ?)?)$/u;
const EMOJI = /(?<![\p{L}\p{N}_:]):([\p{L}\p{N}_+-]{2,})$/u;

/** A name being written at the end of the text: {query, start}, `start` being where its "@" stands; or null. */
export const mentionAt = (before) => placeOf(MENTION, before);

/** An emoji's name being written at the end of the text, likewise, behind ":". */
export const emojiAt = (before) => placeOf(EMOJI, before);

function placeOf(pattern, before) {
  const match = pattern.exec(before);
  return match ? { query: match[1], start: match.index } : null;
}
