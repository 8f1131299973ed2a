/** Bytes that follow each operation that says nothing about keys. */
const OPERANDS: ReadonlyMap<number, number> = new Map([
  [0x80, 1], // PROTO
  [0x95, 8], // FRAME
  [0x7d, 0], // EMPTY_DICT
  [0x28, 0], // MARK
  [0x94, 0], // MEMOIZE
  [0x71, 1], // BINPUT
  [0x72, 4], // LONG_BINPUT
  [0x4b, 1], // BININT1
  [0x4d, 2], // BININT2
  [0x4a, 4], // BININT
  [0x73, 0], // SETITEM
  [0x75, 0], // SETITEMS
]);

const SHORT_BINUNICODE = 0x8c;
const BINUNICODE = 0x58;
const STOP = 0x2e;

/**
 * The keys of a pickled Python dictionary from strings to whole numbers, in its order (Python's pickle, protocols 2 to 5); `null`
 * for any other bytes. Nothing of a pickle is ever run.
 *
 * Delve keeps such a dictionary in `epoch_counter.pkl`: the columns of a tree, in the order in which they first came.
 */
export function pickledKeys(bytes: Uint8Array): string[] | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const keys: string[] = [];
  for (let at = 0; at < bytes.length; ) {
    const operation = bytes[at++]!;
    if (operation === STOP) return at === bytes.length ? keys : null;
    const skipped = OPERANDS.get(operation);
    if (skipped !== undefined) {
      at += skipped;
      continue;
    }
    const sizeBytes = operation === SHORT_BINUNICODE ? 1 : operation === BINUNICODE ? 4 : 0;
    if (sizeBytes === 0 || at + sizeBytes > bytes.length) return null;
    const start = at + sizeBytes;
    at = start + (sizeBytes === 1 ? view.getUint8(at) : view.getUint32(at, true));
    keys.push(new TextDecoder().decode(bytes.subarray(start, at)));
  }
  return null;
}
