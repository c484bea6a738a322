import { rankEmoji } from "./lib/emoji-ranking.js";

const SHORTEST_QUERY = 2;

/** Where the picker and the search find the emoji and their names; the library keeps them in IndexedDB. */
export const EMOJI_SOURCE = {
  dataSource: new URL("../vendor/emoji-picker-element/en.json", import.meta.url).href,
  locale: "en",
};

let database = null;

/** Emoji for a half-typed shortcode or word, best first, in the viewer's skin tone: [{emoji, name, shortcode}]. */
export async function searchEmoji(query, limit = 8) {
  if (query.length < SHORTEST_QUERY) return [];
  return ask(async (emoji) => {
    const [found, tone] = await Promise.all([emoji.getEmojiBySearchQuery(query), emoji.getPreferredSkinTone()]);
    return rankEmoji(found, query, tone).slice(0, limit);
  }, []);
}

/** The emoji of a whole shortcode ("smile"), or null. */
export async function emojiNamed(shortcode) {
  return ask(async (emoji) => {
    const [found, tone] = await Promise.all([emoji.getEmojiByShortcode(shortcode), emoji.getPreferredSkinTone()]);
    return found ? rankEmoji([found], shortcode, tone)[0].emoji : null;
  }, null);
}

/** The library comes with the first question. Where the browser forbids its storage, nothing is found. */
async function ask(question, otherwise) {
  try {
    const { default: Database } = await import("../vendor/emoji-picker-element/database.js");
    database ??= new Database(EMOJI_SOURCE);
    return await question(database);
  } catch {
    return otherwise;
  }
}
