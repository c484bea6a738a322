const TYPED = /^(\d{1,12})(?:[.,](\d{1,2}))?$/;

/** What somebody has typed as major units in minor ones, as the server reads it; null for what is no amount. */
export function typedAmount(text) {
  const found = TYPED.exec(text.trim());
  return found && Number(found[1]) * 100 + Number((found[2] ?? "0").padEnd(2, "0"));
}
