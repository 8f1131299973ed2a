import { decodeState, encodeState, mergeStates, StateFormatError } from "@delve/core";
import { Refusal } from "./refusal.js";
import { reportOf } from "./report.js";

/** A collection of embeddings, dealt out to several objects; their states merge to what one would have. */
export class Collection {
  #collectors;
  #features;

  constructor(namespace, name, { features, shards }) {
    this.#features = features;
    this.#collectors = Array.from({ length: shards }, (_, i) =>
      namespace.get(namespace.idFromName(`${name}/${i}`)),
    );
  }

  /** Takes in samples, features after features. */
  async add(data) {
    accepted(await this.#any().add(data, this.#features));
  }

  /** Takes in an encoded state, as `state` of another Worker gives it. */
  async merge(bytes) {
    const state = decode(bytes);
    if (state.features !== this.#features) {
      throw new Refusal(422, `a state must have ${this.#features} features, got ${state.features}`);
    }
    requirePlausible(state);
    if (state.count > 0) accepted(await this.#any().merge(bytes));
  }

  /** All samples so far, as an encoded state. */
  async state() {
    const { current } = await this.#states();
    if (current === undefined) throw new Refusal(404, "needs at least one sample, got 0");
    return encodeState(current);
  }

  /** What the samples tell, and how far they are from the reference. */
  async report() {
    const { current, reference } = await this.#states();
    return reportOf(current, reference, this.#features);
  }

  /** What has come so far becomes the reference, and samples are counted from none. */
  async setReference() {
    const { current } = await this.#states();
    if (current === undefined) throw new Refusal(409, "a reference needs at least one sample, got 0");
    await Promise.all(this.#collectors.map((collector) => collector.setReference()));
    return { reference: current.count };
  }

  /** Forgets all samples; the reference stays. */
  async clear() {
    await Promise.all(this.#collectors.map((collector) => collector.clear()));
    return { samples: 0 };
  }

  #any() {
    return this.#collectors[Math.floor(Math.random() * this.#collectors.length)];
  }

  /** One object after another: all their states at once might be more than a Worker has memory for. */
  async #states() {
    let current;
    let reference;
    for (const collector of this.#collectors) {
      const part = await collector.states();
      current = withPart(current, part.current);
      reference = withPart(reference, part.reference);
    }
    return { current, reference };
  }
}

function withPart(state, encoded) {
  if (encoded === null) return state;
  const part = decodeState(encoded);
  return state === undefined ? part : mergeStates(state, part);
}

function decode(bytes) {
  try {
    return decodeState(bytes);
  } catch (error) {
    if (error instanceof StateFormatError) throw new Refusal(422, error.message);
    throw error;
  }
}

/** Refuses numbers that no float32 samples have: each is fine, but merged with others they might be infinite. */
function requirePlausible({ count, shift, offset, scatter }) {
  const most = 3.5e38;
  const within = (values, bound) => values.every((value) => Math.abs(value) <= bound);
  const isPlausible =
    count <= 1e15 &&
    within(shift, most) &&
    within(offset, 2 * most) &&
    within(scatter, (count + 1) * 4 * most ** 2);
  if (!isPlausible) {
    throw new Refusal(422, "a state must be of float32 samples, got numbers that are too large");
  }
}

/** What an object refuses comes back as a value: of an error only its message would pass between two objects. */
function accepted(refusal) {
  if (refusal !== null) throw new Refusal(422, refusal);
}
