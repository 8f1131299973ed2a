import type { WebAssemblyMemory } from "./web-assembly.js";

/** Byte address in the kernel's memory. Wasm hands it over as a signed number; see `KernelMemory`. */
export type Address = number;

/** Where samples lie in the kernel's memory; all strides in bytes. */
export type StridedArguments = [
  rowStride: number,
  featureStride: number,
  blockRows: number,
  blockStride: number,
];

/** The exports of assembly/index.ts; each is described there. */
export interface KernelExports {
  readonly memory: WebAssemblyMemory;
  allocate(bytes: number): Address;
  release(address: Address): void;
  isRelaxed(): number;
  useWideTiles(yes: boolean): void;
  limitMemory(bytes: number): void;
  memoryInUse(): number;

  momentsBytes(features: number): number;
  momentsInit(moments: Address, features: number): void;
  momentsReset(moments: Address): void;
  momentsUpdateF32(moments: Address, x: Address, rows: number, ...strides: StridedArguments): void;
  momentsUpdateF64(moments: Address, x: Address, rows: number, ...strides: StridedArguments): void;
  momentsFlush(moments: Address): void;
  momentsShift(moments: Address): Address;
  momentsOffset(moments: Address): Address;
  momentsGetScatter(moments: Address, fromRow: number, toRow: number, out: Address): void;
  momentsAddScatter(moments: Address, fromRow: number, toRow: number, x: Address): void;
  momentsMergeMean(moments: Address, count: number, shift: Address, offset: Address): void;

  allFiniteF32(x: Address, count: number): number;
  allFiniteF64(x: Address, count: number): number;
  firstInfinite(x: Address, count: number): number;

  dsyevBytes(order: number, vectors: boolean): number;
  dsyevInit(work: Address, order: number, vectors: boolean): Address;
  dsyev(work: Address): number;
  dsyevValues(work: Address): Address;
  dsyevVectors(work: Address): Address;

  topSpectrumBytes(order: number): number;
  topSpectrumInit(work: Address, order: number, limit: number): Address;
  topSpectrumStart(work: Address): void;
  topSpectrumSums(work: Address): Address;
  topSpectrumAdvance(work: Address, clear: number): Address;
}
