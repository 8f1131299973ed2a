import { CHUNK_GROUPS, FINE_BITS, HALF_BITS, TILE } from "../geometry.js";
import { FIXED_POINT } from "./columns.js";
import { PARAMS } from "./params.js";

/** Elements of a tile. */
const AREA = TILE * TILE;

/** Rows that a workgroup of `SCALE_ROWS` writes. */
export const SCALED_ROWS = 256;

/**
 * WGSL: values on the scale of their column, (value − base)·2^-47 in units of its grid, as the float32 next to it, which
 * is found in integers: |y| < 1, and the rounding is relative to y, not to the largest of the column. Rows and columns that
 * pad are zeros. And ΣX of every column, exactly: of X + 2^47, in three words of which each sums 16 bits.
 */
export const SCALE_ROWS: string = /* wgsl */ `
${FIXED_POINT}
@group(0) @binding(2) var<storage, read> grid: array<vec4u>;
@group(0) @binding(3) var<storage, read_write> operands: array<u32>;
@group(0) @binding(4) var<storage, read_write> columnSums: array<atomic<u32>>;

// Bits of the float32 next to distance·2^-(47 + shift).
fn scaledBits(distance: vec2u, shift: i32) -> u32 {
  if (all(distance == vec2u())) { return 0u; }
  let sign = distance.y & 0x80000000u;
  var magnitude = distance;
  if (sign != 0u) { magnitude = negate64(distance); }
  let zeros = leadingZeros64(magnitude);
  let leading = shiftLeft64(magnitude, zeros).y;
  let exponent = u32(143 - i32(zeros) - shift);
  // A significand that is rounded up to 2 carries into the exponent, as it should.
  return sign | ((exponent << 23u) + ((leading >> 8u) & 0x7fffffu) + ((leading >> 7u) & 1u));
}

@compute @workgroup_size(32, 8)
fn main(@builtin(workgroup_id) group: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let column = group.x * 32u + local.x;
  if (column >= params.columns) { return; }
  let end = min(4u * params.groups, (group.y + 1u) * ${SCALED_ROWS}u);
  var sums = vec3u();
  for (var row = group.y * ${SCALED_ROWS}u + local.y; row < end; row += 8u) {
    var bits = 0u;
    if (row < params.rows && column < params.features) {
      let meaning = grid[column];
      let distance = distanceFromBase(rows[row * params.features + column], meaning);
      bits = scaledBits(distance, bitcast<i32>(meaning.y));
      let lifted = add64(onGrid(distance, meaning), vec2u(0u, 0x8000u));
      sums += vec3u(lifted.x & 0xffffu, lifted.x >> 16u, lifted.y);
    }
    operands[row * params.columns + column] = bits;
  }
  if (column >= params.features) { return; }
  atomicAdd(&columnSums[4u * column], sums.x);
  atomicAdd(&columnSums[4u * column + 1u], sums.y);
  atomicAdd(&columnSums[4u * column + 2u], sums.z);
}
`;

/**
 * WGSL: adds the products of all columns of a tile over a part of the rows to `sums`, in two levels: chunks of
 * ${4 * CHUNK_GROUPS} rows in float32; and the sums of chunks in integers, without a further error, as the next multiples of
 * 2^-HALF_BITS and, of what remains, of 2^-(HALF_BITS + FINE_BITS). As |y| < 1 and there are 2^14 rows, neither exceeds 2^30.
 * A thread has 4 × 4 elements. Workgroup (x, y, z): tile row x, tile column y, part z.
 */
export const SCALED_PRODUCTS: string = /* wgsl */ `
${PARAMS}
@group(0) @binding(0) var<uniform> params: Params;
// The same values, four columns at a time.
@group(0) @binding(1) var<storage, read> left: array<vec4f>;
@group(0) @binding(2) var<storage, read> right: array<vec4f>;
@group(0) @binding(3) var<storage, read_write> sums: array<atomic<i32>>;

@compute @workgroup_size(${TILE / 4}, ${TILE / 4})
fn main(@builtin(workgroup_id) workgroup: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let tileRow = workgroup.x;
  let tileColumn = params.firstTileColumn + workgroup.y;
  let row = tileRow * ${TILE}u + 4u * local.y;
  let column = tileColumn * ${TILE}u + 4u * local.x;
  // Below the diagonal, or beyond the last column.
  if (row > column || column >= params.features) { return; }
  let stride = params.columns / 4u;
  let end = min(params.groups, (workgroup.z + 1u) * params.groupsPerPart);
  ${rows((i) => `var coarse${i} = vec4i();\n  var fine${i} = vec4i();`)}
  for (var first = workgroup.z * params.groupsPerPart; first < end; first += ${CHUNK_GROUPS}u) {
    ${rows((i) => `var chunk${i} = vec4f();`)}
    let last = 4u * min(end, first + ${CHUNK_GROUPS}u);
    for (var r = 4u * first; r < last; r++) {
      let a = left[r * stride + row / 4u];
      let b = right[r * stride + column / 4u];
      ${rows((i) => `chunk${i} += a[${i}] * b;`)}
    }
    ${rows((i) => `chunk${i} *= ${2 ** HALF_BITS}.0;\n    let whole${i} = round(chunk${i});`)}
    ${rows((i) => `coarse${i} += vec4i(whole${i});`)}
    ${rows((i) => `fine${i} += vec4i(round((chunk${i} - whole${i}) * ${2 ** FINE_BITS}.0));`)}
  }
  let slot = tileColumn * (tileColumn + 1u) / 2u + tileRow - params.firstSlot;
  let element = slot * ${2 * AREA}u + local.y * ${4 * TILE}u + local.x * 4u;
  for (var c = 0u; c < 4u; c++) {
    ${rows((i) => `atomicAdd(&sums[element + ${i * TILE}u + c], coarse${i}[c]);`)}
    ${rows((i) => `atomicAdd(&sums[element + ${AREA + i * TILE}u + c], fine${i}[c]);`)}
  }
}
`;

function rows(lines: (i: number) => string): string {
  return [0, 1, 2, 3].map(lines).join("\n    ");
}
