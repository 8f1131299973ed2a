import type { SyncBackend } from "@delve/kernel";
import { type Projection, principalProjection, randomProjection, spectrumOf } from "@delve/stats";
import * as tf from "./tf.js";

/** Chooses subspaces of a layer's feature space from what the layer makes of some samples. */
export interface Subspaces {
  readonly features: number;
  /** Through the mean, along the axes of most variance. */
  principal(axes: number): Projection;
  /** Through the mean, along as many random axes. */
  random(axes: number, seed: number): Projection;
}

/**
 * The subspaces of a layer.
 *
 * @param activations - Features last; every other axis counts samples.
 */
export function subspacesOf(backend: SyncBackend, activations: tf.Tensor): Subspaces {
  const features = activations.shape.at(-1)!;
  const data = activations.dataSync() as Float32Array;
  const moments = backend.createMoments(features);
  try {
    moments.update({ data, rows: data.length / features, features, rowStride: features, featureStride: 1 });
    const state = moments.state();
    const spectrum = spectrumOf(state, backend, { vectors: true });
    const principal = (rank: number) => principalProjection(state, spectrum, { rank });
    return {
      features,
      principal,
      random: (axes, seed) => randomProjection(features, axes, { seed }, principal(1).center),
    };
  } finally {
    moments.dispose();
  }
}

/** Activations where a projection moves them: c + AᵀA(x − c), every sample. */
export function projected(activations: tf.Tensor, { axes, center, rank, features }: Projection): tf.Tensor {
  return tf.tidy(() => {
    const c = tf.tensor1d(Float32Array.from(center));
    const a = tf.tensor2d(Float32Array.from(axes), [rank, features]);
    const deviations = tf.sub(tf.reshape(activations, [-1, features]), c);
    const moved = tf.add(tf.matMul(tf.matMul(deviations, a, false, true), a), c);
    return tf.reshape(moved, activations.shape);
  });
}
