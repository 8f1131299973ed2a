import { BackendUnavailableError, covariance, trace } from "@delve/kernel";
import { referenceBackend } from "@delve/kernel/reference";
import { openWebGPU } from "@delve/webgpu";
import { rows } from "./known-matrix.js";

/**
 * The covariance's trace and eigenvalues on a GPU; where there is none, what `openWebGPU` says of it.
 *
 * @param request - `gpu`: where devices come from; `navigator.gpu` where it is left out. `withoutWasm`: the reference
 * decomposes the matrix, in the kernel's place.
 */
export async function webgpu({ gpu, withoutWasm = false }) {
  const handedIn = { ...(gpu && { gpu }), ...(withoutWasm && { kernel: referenceBackend() }) };
  const backend = await openWebGPU({ software: true, ...handedIn }).catch(withoutGpu);
  if (typeof backend === "string") return { unavailable: backend };
  const features = rows[0].length;
  const moments = backend.createMoments(features);
  const data = Float32Array.from(rows.flat());
  moments.update({ data, rows: rows.length, features, rowStride: features, featureStride: 1 });
  const matrix = covariance(await moments.state());
  const spectrum = [...(await backend.eigvalsh(matrix))].reverse();
  moments.dispose();
  backend.dispose();
  return { backend: backend.name, trace: trace(matrix), spectrum };
}

/** Only its absence is an answer: whatever else went wrong is a failure. */
function withoutGpu(error) {
  if (error instanceof BackendUnavailableError) return error.message;
  throw error;
}
