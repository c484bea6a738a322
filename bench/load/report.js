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
const ratio = (lumina, echo, key) => spread(lumina.map((result, round) => result[key] / echo[round][key]), share);
const total = (results) => results.reduce((sum, { wrong }) => sum + wrong, 0);

function table(headings, rows) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  return [line(headings), line(headings.map(() => "---")), ...rows.map(line), ""].join("\n");
}

function rateRow({ title, lumina, echo }) {
  const generator = [lumina, echo].map((results) => share(Math.max(...pick(results, "generator")))).join(" / ");
  const figures = (key) => [spread(pick(lumina, key), whole), spread(pick(echo, key), whole)];
  const ratios = ["perCpu", "rate"].map((key) => `**${ratio(lumina, echo, key)}**`);
  return [title, ...ratios, ...figures("perCpu"), ...figures("rate"), generator, `${total(lumina)} / ${total(echo)}`];
}

function latencyRows({ title, lumina, echo }) {
  const pooled = [lumina, echo].map((results) => results.flatMap(({ samples }) => samples));
  return [0.5, 0.99].map((at) => {
    const [ours, theirs] = pooled.map((samples) => quantile(samples, at));
    const name = `${title}, p${at * 100}, ms`;
    return [name, `**${share(ours / theirs)}**`, whole(ours), whole(theirs), `${total(lumina)} / ${total(echo)}`];
  });
}

function memoryRow({ title, lumina, echo }) {
  const figures = [lumina, echo].map((results) => spread(pick(results, "memory"), whole));
  return [`${title}, KB`, `**${ratio(lumina, echo, "memory")}**`, ...figures, `${total(lumina)} / ${total(echo)}`];
}

function heartbeatRow({ title, lumina, echo }) {
  const figures = [lumina, echo].map((results) => spread(pick(results, "heartbeats"), share));
  return [`${title}: share of a core, %`, `**${ratio(lumina, echo, "heartbeats")}**`, ...figures, `${total(lumina)} / ${total(echo)}`];
}

/** Markdown for `measured`: a list of {title, unit?, lumina: [result per round], echo: [result per round]}. */
export function report(measured) {
  const rate = measured.filter(({ unit }) => !unit);
  const memory = measured.filter(({ unit }) => unit === "KB").map(memoryRow);
  const heartbeats = measured.filter(({ lumina }) => lumina[0].heartbeats !== undefined).map(heartbeatRow);
  const small = [...memory, ...heartbeats, ...measured.filter(({ unit }) => unit === "ms").flatMap(latencyRows)];
  const parts = [];
  if (rate.length) {
    const ratios = ["ratio by CPU", "ratio by clock"];
    const figures = ["Lumina per CPU-s", "echo per CPU-s", "Lumina per s", "echo per s", "generator’s CPU", "wrong"];
    parts.push(table(["work (more is better)", ...ratios, ...figures], rate.map(rateRow)));
  }
  if (small.length) parts.push(table(["less is better", "ratio", "Lumina", "echo", "wrong"], small));
  return parts.join("\n");
}
