import { StateFormatError } from "@delve/kernel";

/** How far a PCA subspace is, besides its moments. */
export interface PcaProgress {
  readonly isClosed: boolean;
  readonly epoch: number;
  readonly rank: number;
}

/*
 *     byte  size  type  content, little-endian
 *     0     4     u32   version of this header: 1
 *     4     4     u32   1 if the set of samples is complete, else 0
 *     8     4     u32   sets of samples closed
 *     12    4     u32   dimensions that the projection looked at last leaves
 *     16    ·           the moments, as the codec of the kernel writes them
 */
const VERSION = 1;
export const PROGRESS_LENGTH = 16;

/** Header and moments as one. */
export function encodeProgress({ isClosed, epoch, rank }: PcaProgress, moments: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(PROGRESS_LENGTH + moments.length);
  const header = new DataView(bytes.buffer);
  for (const [i, value] of [VERSION, Number(isClosed), epoch, rank].entries()) {
    header.setUint32(4 * i, value, true);
  }
  bytes.set(moments, PROGRESS_LENGTH);
  return bytes;
}

/**
 * The two again; `rest` is a view of the bytes.
 *
 * @throws {StateFormatError} If the header is not one that can have been written for that number of features.
 */
export function decodeProgress(
  bytes: Uint8Array,
  features: number,
): { readonly progress: PcaProgress; readonly rest: Uint8Array } {
  if (bytes.length < PROGRESS_LENGTH) {
    const message = `PcaSubspace.decode: needs ${PROGRESS_LENGTH} bytes or more, got ${bytes.length}`;
    throw new StateFormatError(message, "truncated");
  }
  const header = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const field = (index: number): number => header.getUint32(4 * index, true);
  const [version, closed, epoch, rank] = [field(0), field(1), field(2), field(3)];
  if (version !== VERSION) {
    const message = `PcaSubspace.decode: format version must be ${VERSION}, got ${version}`;
    throw new StateFormatError(message, "version");
  }
  if (closed > 1 || rank < 1 || rank > features) {
    const message = `PcaSubspace.decode: needs a state of ${features} features, got rank ${rank}`;
    throw new StateFormatError(message, "content");
  }
  return { progress: { isClosed: closed === 1, epoch, rank }, rest: bytes.subarray(PROGRESS_LENGTH) };
}
