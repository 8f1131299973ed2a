/**
 * WGSL: three kernels that bring a batch from where a framework has left it to where a pass reads it. Values are bound
 * as `array<u32>` and only their bits are touched.
 *
 * `scan` looks through all of a batch for the first value that is not finite. Then for each part of it `gather` copies
 * rows behind those that are there, and `commit` counts them, unless the batch is bad. So the device alone decides
 * what counts, and nobody waits for it.
 */
export const GATHER: string = /* wgsl */ `
struct Source {
  // Of this part, which begins at firstRow of the batch.
  rows: u32,
  firstRow: u32,
  batchRows: u32,
  isLast: u32,
  features: u32,
  // Strides may be negative: sums wrap around.
  offset: u32,
  rowStride: u32,
  featureStride: u32,
  blockRows: u32,
  blockStride: u32,
}

struct Tally {
  rows: u32,
  refused: u32,
  // Of the first batch that was refused.
  invertedElement: u32,
  bits: u32,
}

@group(0) @binding(0) var<uniform> source: Source;
@group(0) @binding(1) var<storage, read> values: array<u32>;
// ~(row·features + feature) of the first bad value; 0 if there is none.
@group(0) @binding(2) var<storage, read_write> verdict: atomic<u32>;
@group(0) @binding(3) var<storage, read_write> tally: Tally;
@group(0) @binding(4) var<storage, read_write> gathered: array<u32>;

fn indexOf(row: u32, feature: u32) -> u32 {
  let block = row / source.blockRows;
  let start = source.offset + block * source.blockStride;
  return start + (row - block * source.blockRows) * source.rowStride + feature * source.featureStride;
}

@compute @workgroup_size(32, 8)
fn scan(@builtin(global_invocation_id) id: vec3u, @builtin(num_workgroups) groups: vec3u) {
  let feature = id.x;
  if (feature >= source.features) { return; }
  for (var row = id.y; row < source.batchRows; row += 8u * groups.y) {
    if ((values[indexOf(row, feature)] & 0x7f800000u) == 0x7f800000u) {
      atomicMax(&verdict, ~(row * source.features + feature));
      return;
    }
  }
}

@compute @workgroup_size(32, 8)
fn gather(@builtin(global_invocation_id) id: vec3u) {
  let feature = id.x;
  if (feature >= source.features || id.y >= source.rows || atomicLoad(&verdict) != 0u) { return; }
  let element = (tally.rows + id.y) * source.features + feature;
  gathered[element] = values[indexOf(source.firstRow + id.y, feature)];
}

@compute @workgroup_size(1)
fn commit() {
  let bad = atomicLoad(&verdict);
  if (bad == 0u) {
    tally.rows += source.rows;
    return;
  }
  if (source.isLast == 0u) { return; }
  if (tally.refused == 0u) {
    let element = ~bad;
    tally.invertedElement = bad;
    tally.bits = values[indexOf(element / source.features, element % source.features)];
  }
  tally.refused += 1u;
  atomicStore(&verdict, 0u);
}
`;

/** Values of the struct `Source`, in its order. */
export interface SourceParams {
  readonly rows: number;
  readonly firstRow: number;
  readonly batchRows: number;
  readonly isLast: boolean;
  readonly features: number;
  readonly offset: number;
  readonly rowStride: number;
  readonly featureStride: number;
  readonly blockRows: number;
  readonly blockStride: number;
}

/** The bytes of `Source`, padded to the 16 that a uniform buffer is cut into. */
export function encodeSource(source: SourceParams): Int32Array<ArrayBuffer> {
  const { rows, firstRow, batchRows, isLast, features } = source;
  const { offset, rowStride, featureStride, blockRows, blockStride } = source;
  const of = [rows, firstRow, batchRows, Number(isLast), features];
  return Int32Array.of(...of, offset, rowStride, featureStride, blockRows, blockStride, 0, 0);
}
