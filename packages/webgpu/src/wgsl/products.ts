import { LEVELS, LIMBS, SLICES, TILE } from "../geometry.js";
import { PARAMS } from "./params.js";

/** Elements of a tile. */
const AREA = TILE * TILE;

/** What the kernels of products share; a thread has 2 × 4 elements of a tile. Workgroup: tile row, tile column, part. */
const THREAD = /* wgsl */ `
${PARAMS}
@group(0) @binding(0) var<uniform> params: Params;
// The same words, two and four columns at a time.
@group(0) @binding(1) var<storage, read> pairs: array<vec2u>;
@group(0) @binding(2) var<storage, read> quads: array<vec4u>;
@group(0) @binding(3) var<storage, read_write> sums: array<atomic<i32>>;

@compute @workgroup_size(${TILE / 4}, ${TILE / 2})
fn main(@builtin(workgroup_id) workgroup: vec3u, @builtin(local_invocation_id) local: vec3u) {
  let tileRow = workgroup.x;
  let tileColumn = params.firstTileColumn + workgroup.y;
  let row = tileRow * ${TILE}u + 2u * local.y;
  let column = tileColumn * ${TILE}u + 4u * local.x;
  // Below the diagonal, or beyond the last column.
  if (row > column + 3u || max(row, column) > params.features) { return; }
  let slot = tileColumn * (tileColumn + 1u) / 2u + tileRow - params.firstSlot;
  let element = slot * ${LEVELS * AREA}u + local.y * ${2 * TILE}u + local.x * 4u;
  let slice = params.groups * params.columns;
  let end = min(params.groups, (workgroup.z + 1u) * params.groupsPerPart);
`;

/** Reads the words of a group: two columns of each slice into `a`, four into `b`. */
const READ_GROUP = /* wgsl */ `
    let start = group * params.columns;
    ${slices((s) => `let a${s} = pairs[(${s}u * slice + start + row) / 2u];`)}
    ${slices((s) => `let b${s} = quads[(${s}u * slice + start + column) / 4u];`)}
`;

/**
 * WGSL: adds the products of all columns of a tile over a part of the groups to `sums`, level by level, in exact
 * 32-bit integers. Words are shared through the cache, without a barrier, which a GPU in software pays dearly for.
 */
export const DOT4_PRODUCTS: string = /* wgsl */ `
${THREAD}
  ${levels((k) => `var x${k} = vec4i();\n  var y${k} = vec4i();`)}
  for (var group = workgroup.z * params.groupsPerPart; group < end; group++) {
    ${READ_GROUP}
    ${levels((k) => `x${k} += ${dotPairs(k, "x")};\n    y${k} += ${dotPairs(k, "y")};`)}
  }
  for (var c = 0u; c < 4u; c++) {
    let at = element + c;
    ${levels((k) => `atomicAdd(&sums[at + ${k * AREA}u], x${k}[c]);`)}
    ${levels((k) => `atomicAdd(&sums[at + ${k * AREA + TILE}u], y${k}[c]);`)}
  }
}
`;

/** Groups over which a level of products stays below 2^24: float32 knows every integer as far as that. */
const EXACT_GROUPS = Math.floor(2 ** 24 / (4 * SLICES * 2 ** 14));

/**
 * WGSL: the same sums as those of `DOT4_PRODUCTS`, for devices that do not have its instruction or are slow at it: bytes
 * are made numbers, one row at a time. In float32, too, every sum is an integer below 2^24 in whatever order it is formed,
 * so that neither fusion nor reordering by a compiler changes a bit.
 *
 * @param type - What the products are computed in.
 */
