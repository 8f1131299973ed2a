import { concat, type Storage } from "../storage/storage.js";

/**
 * A file that grows at its end, whole records at a time.
 *
 * Its first record replaces what there was, atomically. When a later one cannot be written (a full disk), it is kept
 * and goes out before the next; what may have arrived of it is cut off first, so that no record ever follows half a one.
 */
export class AppendLog {
  readonly path: string;
  readonly #storage: Storage;
  #waiting: Uint8Array[];
  /** Bytes that are known to be in the file; `null` as long as it has not been begun. */
  #length: number | null = null;
  #doubtful = false;
  #asked = false;

  /** @param head - What the file begins with: the records of an earlier run that stay, or a header. */
  constructor(storage: Storage, path: string, head: Uint8Array = new Uint8Array(0)) {
    this.#storage = storage;
    this.path = path;
    this.#waiting = [head];
  }

  async append(record: Uint8Array): Promise<void> {
    this.#asked = true;
    this.#waiting.push(record);
    await this.#drain();
  }

  /** Returns when everything appended would survive a power cut. */
  async sync(): Promise<void> {
    if (!this.#asked) return;
    if (this.#waiting.length > 0) await this.#drain();
    await this.#storage.sync?.(this.path);
  }

  async #drain(): Promise<void> {
    const data = concat(this.#waiting);
    this.#waiting = [data];
    if (this.#length === null) {
      await this.#storage.write(this.path, data);
    } else {
      await this.#cutDoubtful(this.#length);
      this.#doubtful = true;
      await this.#storage.append(this.path, data);
      this.#doubtful = false;
    }
    this.#length = (this.#length ?? 0) + data.length;
    this.#waiting = [];
  }

  async #cutDoubtful(length: number): Promise<void> {
    if (!this.#doubtful) return;
    const bytes = await this.#storage.read(this.path);
    if (bytes !== null && bytes.length > length) {
      await this.#storage.write(this.path, bytes.subarray(0, length));
    }
    this.#doubtful = false;
  }
}
