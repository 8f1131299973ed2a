import { LEVELS, LIMBS, SLICES, TILE } from "../geometry.js";
import { PARAMS } from "./params.js";

/** Elements of a tile. */
const AREA = TILE * TILE;

/** For devices whose WGSL lacks the instruction. */
const EMULATED_DOT = /* wgsl */ `
fn bytesOf(a: u32) -> vec4i {
  return bitcast<vec4i>(vec4u(a) << vec4u(0u, 8u, 16u, 24u)) >> vec4u(24u);
}

fn dot4I8Packed(a: u32, b: u32) -> i32 {
  return dot(bytesOf(a), bytesOf(b));
}
`;

/**
 * WGSL: adds the products of all columns of a tile over a part of the groups to `sums`, level by level, in exact
 * 32-bit integers. A thread has 2 × 4 elements; words are shared through the cache, without a barrier, which a GPU in
 * software pays dearly for. Workgroup (x, y, z): tile row x, tile column y, part z.
 *
 * @param packedDot - Whether the device's WGSL knows `dot4I8Packed`.
 */
export function tileProducts(packedDot: boolean): string {
  return /* wgsl */ `
${packedDot ? "" : EMULATED_DOT}
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
  ${levels((k) => `var x${k} = vec4i();\n  var y${k} = vec4i();`)}

  let slice = params.groups * params.columns;
  let end = min(params.groups, (workgroup.z + 1u) * params.groupsPerPart);
  for (var group = workgroup.z * params.groupsPerPart; group < end; group++) {
    let start = group * params.columns;
    ${slices((s) => `let a${s} = pairs[(${s}u * slice + start + row) / 2u];`)}
    ${slices((s) => `let b${s} = quads[(${s}u * slice + start + column) / 4u];`)}
    ${levels((k) => `x${k} += ${slicePairs(k, "x")};\n    y${k} += ${slicePairs(k, "y")};`)}
  }

  let slot = tileColumn * (tileColumn + 1u) / 2u + tileRow - params.firstSlot;
  let element = slot * ${LEVELS * AREA}u + local.y * ${2 * TILE}u + local.x * 4u;
  for (var c = 0u; c < 4u; c++) {
    let at = element + c;
    ${levels((k) => `atomicAdd(&sums[at + ${k * AREA}u], x${k}[c]);`)}
    ${levels((k) => `atomicAdd(&sums[at + ${k * AREA + TILE}u], y${k}[c]);`)}
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
function slicePairs(level: number, row: "x" | "y"): string {
  const pairs: string[] = [];
  for (let s = Math.max(0, level - SLICES + 1); s <= Math.min(level, SLICES - 1); s++) {
    const dots = ["x", "y", "z", "w"].map((column) => `dot4I8Packed(a${s}.${row}, b${level - s}.${column})`);
    pairs.push(`vec4i(${dots.join(", ")})`);
  }
  return pairs.join(" + ");
}

function slices(line: (s: number) => string): string {
  return Array.from({ length: SLICES }, (_, s) => line(s)).join("\n    ");
}

function levels(lines: (k: number) => string): string {
  return Array.from({ length: LEVELS }, (_, k) => lines(k)).join("\n    ");
}
