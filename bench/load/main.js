import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { together } from "./procfs.js";
import { report } from "./report.js";
import { connect, memory } from "./scenarios/connect.js";
import { fairness } from "./scenarios/fairness.js";
import { fanout } from "./scenarios/fanout.js";
import { idle } from "./scenarios/idle.js";
import { latency } from "./scenarios/latency.js";
import { pingpong } from "./scenarios/pingpong.js";
import { requests } from "./scenarios/requests.js";
import { stop, stopAll } from "./servers.js";
import { luminaAndEcho, twoWorkersAndOne, twoWorkersAndTwoApart } from "./sides.js";

const FULL = { scale: { audiences: [1, 100, 1000], sockets: 1000, pairs: 250 }, rounds: 3, seconds: 5, warmup: 1 };
const QUICK = { scale: { audiences: [1, 10, 50], sockets: 50, pairs: 25 }, rounds: 1, seconds: 0.5, warmup: 0.2 };
const IDLE = 10_000;
const TOO_BUSY = 0.9;

const say = (line) => process.stderr.write(`${line}\n`);

function readOptions() {
  const options = {
    quick: { type: "boolean" },
    only: { type: "string" },
    rounds: { type: "string" },
    seconds: { type: "string" },
    state: { type: "string" },
    workers: { type: "boolean" },
    apart: { type: "boolean" },
  };
  const { values } = parseArgs({ options });
  const base = values.quick ? QUICK : FULL;
  const { rounds = base.rounds, seconds = base.seconds } = values;
  return { ...base, ...values, rounds: Number(rounds), seconds: Number(seconds) };
}

function chooseSides({ workers, apart }) {
  if (apart) return twoWorkersAndTwoApart;
  return workers ? twoWorkersAndOne : luminaAndEcho;
}

function chooseScenarios({ scale, only }) {
  // Memory comes first: it wants a server that has not served yet.
  const all = [
    memory(scale.sockets),
    connect(scale.sockets),
    ...scale.audiences.map(fanout),
    pingpong(scale.pairs),
    latency(scale.sockets),
    fairness(scale.audiences[1]),
    ...requests,
  ];
  const names = only?.split(",");
  const chosen = names ? [...all, idle(IDLE)].filter(({ name }) => names.includes(name)) : all;
  if (!chosen.length) throw new Error(`--only takes some of ${all.map(({ name }) => name).join(",")}`);
  return chosen;
}

/** Makes the accounts and conversations once, or takes those of a run before; rounds work on copies. */
async function prepare(sides, folder, scale, log) {
  const saved = join(folder, "world.json");
  if (sides.keeps && existsSync(saved)) {
    const world = JSON.parse(readFileSync(saved));
    if (JSON.stringify(world.scale) === JSON.stringify(scale)) return world;
    throw new Error(`${folder} was made for another scale`);
  }
  say("making accounts and conversations");
  mkdirSync(folder, { recursive: true });
  const world = await sides.prepare(folder, scale, log);
  writeFileSync(saved, JSON.stringify(world));
  return world;
}

async function measure(server, label, scenario, options) {
  const run = (one) => scenario.run(one, options);
  const result = server.parts ? together(await Promise.all(server.parts.map(run))) : await run(server);
  const figure = result.rate ?? result.memory ?? result.samples.length;
  const busy = result.generator > TOO_BUSY ? ", THE GENERATOR WAS THE LIMIT" : "";
  say(`  ${scenario.name} ${label}: ${figure.toFixed(1)}, wrong ${result.wrong}${busy}`);
  return result;
}

async function playRound(round, sides, prepared, measured, options) {
  const servers = await sides.start(round, prepared);
  for (const scenario of measured) {
    for (const side of round % 2 ? [0, 1] : [1, 0]) {
      scenario.results[side].push(await measure(servers[side], sides.labels[side], scenario, options));
    }
  }
  for (const server of servers.flatMap((server) => server.parts ?? server)) await stop(server);
}

async function main() {
  const options = readOptions();
  const sides = chooseSides(options);
  const measured = chooseScenarios(options).map((scenario) => ({ ...scenario, results: [[], []] }));
  const scratch = mkdtempSync(join(tmpdir(), "lumina-bench-"));
  const log = join(scratch, "servers.log");
  const folder = options.state ?? join(scratch, "prepared");
  try {
    const world = await prepare(sides, folder, options.scale, log);
    const prepared = { folder, world, scale: options.scale, scratch, log };
    for (let round = 1; round <= options.rounds; round++) {
      say(`round ${round} of ${options.rounds}`);
      await playRound(round, sides, prepared, measured, options);
    }
  } catch (error) {
    say(readFileSync(log, "utf8").slice(-2000));
    throw error;
  } finally {
    sides.end?.();
    stopAll();
    rmSync(scratch, { recursive: true, force: true });
  }
  console.log(report(measured, sides.labels));
  const wrong = measured.some(({ results }) => results.flat().some((result) => result.wrong > 0));
  process.exit(wrong ? 1 : 0);
}

process.on("SIGINT", () => (stopAll(), process.exit(130)));
process.on("SIGTERM", () => (stopAll(), process.exit(143)));
await main();
