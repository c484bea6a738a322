/**
 * JSON values in a Storage, one key each, so that two tabs never overwrite each other's entries.
 * A full or forbidden storage is survived: put() then answers false.
 */
export class KeyedStore {
  #storage;
  #prefix;

  constructor(storage, prefix) {
    this.#storage = storage;
    this.#prefix = `${prefix}.`;
  }

  get(key) {
    try {
      return JSON.parse(this.#storage.getItem(this.#prefix + key));
    } catch {
      return null;
    }
  }

  put(key, value) {
    try {
      this.#storage.setItem(this.#prefix + key, JSON.stringify(value));
      return true;
    } catch {
      return false;
    }
  }

  delete(key) {
    try {
      this.#storage.removeItem(this.#prefix + key);
    } catch {
      // Nothing was kept, so nothing is left to remove.
    }
  }

  /** The values as [key, value] pairs. */
  entries() {
    return this.#keys().map((key) => [key, this.get(key)]).filter(([, value]) => value !== null);
  }

  /** Whether a StorageEvent's key belongs here (null: everything was cleared). */
  owns(storageKey) {
    return storageKey === null || storageKey.startsWith(this.#prefix);
  }

  /** The key that a StorageEvent's key stands for. */
  keyOf(storageKey) {
    return storageKey.slice(this.#prefix.length);
  }

  #keys() {
    try {
      return Array.from({ length: this.#storage.length }, (_, index) => this.#storage.key(index))
        .filter((key) => key.startsWith(this.#prefix))
        .map((key) => key.slice(this.#prefix.length));
    } catch {
      return [];
    }
  }
}
