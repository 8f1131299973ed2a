import type { Pool, PoolMethod } from "@delve/kernel";
import { INT64 } from "./int64.js";

/** What the kernels make of the values in the place of one. */
const POOLS: Readonly<Record<PoolMethod | "none", number>> = { none: 0, max: 1, median: 2, mean: 3 };

/**
 * WGSL: the functions that make one number of many, exactly, in integers: the largest, the lower of the two in the
 * middle, and the sum.
 *
 * A sum of count ≤ 2^k values is S·2^(E − 188 + k), where E is their largest biased exponent and |S| < 2^62: of a value less
 * than 2^-(61 − k) of the largest is cut off. It is stored divided by 2^k, which no float32 is too small for, in two float32: the
 * leading 24 bits of S, and the 24 that follow.
 */
const POOLING = /* wgsl */ `
fn keyOf(bits: u32) -> u32 {
  return select(bits | 0x80000000u, ~bits, (bits >> 31u) == 1u);
}

fn valueOf(key: u32) -> u32 {
  return select(~key, key & 0x7fffffffu, (key >> 31u) == 1u);
}

fn largest(at: u32) -> u32 {
  var most = 0u;
  for (var p = 0u; p < source.poolCount; p++) { most = max(most, keyOf(values[at + p * source.poolStride])); }
  return valueOf(most);
}

// The largest key that no more than (count − 1) / 2 others are below.
fn median(at: u32) -> u32 {
  var key = 0u;
  for (var bit = 0x80000000u; bit != 0u; bit >>= 1u) {
    var below = 0u;
    for (var p = 0u; p < source.poolCount; p++) {
      below += select(0u, 1u, keyOf(values[at + p * source.poolStride]) < (key | bit));
    }
    if (below <= (source.poolCount - 1u) / 2u) { key |= bit; }
  }
  return valueOf(key);
}

fn exponentOf(bits: u32) -> u32 {
  return max((bits >> 23u) & 255u, 1u);
}

// significand·2^(exponent − 150), of a significand of 24 bits or fewer.
fn floatOf(significand: u32, exponent: i32) -> u32 {
  if (significand == 0u) { return 0u; }
  let zeros = i32(countLeadingZeros(significand)) - 8;
  let normal = significand << u32(zeros);
  let biased = exponent - zeros;
  if (biased < 1) { return normal >> u32(min(1 - biased, 31)); }
  return (u32(biased) << 23u) | (normal & 0x7fffffu);
}

// The leading 24 bits, and by how much they were moved.
fn leadingBits(value: vec2u) -> vec2u {
  let length = 64u - leadingZeros64(value);
  let by = max(length, 24u) - 24u;
  return vec2u(shiftRight64(value, by).x, by);
}

// Two halves of a sum.
fn sum(at: u32) -> vec2u {
  var exponent = 0u;
  for (var p = 0u; p < source.poolCount; p++) {
    exponent = max(exponent, exponentOf(values[at + p * source.poolStride]));
  }
  var total = vec2u();
  for (var p = 0u; p < source.poolCount; p++) {
    let bits = values[at + p * source.poolStride];
    let fraction = bits & 0x7fffffu;
    let significand = select(fraction, fraction | 0x800000u, (bits & 0x7f800000u) != 0u);
    let below = min(exponent - exponentOf(bits), 63u);
    let term = shiftRight64(shiftLeft64(vec2u(significand, 0u), 38u - source.poolBits), below);
    if ((bits >> 31u) == 1u) { total = sub64(total, term); } else { total = add64(total, term); }
  }
  let sign = total.y & 0x80000000u;
  if (sign != 0u) { total = negate64(total); }
  let high = leadingBits(total);
  let rest = sub64(total, shiftLeft64(vec2u(high.x, 0u), high.y));
  let low = leadingBits(rest);
  let unit = i32(exponent) - 38;
  return vec2u(floatOf(high.x, unit + i32(high.y)), floatOf(low.x, unit + i32(low.y))) | vec2u(sign);
}
`;

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
  // Many values in the place of one.
  pool: u32,
  poolCount: u32,
  poolStride: u32,
  // The least k with poolCount ≤ 2^k.
  poolBits: u32,
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

${INT64}
${POOLING}
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
    let at = indexOf(row, feature);
    for (var p = 0u; p < source.poolCount; p++) {
      if ((values[at + p * source.poolStride] & 0x7f800000u) == 0x7f800000u) {
        atomicMax(&verdict, ~(row * source.features + feature));
        return;
      }
    }
  }
}

@compute @workgroup_size(32, 8)
fn gather(@builtin(global_invocation_id) id: vec3u) {
  let feature = id.x;
  if (feature >= source.features || id.y >= source.rows || atomicLoad(&verdict) != 0u) { return; }
  let at = indexOf(source.firstRow + id.y, feature);
  let element = (tally.rows + id.y) * source.features + feature;
  switch source.pool {
    case ${POOLS.max}u: { gathered[element] = largest(at); }
    case ${POOLS.median}u: { gathered[element] = median(at); }
    case ${POOLS.mean}u: {
      let halves = sum(at);
      let first = element + (tally.rows + id.y) * source.features;
      gathered[first] = halves.x;
      gathered[first + source.features] = halves.y;
    }
    default: { gathered[element] = values[at]; }
  }
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
    // It need not be the first of many.
    if (source.pool != ${POOLS.none}u) { tally.bits = 0x7fc00000u; }
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
  readonly pool: Pool | null;
}

/** The bytes of `Source`, padded to the 16 that a uniform buffer is cut into. */
export function encodeSource(source: SourceParams): Int32Array<ArrayBuffer> {
  const { rows, firstRow, batchRows, isLast, features } = source;
  const { offset, rowStride, featureStride, blockRows, blockStride } = source;
  const { method, count, stride } = source.pool ?? { method: "none", count: 1, stride: 0 };
  const of = [rows, firstRow, batchRows, Number(isLast), features];
  const where = [offset, rowStride, featureStride, blockRows, blockStride];
  return Int32Array.of(...of, ...where, POOLS[method], count, stride, poolBits(count), 0, 0);
}

/** The least k with count ≤ 2^k. */
export function poolBits(count: number): number {
  return count === 1 ? 0 : 32 - Math.clz32(count - 1);
}
