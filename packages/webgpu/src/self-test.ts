import { BackendUnavailableError, diagonal, type MomentsState, packedLength } from "@delve/kernel";
import { type Gpu, runPass } from "./gpu-pass.js";
import { Workspace } from "./workspace.js";

/** More rows than a workgroup of any kernel takes, and columns beyond a tile. */
const [ROWS, FEATURES] = [263, 37];

/** What float64 loses in the sums to compare with, at most. */
const ROUNDING = 1e-12;

/**
 * Runs a pass over known samples: its moments must be theirs, within the bound that it gives.
 *
 * @throws {BackendUnavailableError} If they are not.
 */
export async function testPass(gpu: Omit<Gpu, "workspace">): Promise<void> {
  const values = knownSamples();
  // Of its own, so that what the backend's first pass finds is not left over from here.
  const workspace = new Workspace(gpu.device);
  const pass = runPass({ ...gpu, workspace }, { values, count: ROWS, features: FEATURES });
  const { state, bound } = await pass.finally(() => workspace.dispose());
  const error = largestError(state, values);
  // Not (error > …): NaN must not pass.
  if (error <= bound + ROUNDING) return;
  throw new BackendUnavailableError(
    `openWebGPU: the covariance of known samples must be within ${bound} on this device, got it off by ${error}`,
  );
}

/** Columns of all signs, of means and deviations that differ, and with an outlier in every third. */
function knownSamples(): Float32Array<ArrayBuffer> {
  return Float32Array.from({ length: ROWS * FEATURES }, (_, at) => {
    const [row, feature] = [Math.floor(at / FEATURES), at % FEATURES];
    if (feature % 3 === 2 && row !== 7) return Math.cos(at) / 64;
    const uniform = (Math.imul(at + 1, 0x9e37_79b1) >>> 0) / 2 ** 32;
    return 4 ** (feature % 7) * ((feature % 5) - 2 + uniform);
  });
}

/** Largest |ΔC_ij| / √(C_ii C_jj), and |Δμ_i| / √C_ii. */
function largestError({ scatter, shift, offset }: MomentsState, values: Float32Array): number {
  const means = Float64Array.from({ length: FEATURES }, (_, f) => {
    let sum = 0;
    for (let at = f; at < values.length; at += FEATURES) sum += values[at]!;
    return sum / ROWS;
  });
  const expected = scatterOf(values, means);
  const norm = diagonal({ order: FEATURES, upper: expected }).map(Math.sqrt);
  let worst = 0;
  for (let i = 0, p = 0; i < FEATURES; i++) {
    const deviation = norm[i]! / Math.sqrt(ROWS);
    worst = Math.max(worst, Math.abs(shift[i]! + offset[i]! - means[i]!) / deviation);
    for (let j = i; j < FEATURES; j++, p++) {
      worst = Math.max(worst, Math.abs(scatter[p]! - expected[p]!) / norm[i]! / norm[j]!);
    }
  }
  return worst;
}

function scatterOf(values: Float32Array, means: Float64Array): Float64Array {
  const scatter = new Float64Array(packedLength(FEATURES));
  for (let row = 0; row < values.length; row += FEATURES) {
    for (let i = 0, p = 0; i < FEATURES; i++) {
      const distance = values[row + i]! - means[i]!;
      for (let j = i; j < FEATURES; j++, p++) scatter[p]! += distance * (values[row + j]! - means[j]!);
    }
  }
  return scatter;
}
