import { spawn, spawnSync } from "node:child_process";
import { cpSync, existsSync, openSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

import { sleep } from "./pace.js";

const PROJECT = fileURLToPath(new URL("../..", import.meta.url));
const PYTHON = join(PROJECT, ".venv/bin/python");
const running = new Set();

async function freePort() {
  const probe = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => probe.once("listening", resolve));
  const { port } = probe.address();
  await new Promise((resolve) => probe.close(resolve));
  return port;
}

async function answers(url) {
  try {
    return (await fetch(`${url}/healthz`)).ok;
  } catch {
    return false;
  }
}

/** How to start Python: in the project, with `env` alone, its output going to `log`. */
function setting(env, log) {
  const output = openSync(log, "a");
  const clean = { PATH: process.env.PATH, LANG: "C.UTF-8", ...env };
  return { cwd: PROJECT, env: clean, stdio: ["ignore", output, output] };
}

/** Starts a Python server on `cores` and waits until it answers. */
async function launch(name, script, { cores, log, port, env }) {
  const child = spawn("taskset", ["-c", cores, PYTHON, ...script], setting(env, log));
  const server = { name, url: `http://127.0.0.1:${port}`, pid: child.pid, child };
  running.add(server);
  for (let tries = 0; !(await answers(server.url)); tries++) {
    if (child.exitCode !== null || tries > 300) throw new Error(`${name} did not start`);
    await sleep(100);
  }
  return server;
}

/** Lumina as it is served, with its rate limits lifted, on the SQLite database in `instance` or on what `more` says. */
export async function launchLumina(instance, cores, log, more = {}) {
  const port = await freePort();
  const env = {
    LUMINA_ENV: "development",
    LUMINA_INSTANCE: instance,
    LUMINA_DEMO: "0",
    RATELIMIT_ENABLED: "0",
    HOST: "127.0.0.1",
    PORT: String(port),
    ...more,
  };
  const { status } = spawnSync(PYTHON, ["-m", "flask", "--app", "lumina", "db", "upgrade"], setting(env, log));
  if (status !== 0) throw new Error("the migrations failed");
  return launch("lumina", ["wsgi.py"], { cores, log, port, env });
}

/** The echo server on the bare stack. */
export async function launchEcho(cores, log) {
  const port = await freePort();
  return launch("echo", ["bench/echo.py", String(port)], { cores, log, port, env: {} });
}

/** A PostgreSQL and a Redis: {database, redis, copy(name) → URL of a copy of the database}. */
export async function launchStores(log) {
  const { stdio, ...rest } = setting({}, log);
  const child = spawn(PYTHON, ["-m", "bench.stores"], { ...rest, stdio: ["pipe", "pipe", stdio[2]] });
  running.add({ child });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async () => (await lines.next()).value;
  const copy = (name) => (child.stdin.write(`${name}\n`), next());
  return { ...JSON.parse(await next()), copy, end: () => child.stdin.end() };
}

export async function stop(server) {
  running.delete(server);
  if (server.child.exitCode !== null || server.child.signalCode) return;
  const ended = new Promise((resolve) => server.child.once("exit", resolve));
  server.child.kill("SIGTERM");
  const killer = setTimeout(() => server.child.kill("SIGKILL"), 12_000);
  await ended;
  clearTimeout(killer);
}

/** For the way out, whatever happened. */
export function stopAll() {
  for (const server of running) server.child.kill("SIGKILL");
}

/** Copies an instance folder of a stopped server. */
export function copyInstance(from, to) {
  if (existsSync(from)) cpSync(from, to, { recursive: true });
}