export function byteProducts(type: "f32" | "i32"): string {
  return /* wgsl */ `
alias Pair = vec2<${type}>;
alias Quad = vec4<${type}>;
${THREAD}
  for (var first = workgroup.z * params.groupsPerPart; first < end; first += ${EXACT_GROUPS}u) {
    ${levels((k) => `var x${k} = Quad();\n    var y${k} = Quad();`)}
    let last = min(end, first + ${EXACT_GROUPS}u);
    for (var group = first; group < last; group++) {
      ${READ_GROUP}
      for (var left = 0u; left < 32u; left += 8u) {
        ${slices((s) => `let p${s} = Pair(bitcast<vec2i>(a${s} << vec2u(left)) >> vec2u(24u));`)}
        ${slices((s) => `let q${s} = Quad(bitcast<vec4i>(b${s} << vec4u(left)) >> vec4u(24u));`)}
        ${levels((k) => `x${k} += ${quadPairs(k, "x")};\n    y${k} += ${quadPairs(k, "y")};`)}
      }
    }
    for (var c = 0u; c < 4u; c++) {
      let at = element + c;
      ${levels((k) => `atomicAdd(&sums[at + ${k * AREA}u], i32(x${k}[c]));`)}
      ${levels((k) => `atomicAdd(&sums[at + ${k * AREA + TILE}u], i32(y${k}[c]));`)}
    }
  }
}
`;
}

/**
 * WGSL: Σ level k · 256^(6 − k) of every element, as an integer of 96 bits, lowest word first. Exact.
 */
export const JOIN_LEVELS: string = /* wgsl */ `
@group(0) @binding(0) var<storage, read> sums: array<i32>;
@group(0) @binding(1) var<storage, read_write> limbs: array<u32>;

@compute @workgroup_size(256)
fn main(@builtin(workgroup_id) workgroup: vec3u, @builtin(local_invocation_index) thread: u32) {
  let slot = workgroup.x + 16384u * workgroup.y;
  if (slot * ${AREA * LIMBS}u >= arrayLength(&limbs)) { return; }
  for (var at = thread; at < ${AREA}u; at += 256u) {
    var total = vec3u();
    for (var k = 0u; k < ${LEVELS}u; k++) {
      let level = sums[(slot * ${LEVELS}u + k) * ${AREA}u + at];
      let sign = bitcast<u32>(level >> 31u);
      total = vec3u(total.x << 8u, (total.y << 8u) | (total.x >> 24u), (total.z << 8u) | (total.y >> 24u));
      let low = total.x + bitcast<u32>(level);
      let carry = select(0u, 1u, low < total.x);
      let withSign = total.y + sign;
      let middle = withSign + carry;
      let carries = select(0u, 1u, withSign < total.y) + select(0u, 1u, middle < withSign);
      total = vec3u(low, middle, total.z + sign + carries);
    }
    let element = (slot * ${AREA}u + at) * ${LIMBS}u;
    limbs[element] = total.x;
    limbs[element + 1u] = total.y;
    limbs[element + 2u] = total.z;
  }
}
`;

/** Σ over the slices s, t of a level of the products of one row, a component of `a`, and four columns. */
function dotPairs(level: number, row: "x" | "y"): string {
  return sumOfPairs(level, (s, t) => {
    const dots = ["x", "y", "z", "w"].map((column) => `dot4I8Packed(a${s}.${row}, b${t}.${column})`);
    return `vec4i(${dots.join(", ")})`;
  });
}

function quadPairs(level: number, row: "x" | "y"): string {
  return sumOfPairs(level, (s, t) => `p${s}.${row} * q${t}`);
}

function sumOfPairs(level: number, product: (s: number, t: number) => string): string {
  const pairs: string[] = [];
  for (let s = Math.max(0, level - SLICES + 1); s <= Math.min(level, SLICES - 1); s++) {
    pairs.push(product(s, level - s));
  }
  return pairs.join(" + ");
}

function slices(line: (s: number) => string): string {
  return Array.from({ length: SLICES }, (_, s) => line(s)).join("\n    ");
}

function levels(lines: (k: number) => string): string {
  return Array.from({ length: LEVELS }, (_, k) => lines(k)).join("\n    ");
}
