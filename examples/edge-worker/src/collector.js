import { DurableObject } from "cloudflare:workers";
import { CovarianceMatrix, decodeState, NonFiniteError, ShapeError } from "@delve/core";
import { recall, store } from "./storage.js";

/** One of the objects that take in a collection's samples. What it has answered for is on disk. */
export class Collector extends DurableObject {
  #storage;
  #current;
  #reference = null;
  #queue = Promise.resolve();

  constructor(ctx, env) {
    super(ctx, env);
    this.#storage = ctx.storage;
    ctx.blockConcurrencyWhile(async () => {
      const bytes = await recall(this.#storage, "current");
      this.#current = await (bytes === null ? CovarianceMatrix.open() : CovarianceMatrix.decode(bytes));
      this.#reference = await recall(this.#storage, "reference");
    });
  }

  /**
   * Takes in samples.
   *
   * @param {Float32Array} data - Sample after sample.
   * @param {number} features - Numbers of a sample.
   * @returns {Promise<string | null>} Why they are refused; then nothing has changed.
   */
  add(data, features) {
    return this.#changeUnlessRefused(() => {
      this.#current.update({ data, shape: [data.length / features, features] });
    });
  }

  /** Takes in an encoded state; answers as `add`. */
  merge(bytes) {
    return this.#changeUnlessRefused(() => this.#current.merge(decodeState(bytes)));
  }

  /** What has been taken in, and what it is compared with, encoded; `null` for nothing. */
  states() {
    return this.#inTurn(async () => ({ current: await this.#encoded(), reference: this.#reference }));
  }

  /** Makes what has been taken in the reference, and goes on from nothing. */
  setReference() {
    return this.#inTurn(async () => {
      const reference = await this.#encoded();
      await this.#keep({ reference, current: null });
      this.#reference = reference;
      this.#current.reset();
    });
  }

  /** Forgets what has been taken in. */
  clear() {
    return this.#inTurn(async () => {
      await this.#keep({ current: null });
      this.#current.reset();
    });
  }

  async #encoded() {
    return this.#current.count === 0 ? null : this.#current.encode();
  }

  #changeUnlessRefused(change) {
    return this.#inTurn(async () => {
      try {
        await change();
      } catch (error) {
        if (error instanceof NonFiniteError || error instanceof ShapeError) return error.message;
        throw error;
      }
      await this.#keep({ current: await this.#encoded() });
      return null;
    });
  }

  /** Stores all of it, or nothing. */
  #keep(values) {
    return this.#storage.transaction(async (transaction) => {
      for (const [name, bytes] of Object.entries(values)) await store(transaction, name, bytes);
    });
  }

  /** One after another: while one waits for the disk, no other may change what it is writing. */
  #inTurn(action) {
    const done = this.#queue.then(action);
    this.#queue = done.catch(() => {});
    return done;
  }
}
