import { readFileSync } from "node:fs";

const TICKS_PER_SECOND = 100;

function family(pid) {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8").split(" ").filter(Boolean);
  return [pid, ...children.flatMap(family)];
}

/** CPU seconds that a process and its children, ended ones included, have used. */
export function cpuSeconds(pid) {
  return family(pid).reduce((sum, member) => {
    const stat = readFileSync(`/proc/${member}/stat`, "utf8");
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const [user, system, childrenUser, childrenSystem] = fields.slice(11, 15).map(Number);
    return sum + (user + system + childrenUser + childrenSystem) / TICKS_PER_SECOND;
  }, 0);
}

/** Resident memory of a process and its children, in kilobytes. */
export function residentKilobytes(pid) {
  const resident = (member) => Number(readFileSync(`/proc/${member}/status`, "utf8").match(/VmRSS:\s+(\d+)/)[1]);
  return family(pid).reduce((sum, member) => sum + resident(member), 0);
}

/** Measures a stretch of time: seconds, CPU seconds of the server, and the generator's share of its core. */
export class Meter {
  #before;

  constructor(pid) {
    this.pid = pid;
    this.#before = this.#read();
  }

  #read() {
    const { user, system } = process.cpuUsage();
    return { seconds: performance.now() / 1000, cpu: cpuSeconds(this.pid), own: (user + system) / 1e6 };
  }

  stop() {
    const after = this.#read();
    const seconds = after.seconds - this.#before.seconds;
    return { seconds, cpu: after.cpu - this.#before.cpu, generator: (after.own - this.#before.own) / seconds };
  }
}

/** What `count` pieces of work in a metered stretch mean: the rate by the clock and by the server's CPU. */
export function rates(count, { seconds, cpu, generator }) {
  return { rate: count / seconds, perCpu: count / cpu, generator };
}

/** What several servers that did a share each have done together. */
export function together(results) {
  const sum = (value) => results.reduce((all, result) => all + value(result), 0);
  const rate = sum((result) => result.rate);
  const cpu = sum((result) => result.rate / result.perCpu);
  const generator = Math.max(...results.map((result) => result.generator));
  return { rate, perCpu: rate / cpu, generator, wrong: sum((result) => result.wrong) };
}
