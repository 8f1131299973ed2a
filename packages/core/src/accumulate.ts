import {
  type Moments,
  type MomentsState,
  NonFiniteError,
  type SampleMatrix,
  type SyncBackend,
} from "@delve/kernel";

/** The moments of one matrix of samples. */
export function momentsOf(caller: string, backend: SyncBackend, samples: SampleMatrix): MomentsState {
  const moments = backend.createMoments(samples.features);
  try {
    update(caller, moments, samples);
    return moments.state();
  } finally {
    moments.dispose();
  }
}

/**
 * Takes samples into the moments.
 *
 * @throws {NonFiniteError} In the name of `caller`, with row, feature and value.
 */
export function update(caller: string, moments: Moments, samples: SampleMatrix): void {
  try {
    moments.update(samples);
  } catch (error) {
    if (error instanceof NonFiniteError) throw new NonFiniteError(inNameOf(caller, error.message), error);
    throw error;
  }
}

/** A message `function: what must hold, …` with another function in front. */
function inNameOf(caller: string, message: string): string {
  return `${caller}: ${message.replace(/^[\w.]+: /, "")}`;
}
