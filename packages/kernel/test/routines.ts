import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { instantiateSync } from "@assemblyscript/loader";

type Address = number;

/** The exports of assembly/index.ts and assembly/routines.ts that tests of single routines call. */
interface Routines {
  readonly memory: { readonly buffer: ArrayBuffer };
  allocate(bytes: number): Address;
  release(at: Address): void;
  limitMemory(bytes: number): void;
  memoryInUse(): number;
  allFiniteF32(x: Address, count: number): number;
  allFiniteF64(x: Address, count: number): number;
  ddot(bytes: number, x: Address, y: Address): number;
  dgemv_n(rows: number, bytes: number, x: Address, ldx: number, y: Address, out: Address): void;
  dgemv_t(rows: number, bytes: number, x: Address, ldx: number, c: Address, y: Address): void;
  dsymv(tiles: number, a: Address, x: Address, y: Address): void;
  dpack_n(
    k: number,
    slices: number,
    alpha: number,
    x: Address,
    ldx: number,
    to: Address,
    slice: number,
  ): void;
  dpack_t(k: number, x: Address, ldx: number, to: Address): void;
  dsyr2kBytes(tiles: number, k: number): number;
  dsyr2k(
    tiles: number,
    k: number,
    v: Address,
    ldv: number,
    w: Address,
    ldw: number,
    c: Address,
    work: Address,
  ): void;
  rowsToTiles(tiles: number, rows: Address, ld: number, to: Address): void;
  tilesToRows(tiles: number, from: Address, rows: Address, ld: number): void;
  sliceBytes(rows: number): number;
  tileIndex(tiles: number, i: number, j: number): number;
  dsyr(tiles: number, alpha: number, x: Address, c: Address): void;
  dsyrk(tiles: number, k: number, a: Address, slice: number, c: Address): void;
  dlarfg(row: Address, from: number, to: number, copy: Address): number;
  lastBeta(): number;
  drot(bytes: number, x: Address, y: Address, c: number, s: number): void;
  dlaed4(k: number, j: number, d: Address, z: Address, rho: number): number;
  lastPole(): number;
  lastOffset(): number;
  dlarfbBytes(columns: number, k: number): number;
  dlarfb(
    rows: number,
    columns: number,
    k: number,
    v: Address,
    ldv: number,
    tau: Address,
    z: Address,
    ldz: number,
    work: Address,
  ): void;
  dlasrt(n: number, d: Address, order: Address): void;
  dsterf(n: number, d: Address, e: Address): number;
}

/** A fresh instance of the debug kernel, whose assertions are on, with ways to move numbers in and out. */
export function openRoutines() {
  const file = fileURLToPath(new URL("../../../build/kernel.debug.wasm", import.meta.url));
  const kernel = instantiateSync(readFileSync(file)).exports as unknown as Routines;
  return {
    kernel,
    put(values: ArrayLike<number>): Address {
      const at = kernel.allocate(values.length * 8);
      new Float64Array(kernel.memory.buffer, at, values.length).set(values);
      return at;
    },
    get(at: Address, length: number): Float64Array {
      return new Float64Array(kernel.memory.buffer, at, length).slice();
    },
  };
}
