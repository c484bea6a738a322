/** One of all open tabs: whoever holds the lock, for as long as it is open. Without locks every tab takes itself for it. */
export class Leadership {
  isLeader = false;

  constructor(locks, name) {
    if (!locks) this.isLeader = true;
    else locks.request(name, () => this.#reign()).catch(() => {});
  }

  #reign() {
    this.isLeader = true;
    // Kept until the tab goes.
    return new Promise(() => {});
  }
}
