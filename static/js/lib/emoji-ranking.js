/**
 * What the picker's database found for a half-typed shortcode, best first: the code itself, then codes that begin with it,
 * then the rest as found. Each becomes {emoji, name, shortcode}, in a skin tone from 0 (none) to 5.
 */
export function rankEmoji(found, query, tone = 0) {
  const wanted = query.toLowerCase();
  return found
    .filter(({ shortcodes }) => shortcodes?.length)
    .map((entry) => ({ entry, ...bestCode(entry.shortcodes, wanted) }))
    .sort((one, other) => one.rank - other.rank)
    .map(({ entry, code }) => ({ emoji: inTone(entry, tone), name: entry.annotation, shortcode: code }));
}

function bestCode(shortcodes, wanted) {
  if (shortcodes.includes(wanted)) return { rank: 0, code: wanted };
  const begun = shortcodes.find((code) => code.startsWith(wanted));
  return begun ? { rank: 1, code: begun } : { rank: 2, code: shortcodes[0] };
}

const inTone = ({ unicode, skins }, tone) => skins?.find((skin) => skin.tone === tone)?.unicode ?? unicode;
