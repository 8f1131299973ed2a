// A worker with a kernel of its own: takes its share of the rows of a shared batch in, as often as it is told, and
// hands its state over.
import { parentPort, workerData } from "node:worker_threads";
import { loadKernel } from "@delve/kernel";

const { samples, features } = workerData;
const kernel = await loadKernel();
const moments = kernel.createMoments(features);

parentPort.on("message", ({ fromRow, toRow, batches }) => {
  moments.reset();
  const data = new Float32Array(samples, fromRow * features * 4, (toRow - fromRow) * features);
  const batch = { data, rows: toRow - fromRow, features, rowStride: features, featureStride: 1 };
  for (let i = 0; i < batches; i++) moments.update(batch);
  const state = moments.state();
  parentPort.postMessage(state, [state.shift.buffer, state.offset.buffer, state.scatter.buffer]);
});
parentPort.postMessage("ready");
