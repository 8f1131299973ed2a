import { GROUPS_AT_ONCE, LEVELS, LIMBS, SLICES, TILE } from "../geometry.js";
import { PARAMS } from "./params.js";

/** Elements of a tile. */
const AREA = TILE * TILE;

/** For devices whose WGSL lacks the instruction. */
const EMULATED_DOT = /* wgsl */ `
fn dot4I8Packed(a: u32, b: u32) -> i32 {
  var sum = 0;
  for (var at = 0u; at < 32u; at += 8u) {
    sum += extractBits(bitcast<i32>(a), at, 8u) * extractBits(bitcast<i32>(b), at, 8u);
  }
  return sum;
}
`;

/**
 * WGSL: adds the products of all columns of a tile over a part of the groups to `sums`, level by level, in exact
 * 32-bit integers. A thread has 2 × 2 elements. Workgroup (x, y, z): tile row x, tile column y, part z.
 *
 * @param packedDot - Whether the device's WGSL knows `dot4I8Packed`.
 */
export function tileProducts(packedDot: boolean): string {
  return /* wgsl */ `
${packedDot ? "" : EMULATED_DOT}
${PARAMS}
@group(0) @binding(0) var<uniform> params: Params;
// Two columns at a time.
@group(0) @binding(1) var<storage, read> slices: array<vec2u>;
@group(0) @binding(2) var<storage, read_write> sums: array<atomic<i32>>;

const PAIRS = ${TILE / 2}u;
const LOADS = ${(SLICES * GROUPS_AT_ONCE * TILE) / 2}u;
var<workgroup> left: array<vec2u, LOADS>;
var<workgroup> right: array<vec2u, LOADS>;

@compute @workgroup_size(16, 16)
fn main(
  @builtin(workgroup_id) workgroup: vec3u,
  @builtin(local_invocation_id) local: vec3u,
  @builtin(local_invocation_index) thread: u32,
) {
  let tileRow = workgroup.x;
  let tileColumn = params.firstTileColumn + workgroup.y;
  if (tileRow > tileColumn) { return; }
  let row = tileRow * ${TILE}u + 2u * local.y;
  let column = tileColumn * ${TILE}u + 2u * local.x;
  let wanted = row <= column + 1u && column <= params.features;
  ${levels((k) => `var level${k} = vec4i();`)}

  let end = min(params.groups, (workgroup.z + 1u) * params.groupsPerPart);
  for (var group = workgroup.z * params.groupsPerPart; group < end; group += ${GROUPS_AT_ONCE}u) {
    for (var at = thread; at < LOADS; at += 256u) {
      let slice = at / (${GROUPS_AT_ONCE}u * PAIRS);
      let member = (at / PAIRS) % ${GROUPS_AT_ONCE}u;
      let start = (slice * params.groups + group + member) * (params.columns / 2u) + at % PAIRS;
      left[at] = slices[start + tileRow * PAIRS];
      right[at] = slices[start + tileColumn * PAIRS];
    }
    workgroupBarrier();
    if (wanted) {
      for (var member = 0u; member < ${GROUPS_AT_ONCE}u; member++) {
        let a = member * PAIRS + local.y;
        let b = member * PAIRS + local.x;
        ${slices((s) => `let a${s} = left[a + ${s}u * ${GROUPS_AT_ONCE}u * PAIRS];`)}
        ${slices((s) => `let b${s} = right[b + ${s}u * ${GROUPS_AT_ONCE}u * PAIRS];`)}
        ${slicePairs()}
      }
    }
    workgroupBarrier();
  }

  if (!wanted) { return; }
  let slot = tileColumn * (tileColumn + 1u) / 2u + tileRow - params.firstSlot;
  let element = slot * ${LEVELS * AREA}u + local.y * ${2 * TILE}u + local.x * 2u;
  ${levels(
    (k) => `
  atomicAdd(&sums[element + ${k * AREA}u], level${k}.x);
  atomicAdd(&sums[element + ${k * AREA + 1}u], level${k}.y);
  atomicAdd(&sums[element + ${k * AREA + TILE}u], level${k}.z);
  atomicAdd(&sums[element + ${k * AREA + TILE + 1}u], level${k}.w);`,
  )}
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

/** Σ over the slices s, t of a level of the products of four elements. */
function slicePairs(): string {
  return levels((k) => {
    const pairs: string[] = [];
    for (let s = Math.max(0, k - SLICES + 1); s <= Math.min(k, SLICES - 1); s++) {
      const [a, b] = [`a${s}`, `b${k - s}`];
      const dots = [`${a}.x, ${b}.x`, `${a}.x, ${b}.y`, `${a}.y, ${b}.x`, `${a}.y, ${b}.y`];
      pairs.push(`vec4i(${dots.map((operands) => `dot4I8Packed(${operands})`).join(", ")})`);
    }
    return `level${k} += ${pairs.join(" + ")};`;
  });
}

function slices(line: (s: number) => string): string {
  return Array.from({ length: SLICES }, (_, s) => line(s)).join("\n        ");
}

function levels(lines: (k: number) => string): string {
  return Array.from({ length: LEVELS }, (_, k) => lines(k)).join("\n        ");
}
