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

/** Two workers of Lumina, and one, each on a PostgreSQL database and in a Redis database of its own. */
export const twoWorkersAndOne = {
  labels: ["two workers", "one"],
  async prepare(folder, scale, log) {
    stores = await launchStores(log);
    const env = { DATABASE_URL: stores.database, REDIS_URL: stores.redis };
    return populate(scale, join(folder, "instance"), log, env);
  },
  async start(round, { folder, world, log }) {
    const sides = [];
    for (const workers of [2, 1]) {
      const env = {
        DATABASE_URL: await stores.copy(`round_${round}_${workers}`),
        REDIS_URL: stores.redis.replace(/\d+$/, workers),
        WEB_CONCURRENCY: String(workers),
      };
      const lumina = await launchLumina(join(folder, "instance"), SERVER_CORE, log, env);
      sides.push(await withWorld(lumina, world));
    }
    return sides;
  },
  end: () => stores?.end(),
};
