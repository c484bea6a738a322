const sorted = (values) => [...values].sort((a, b) => a - b);

export function quantile(values, share) {
  const order = sorted(values);
  return order[Math.min(order.length - 1, Math.floor(share * order.length))];
}

const median = (values) => {
  const order = sorted(values);
  const middle = order.length >> 1;
  return order.length % 2 ? order[middle] : (order[middle - 1] + order[middle]) / 2;
};

const whole = (value) => Math.round(value).toLocaleString("en");
const share = (value) => value.toFixed(2);

/** The median, with the least and the most where there are several. */
function spread(values, format) {
  if (values.length === 1) return format(values[0]);
  const order = sorted(values);
  return `${format(median(values))} (${format(order[0])}–${format(order.at(-1))})`;
}

const pick = (results, key) => results.map((result) => result[key]);
const ratio = ([ours, theirs], key) => spread(ours.map((result, round) => result[key] / theirs[round][key]), share);
const total = (results) => results.reduce((sum, { wrong }) => sum + wrong, 0);

function table(headings, rows) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return [line(headings), line(headings.map(() => "---")), ...rows.map(line), ""].join("\n");
}

const wrong = (results) => results.map(total).join(" / ");

function rateRow({ title, results }) {
  const generator = results.map((side) => share(Math.max(...pick(side, "generator")))).join(" / ");
  const figures = (key) => results.map((side) => spread(pick(side, key), whole));
  const ratios = ["perCpu", "rate"].map((key) => `**${ratio(results, key)}**`);
  return [title, ...ratios, ...figures("perCpu"), ...figures("rate"), generator, wrong(results)];
}

function latencyRows({ title, results }) {
  const pooled = results.map((side) => side.flatMap(({ samples }) => samples));
  return [0.5, 0.99].map((at) => {
    const [ours, theirs] = pooled.map((samples) => quantile(samples, at));
    const name = `${title}, p${at * 100}, ms`;
    return [name, `**${share(ours / theirs)}**`, whole(ours), whole(theirs), wrong(results)];
  });
}

function memoryRow({ title, results }) {
  const figures = results.map((side) => spread(pick(side, "memory"), whole));
  return [`${title}, KB`, `**${ratio(results, "memory")}**`, ...figures, wrong(results)];
}

function heartbeatRow({ title, results }) {
  const figures = results.map((side) => spread(pick(side, "heartbeats"), share));
  return [`${title}: share of a core, %`, `**${ratio(results, "heartbeats")}**`, ...figures, wrong(results)];
}

/** Markdown for `measured`, a list of {title, unit?, results: [results of one side per round, of the other]}. */
export function report(measured, labels) {
  const rate = measured.filter(({ unit }) => !unit);
  const memory = measured.filter(({ unit }) => unit === "KB").map(memoryRow);
  const heartbeats = measured.filter(({ results }) => results[0][0].heartbeats !== undefined).map(heartbeatRow);
  const small = [...memory, ...heartbeats, ...measured.filter(({ unit }) => unit === "ms").flatMap(latencyRows)];
  const parts = [];
  if (rate.length) {
    const ratios = ["ratio by CPU", "ratio by clock"];
    const figures = ["per CPU-s", "per s"].flatMap((per) => labels.map((label) => `${label} ${per}`));
    parts.push(table(["work (more is better)", ...ratios, ...figures, "generator’s CPU", "wrong"], rate.map(rateRow)));
  }
  if (small.length) parts.push(table(["less is better", "ratio", ...labels, "wrong"], small));
  return parts.join("\n");
}
