import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";

import { report } from "./report.js";
import { connect, memory } from "./scenarios/connect.js";
import { fanout } from "./scenarios/fanout.js";
import { idle } from "./scenarios/idle.js";
import { latency } from "./scenarios/latency.js";
import { pingpong } from "./scenarios/pingpong.js";
import { requests } from "./scenarios/requests.js";
import { copyInstance, launchEcho, launchLumina, stop, stopAll } from "./servers.js";
import { makeWorld, renewTokens } from "./world.js";

const FULL = { scale: { audiences: [1, 100, 1000], sockets: 1000, pairs: 250 }, rounds: 3, seconds: 5, warmup: 1 };
const QUICK = { scale: { audiences: [1, 10, 50], sockets: 50, pairs: 25 }, rounds: 1, seconds: 0.5, warmup: 0.2 };
const IDLE = 10_000;
const SERVER_CORE = "0";
const TOO_BUSY = 0.9;

const say = (line) => process.stderr.write(`${line}\n`);

function readOptions() {
  const options = {
    quick: { type: "boolean" },
    only: { type: "string" },
    rounds: { type: "string" },
    seconds: { type: "string" },
    state: { type: "string" },
  };
  const { values } = parseArgs({ options });
  const base = values.quick ? QUICK : FULL;
  const { rounds = base.rounds, seconds = base.seconds } = values;
  return { ...base, ...values, rounds: Number(rounds), seconds: Number(seconds) };
}

function chooseScenarios({ scale, only }) {
  // Memory comes first: it wants a server that has not served yet.
  const all = [
    memory(scale.sockets),
    connect(scale.sockets),
    ...scale.audiences.map(fanout),
    pingpong(scale.pairs),
    latency(scale.sockets),
    ...requests,
  ];
  const names = only?.split(",");
  const chosen = names ? [...all, idle(IDLE)].filter(({ name }) => names.includes(name)) : all;
  if (!chosen.length) throw new Error(`--only takes some of ${all.map(({ name }) => name).join(",")}`);
  return chosen;
}

/** Makes the accounts and conversations of Lumina once, on every core; rounds work on copies of that folder. */
async function prepare(folder, scale, log) {
  const saved = join(folder, "world.json");
  if (existsSync(saved)) {
    const world = JSON.parse(readFileSync(saved));
    if (JSON.stringify(world.scale) === JSON.stringify(scale)) return world;
    throw new Error(`${folder} was made for another scale`);
  }
  say("making accounts and conversations");
  mkdirSync(folder, { recursive: true });
  const lumina = await launchLumina(join(folder, "instance"), "0-1", log);
  const world = await makeWorld(lumina.url, scale);
  await stop(lumina);
  writeFileSync(saved, JSON.stringify(world));
  return world;
}

async function measure(server, scenario, options) {
  const result = await scenario.run(server, options);
  const figure = result.rate ?? result.memory ?? result.samples.length;
  const busy = result.generator > TOO_BUSY ? ", THE GENERATOR WAS THE LIMIT" : "";
  say(`  ${scenario.name} ${server.name}: ${figure.toFixed(1)}, wrong ${result.wrong}${busy}`);
  return result;
}

async function playRound(round, scratch, prepared, measured, options) {
  const log = join(scratch, "servers.log");
  const instance = join(scratch, `instance-${round}`);
  copyInstance(join(prepared.folder, "instance"), instance);
  const lumina = await launchLumina(instance, SERVER_CORE, log);
  const echo = await launchEcho(SERVER_CORE, log);
  lumina.world = structuredClone(prepared.world);
  await renewTokens(lumina.url, lumina.world);
  echo.world = await makeWorld(echo.url, options.scale);
  for (const scenario of measured) {
    for (const server of round % 2 ? [lumina, echo] : [echo, lumina]) {
      scenario[server.name].push(await measure(server, scenario, options));
    }
  }
  await stop(lumina);
  await stop(echo);
}

async function main() {
  const options = readOptions();
  const measured = chooseScenarios(options).map((scenario) => ({ ...scenario, lumina: [], echo: [] }));
  const scratch = mkdtempSync(join(tmpdir(), "lumina-bench-"));
  const folder = options.state ?? join(scratch, "prepared");
  try {
    const world = await prepare(folder, options.scale, join(scratch, "servers.log"));
    for (let round = 1; round <= options.rounds; round++) {
      say(`round ${round} of ${options.rounds}`);
      await playRound(round, scratch, { folder, world }, measured, options);
    }
  } catch (error) {
    say(readFileSync(join(scratch, "servers.log"), "utf8").slice(-2000));
    throw error;
  } finally {
    stopAll();
    rmSync(scratch, { recursive: true, force: true });
  }
  console.log(report(measured));
  const wrong = measured.some(({ lumina, echo }) => [...lumina, ...echo].some((result) => result.wrong > 0));
  process.exit(wrong ? 1 : 0);
}

process.on("SIGINT", () => (stopAll(), process.exit(130)));
process.on("SIGTERM", () => (stopAll(), process.exit(143)));
await main();
