const UNITS = ["KB", "MB", "GB"];

/** 812 → "812 bytes", 4100000 → "4.1 MB", as the server says it. */
export function fileSize(bytes) {
  if (bytes < 1000) return `${bytes} bytes`;
  let [amount, unit] = [bytes / 1000, 0];
  while (amount >= 1000 && unit < UNITS.length - 1) {
    amount /= 1000;
    unit += 1;
  }
  return `${amount < 100 ? amount.toFixed(1) : Math.round(amount)} ${UNITS[unit]}`;
}

/** 7200 → "0:07", 750000 → "12:30". */
export function soundLength(ms) {
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}
