import { SaturationTracker } from "@delve/tfjs";
import { plainNetwork, residualNetwork } from "./networks.js";

const NETWORKS = { plain: plainNetwork, residual: residualNetwork };

/**
 * Trains a network on the digits, then lets it read the held-out ones while delve watches.
 *
 * @param run - `network` ("plain" or "residual"), `size`, `depth`, `width`, `seed`, `epochs`.
 * @returns Of each convolution its `name` and `saturation`, and the `accuracy` on the held-out digits.
 */
export async function measure(tf, { train, heldOut }, run) {
  const model = NETWORKS[run.network](tf, run);
  const scaled = ({ images, labels }) => ({
    images: tf.image.resizeBilinear(images, [run.size, run.size]),
    labels,
  });
  const [seen, unseen] = [scaled(train), scaled(heldOut)];
  let hasBegun = false;
  await model.fit(seen.images, seen.labels, {
    epochs: run.epochs,
    batchSize: 32,
    // Always in the same order: every run gives the same numbers.
    shuffle: false,
    verbose: 0,
    callbacks: {
      onBatchEnd: () => hasBegun && decay(tf, model),
      onEpochEnd: (_, { acc }) => {
        hasBegun ||= acc > 0.5;
      },
    },
  });

  const tracker = await SaturationTracker.open({
    tf,
    model,
    stats: ["lsat"],
    layerFilter: (name) => name.startsWith("conv"),
  });
  const [, accuracy] = model
    .evaluate(unseen.images, unseen.labels, { batchSize: 64 })
    .map((score) => score.dataSync()[0]);
  await tracker.addSaturations();
  await tracker.close();

  const records = tracker.latest.records.filter(({ stat, phase }) => stat === "lsat" && phase === "eval");
  return { accuracy, layers: records.map(({ layer, value }) => ({ name: layer, saturation: value })) };
}

/**
 * Lets weights fade a little with each step, but for what the task renews: without, directions that it does not need would
 * keep what they had at the start. Only once the network has begun to learn, or a deep one never would.
 */
function decay(tf, model) {
  tf.tidy(() => {
    for (const { name, kernel } of model.layers) {
      if (name.startsWith("conv")) kernel.write(tf.mul(kernel.read(), 1 - 1e-3));
    }
  });
}
