import { INT64 } from "./int64.js";
import { PARAMS } from "./params.js";

/** Rows that a workgroup of the two reductions reads. */
export const REDUCED_ROWS = 256;

/**
 * WGSL shared by the kernels that look at float32 values. They are bound as `array<u32>` and only their bits are
 * touched: a rounded difference would cost eight digits.
 *
 * A column's values become 64-bit integers F in units of 2^(E − 188), where E is the largest biased exponent of the
 * column: |F| < 2^62. Bits below the unit are cut off, which happens only where the column reaches far beyond them.
 */
export const FIXED_POINT: string = /* wgsl */ `
${PARAMS}
${INT64}
const MEAN_BITS = 16u;

@group(0) @binding(0) var<uniform> params: Params;
@group(0) @binding(1) var<storage, read> rows: array<u32>;

fn exponentOf(bits: u32) -> u32 {
  return max((bits >> 23u) & 255u, 1u);
}

fn fixedPoint(bits: u32, exponent: u32) -> vec2u {
  let fraction = bits & 0x7fffffu;
  let significand = select(fraction, fraction | 0x800000u, (bits & 0x7f800000u) != 0u);
  let below = exponent - exponentOf(bits);
  let magnitude = shiftRight64(shiftLeft64(vec2u(significand, 0u), 38u), min(below, 63u));
  if ((bits >> 31u) == 1u) { return negate64(magnitude); }
  return magnitude;
}

// Unsigned integers in the order of the floats.
fn orderedKey(bits: u32) -> u32 {
  return select(bits | 0x80000000u, ~bits, (bits >> 31u) == 1u);
}

fn bitsOfKey(key: u32) -> u32 {
  return select(~key, key & 0x7fffffffu, (key >> 31u) == 1u);
}

// value·2^-shift, rounded towards minus infinity.
fn scaled(value: vec2u, shift: i32) -> vec2u {
  if (shift < 0) { return shiftLeft64(value, min(u32(-shift), 63u)); }
  return shiftRightSigned64(value, u32(shift));
}

// A value less the base of its column, which the grid says.
fn distanceFromBase(value: u32, column: vec4u) -> vec2u {
  return sub64(fixedPoint(value, column.x), column.zw);
}

// X: the distance from the base in units of the grid, rounded.
fn onGrid(distance: vec2u, column: vec4u) -> vec2u {
  let shift = bitcast<i32>(column.y);
  var half = vec2u(0u, 0u);
  if (shift > 0) { half = shiftLeft64(vec2u(1u, 0u), u32(shift) - 1u); }
  return scaled(add64(distance, half), shift);
}

struct Range {
  exponent: u32,
  lowest: vec2u,
  // Highest − lowest, below 2^63.
  extent: vec2u,
}

fn rangeOf(invertedLeast: u32, greatest: u32) -> Range {
  let least = bitsOfKey(~invertedLeast);
  let most = bitsOfKey(greatest);
  let exponent = max(exponentOf(least), exponentOf(most));
  let lowest = fixedPoint(least, exponent);
  return Range(exponent, lowest, sub64(fixedPoint(most, exponent), lowest));
}
`;

const REDUCTION = /* wgsl */ `
@compute @workgroup_size(32, 8)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let column = group.x * 32u + local.x;
  if (column >= params.features) { return; }
  let end = min(params.rows, (group.y + 1u) * ${REDUCED_ROWS}u);
`;

/** WGSL: least and greatest value of every column, as ordered keys; the least one inverted, so that zeros are neutral. */
export const COLUMN_RANGE: string = /* wgsl */ `
${FIXED_POINT}
@group(0) @binding(2) var<storage, read_write> extremes: array<atomic<u32>>;
${REDUCTION}
  var invertedLeast = 0u;
  var greatest = 0u;
  for (var row = group.y * ${REDUCED_ROWS}u + local.y; row < end; row += 8u) {
    let key = orderedKey(rows[row * params.features + column]);
    invertedLeast = max(invertedLeast, ~key);
    greatest = max(greatest, key);
  }
  atomicMax(&extremes[2u * column], invertedLeast);
  atomicMax(&extremes[2u * column + 1u], greatest);
}
`;

/**
 * WGSL: sums over each column of the 16 leading bits of the distance from the least value. Their mean is within
 * 2^-14 of the extent of the true one, which is all that the base needs.
 */
