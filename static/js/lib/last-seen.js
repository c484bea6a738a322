const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/**
 * Whether somebody is here, in words; "" where nothing is known. `words` has online, justNow, minute, minutes (with {count})
 * and at (with {time}).
 */
export function presenceWords({ isOnline, lastSeenAt }, { now, clockface, words }) {
  if (isOnline) return words.online;
  const seen = new Date(lastSeenAt ?? NaN);
  if (Number.isNaN(seen.getTime())) return "";
  const age = now - seen.getTime();
  if (age < MINUTE) return words.justNow;
  if (age < 2 * MINUTE) return words.minute;
  if (age < HOUR) return words.minutes.replace("{count}", Math.floor(age / MINUTE));
  return words.at.replace("{time}", clockface.moment(seen, new Date(now)));
}
