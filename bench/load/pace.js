export const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** Maps `items`, at most `width` at once; keeps their order. */
export async function inParallel(items, width, map) {
  const results = new Array(items.length);
  let taken = 0;
  const work = async () => {
    while (taken < items.length) {
      const i = taken++;
      results[i] = await map(items[i], i);
    }
  };
  await Promise.all(Array.from({ length: width }, work));
  return results;
}

/** Calls `fire(due)` `rate` times a second until `end`, however slow the answers; `due` is when it should be. */
export async function onSchedule(rate, end, fire) {
  const start = performance.now();
  for (let k = 0; ; k++) {
    const due = start + (k * 1000) / rate;
    if (due >= end) return;
    if (due > performance.now()) await sleep(due - performance.now());
    fire(due);
  }
}