export const COLUMN_MEAN: string = /* wgsl */ `
${FIXED_POINT}
@group(0) @binding(2) var<storage, read> extremes: array<u32>;
@group(0) @binding(3) var<storage, read_write> sums: array<atomic<u32>>;
${REDUCTION}
  let range = rangeOf(extremes[2u * column], extremes[2u * column + 1u]);
  let zeros = min(leadingZeros64(range.extent), 63u);
  var sum = 0u;
  for (var row = group.y * ${REDUCED_ROWS}u + local.y; row < end; row += 8u) {
    let value = fixedPoint(rows[row * params.features + column], range.exponent);
    let distance = shiftLeft64(sub64(value, range.lowest), zeros);
    sum += distance.y >> (32u - MEAN_BITS);
  }
  atomicAdd(&sums[column], sum);
}
`;

/**
 * WGSL: the grid of every column: E, the shift k, and the base B, a value near the mean with at most 53 significant
 * bits. A value is B + X·2^k in units of 2^(E − 188) with |X| < 0x7F7F·2^32, which six signed bytes can hold.
 */
export const COLUMN_GRID: string = /* wgsl */ `
${FIXED_POINT}
@group(0) @binding(2) var<storage, read> extremes: array<u32>;
@group(0) @binding(3) var<storage, read> sums: array<u32>;
@group(0) @binding(4) var<storage, read_write> grid: array<vec4u>;

@compute @workgroup_size(64)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let column = id.x;
  if (column >= params.features) { return; }
  let range = rangeOf(extremes[2u * column], extremes[2u * column + 1u]);
  let zeros = min(leadingZeros64(range.extent), 63u);
  let mean = sums[column] / params.rows;
  var base = range.lowest;
  if (any(range.extent != vec2u(0u, 0u))) {
    base = add64(base, shiftRight64(vec2u(0u, mean << (32u - MEAN_BITS)), zeros));
    base.x &= ~1023u;
  }
  let low = sub64(base, range.lowest);
  let highest = add64(range.lowest, range.extent);
  let high = sub64(highest, base);
  // The mask may put the base a little below the least value.
  var reach = high;
  if ((low.y >> 31u) == 0u && less64(high, low)) { reach = low; }
  var shift = 17 - i32(leadingZeros64(reach));
  if (scaled(reach, shift).y >= 0x7f7fu) { shift += 1; }
  grid[column] = vec4u(range.exponent, bitcast<u32>(shift), base);
}
`;

/** WGSL: values on their grid, cut into signed bytes, four rows to a word; then the column of ones, then zeros. */
export const SLICE_ROWS: string = /* wgsl */ `
${FIXED_POINT}
@group(0) @binding(2) var<storage, read> grid: array<vec4u>;
@group(0) @binding(3) var<storage, read_write> slices: array<u32>;

// Adding 0x808080808080 and flipping the top bit of each byte makes the bytes balanced digits.
fn balancedDigits(value: u32, column: vec4u) -> vec2u {
  let value48 = onGrid(distanceFromBase(value, column), column);
  return add64(value48, vec2u(0x80808080u, 0x8080u)) ^ vec2u(0x80808080u, 0x8080u);
}

@compute @workgroup_size(32, 8)
fn main(@builtin(global_invocation_id) id: vec3u) {
  let column = id.x;
  let group = id.y;
  if (column >= params.columns || group >= params.groups) { return; }
  var words = array<u32, 6>();
  for (var r = 0u; r < 4u; r++) {
    let row = group * 4u + r;
    var digits = vec2u(0u, 0u);
    if (row < params.rows) {
      if (column < params.features) {
        digits = balancedDigits(rows[row * params.features + column], grid[column]);
      } else if (column == params.features) {
        digits.y = 0x100u;
      }
    }
    let at = 8u * r;
    words[0] |= ((digits.y >> 8u) & 255u) << at;
    words[1] |= (digits.y & 255u) << at;
    words[2] |= (digits.x >> 24u) << at;
    words[3] |= ((digits.x >> 16u) & 255u) << at;
    words[4] |= ((digits.x >> 8u) & 255u) << at;
    words[5] |= (digits.x & 255u) << at;
  }
  for (var s = 0u; s < 6u; s++) {
    slices[(s * params.groups + group) * params.columns + column] = words[s];
  }
}
`;
