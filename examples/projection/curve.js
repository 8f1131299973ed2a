import {
  changeAllPcaLayerThresholds,
  changeAllPcaLayerThresholdsAndInjectRandomDirections,
} from "@delve/tfjs";

/**
 * Accuracy on held-out digits at each threshold: with every hidden layer projected onto its principal subspace, and
 * onto random subspaces of the same dimensions.
 *
 * @returns Of each threshold: `dims` kept by each layer, `principal` accuracy, `random` accuracies, one a seed.
 */
export function projectionCurve(tf, model, heldOut, { thresholds, seeds }) {
  return thresholds.map((threshold) => {
    const { inDims } = changeAllPcaLayerThresholds(model, threshold);
    const principal = accuracyOf(tf, model, heldOut);
    const random = seeds.map((seed) => {
      changeAllPcaLayerThresholdsAndInjectRandomDirections(model, threshold, { seed });
      return accuracyOf(tf, model, heldOut);
    });
    return { threshold, dims: inDims, principal, random };
  });
}

/** Share of the digits that are recognised; with `training`, by the network as it is without projections. */
export function accuracyOf(tf, model, { images, labels }, training = false) {
  return tf.tidy(() => {
    const scores = model.apply(images, { training });
    return tf.metrics.categoricalAccuracy(labels, scores).mean().dataSync()[0];
  });
}
