import { SaturationTracker } from "@delve/tfjs";

/**
 * Trains a network on the digits while delve watches. Runs in Node and in a page alike.
 *
 * @returns The tracker, closed: `tracker.latest` has what the last epoch gave.
 */
export async function trainOnDigits(tf, model, { train, heldOut }, { epochs, ...whereAndHow }) {
  // This is all that delve needs: what to watch, what to compute, where to put it.
  const tracker = await SaturationTracker.open({
    tf,
    model,
    stats: ["lsat", "idim", "trc"],
    ...whereAndHow,
  });

  await model.fit(train.images, train.labels, {
    epochs,
    batchSize: 32,
    // Always in the same order: every run gives the same numbers.
    shuffle: false,
    validationData: [heldOut.images, heldOut.labels],
    callbacks: tracker.callback(),
  });
  await tracker.close();
  return tracker;
}
