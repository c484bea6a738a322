/** Copies a text, or the promise of one; whether that worked. */
export async function copy(words) {
  try {
    await (navigator.clipboard ? write(words) : writeBySelection(await words));
    return true;
  } catch {
    return false;
  }
}

/** Handed over as a promise, a text that must be fetched first is still one that the click asked for. */
function write(words) {
  const blob = Promise.resolve(words).then((text) => new Blob([text], { type: "text/plain" }));
  return navigator.clipboard.write([new ClipboardItem({ "text/plain": blob })]);
}

/** Where a page without HTTPS has no clipboard. */
function writeBySelection(text) {
  const field = document.createElement("textarea");
  field.value = text;
  field.className = "visually-hidden";
  document.body.append(field);
  field.select();
  const isCopied = document.execCommand("copy");
  field.remove();
  if (!isCopied) throw new Error("Nothing was copied.");
}
