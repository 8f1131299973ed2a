import { BackendUnavailableError, OutOfMemoryError } from "@delve/kernel";
import type { TrackerSettings } from "./options.js";
import type { Phase } from "./records.js";

/** Batches that could not be taken in: an error each, or one warning a layer and a count. */
export class Refusals {
  readonly #settings: Pick<TrackerSettings, "onError" | "logger">;
  readonly #byLayer = new Map<string, number>();

  constructor(settings: Pick<TrackerSettings, "onError" | "logger">) {
    this.#settings = settings;
  }

  /** How many batches were refused, by layer. */
  get byLayer(): ReadonlyMap<string, number> {
    return this.#byLayer;
  }

  /**
   * Takes in a batch by a function that throws if it has to refuse it.
   *
   * @returns Whether anything was taken in.
   */
  guard(layer: string, phase: Phase, take: () => boolean): boolean {
    try {
      return take();
    } catch (error) {
      const named = withLayer(error, layer, phase);
      if (this.#settings.onError === "throw") throw named;
      this.#count(named, layer, phase);
      return false;
    }
  }

  /**
   * Takes note of what went wrong with something that had been taken in: with a batch, which is left out, or with the
   * device that had it in its memory.
   */
  guardLate(layer: string, phase: Phase, error: unknown): void {
    const isOfDevice = error instanceof BackendUnavailableError || error instanceof OutOfMemoryError;
    this.guard(layer, phase, () => {
      if (!isOfDevice || this.#settings.onError === "throw") throw error;
      this.#settings.logger("error", withLayer(error, layer, phase).message, { layer, phase, error });
      return false;
    });
  }

  /** Logs the number of every layer that has more than the one batch it has been warned of. */
  tellOfMany(): void {
    for (const [layer, count] of this.#byLayer) {
      if (count > 1)
        this.#settings.logger("warn", `layer "${layer}": ${count} batches were left out`, { layer, count });
    }
  }

  #count(error: Error, layer: string, phase: Phase): void {
    const before = this.#byLayer.get(layer) ?? 0;
    this.#byLayer.set(layer, before + 1);
    if (before > 0) return;
    const message = `${error.message}. The batch is left out; more of this layer are only counted.`;
    this.#settings.logger("warn", message, { layer, phase, error });
  }
}

/** The same error, so that its class and fields (row, feature, …) reach whoever catches it, naming the layer. */
export function withLayer(error: unknown, layer: string, phase: Phase): Error {
  const named = error instanceof Error ? error : new Error(String(error), { cause: error });
  named.message = `layer "${layer}" (${phase}): ${named.message}`;
  return named;
}
