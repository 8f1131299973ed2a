import { covariance, decodeState, encodeState, mergeStates, openDevice, trace } from "@delve/kernel";
import { rows } from "./known-matrix.js";

/** The covariance of two halves that were accumulated apart, stored, read back and merged. */
export async function kernel() {
  const backend = await openDevice("kernel");
  const halves = [rows.slice(0, 20), rows.slice(20)].map((half) => encodeState(stateOf(backend, half)));
  const matrix = covariance(mergeStates(...halves.map((bytes) => decodeState(bytes))));
  const values = [...backend.eigvalsh(matrix)].reverse();
  backend.dispose();
  return { backend: backend.name, simd: backend.simd, trace: trace(matrix), spectrum: values };
}

function stateOf(backend, half) {
  const features = half[0].length;
  const moments = backend.createMoments(features);
  const data = Float32Array.from(half.flat());
  moments.update({ data, rows: half.length, features, rowStride: features, featureStride: 1 });
  return moments.state();
}
