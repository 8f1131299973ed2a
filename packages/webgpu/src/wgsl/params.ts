/** WGSL: the sizes that all kernels share; `encodeParams` writes them. */
export const PARAMS: string = /* wgsl */ `
struct Params {
  rows: u32,
  features: u32,
  groups: u32,
  columns: u32,
  firstTileColumn: u32,
  firstSlot: u32,
  groupsPerPart: u32,
}
`;

/** Values of the struct `Params` in its order. */
export interface Params {
  readonly rows: number;
  readonly features: number;
  readonly groups: number;
  readonly columns: number;
  readonly firstTileColumn: number;
  readonly firstSlot: number;
  readonly groupsPerPart: number;
}

/** The bytes of `Params`, padded to the 16 that a uniform buffer is cut into. */
export function encodeParams(params: Params): Uint32Array<ArrayBuffer> {
  const { rows, features, groups, columns, firstTileColumn, firstSlot, groupsPerPart } = params;
  return Uint32Array.of(rows, features, groups, columns, firstTileColumn, firstSlot, groupsPerPart, 0);
}
