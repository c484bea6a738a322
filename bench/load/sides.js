import { join } from "node:path";

import { copyInstance, launchEcho, launchLumina, launchStores, stop } from "./servers.js";
import { makeWorld, renewTokens } from "./world.js";

const SERVER_CORE = "0";
const EVERY_CORE = "0-1";

/** Lumina's accounts and conversations, made on every core. */
async function populate(scale, instance, log, more) {
  const lumina = await launchLumina(instance, EVERY_CORE, log, more);
  const world = await makeWorld(lumina.url, scale);
  await stop(lumina);
  return world;
}

async function withWorld(lumina, world) {
  lumina.world = structuredClone(world);
  await renewTokens(lumina.url, lumina.world);
  return lumina;
}

/** Lumina on SQLite, and the echo server on the bare stack. */
export const luminaAndEcho = {
  labels: ["Lumina", "echo"],
  keeps: true,
  prepare: (folder, scale, log) => populate(scale, join(folder, "instance"), log),
  async start(round, { folder, world, scale, scratch, log }) {
    const instance = join(scratch, `instance-${round}`);
    copyInstance(join(folder, "instance"), instance);
    const lumina = await withWorld(await launchLumina(instance, SERVER_CORE, log), world);
    const echo = await launchEcho(SERVER_CORE, log);
    echo.world = await makeWorld(echo.url, scale);
    return [lumina, echo];
  },
};

let stores;
let copies = 0;

/** So many workers of Lumina, on a PostgreSQL database and in a Redis database of their own. */
async function launchWorkers(count, { folder, world, log }) {
  const number = ++copies;
  const env = {
    DATABASE_URL: await stores.copy(`copy_${number}`),
    REDIS_URL: stores.redis.replace(/\d+$/, number % 16),
    WEB_CONCURRENCY: String(count),
  };
  return withWorld(await launchLumina(join(folder, "instance"), SERVER_CORE, log, env), world);
}

const onStores = {
  async prepare(folder, scale, log) {
    stores = await launchStores(log);
    const env = { DATABASE_URL: stores.database, REDIS_URL: stores.redis };
    return populate(scale, join(folder, "instance"), log, env);
  },
  end: () => stores?.end(),
};

/** Two workers of Lumina, and one. */
export const twoWorkersAndOne = {
  ...onStores,
  labels: ["two workers", "one"],
  start: async (_, prepared) => [await launchWorkers(2, prepared), await launchWorkers(1, prepared)],
};

/**
 * Two workers of Lumina, and two servers that know nothing of each other and do half of the work each. As many processes
 * share the core, so that what differs is what workers do for one another.
 */
export const twoWorkersAndTwoApart = {
  ...onStores,
  labels: ["two workers", "two apart"],
  async start(_, prepared) {
    const together = await launchWorkers(2, prepared);
    const parts = [await launchWorkers(1, prepared), await launchWorkers(1, prepared)];
    const middle = Math.floor(parts[0].world.pairs.length / 2);
    parts[0].world.pairs.splice(middle);
    parts[1].world.pairs.splice(0, middle);
    for (const part of parts) part.share = 1 / parts.length;
    return [together, { parts }];
  },
};
