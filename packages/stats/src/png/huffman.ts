// Huffman's code (D. A. Huffman, 1952), canonical and limited in length as RFC 1951 §3.2 wants it.

/**
 * Code lengths for symbols that occur so often; 0 for those that never do.
 *
 * A code of a single symbol is not complete, and decoders refuse it: at least two symbols have to occur.
 *
 * @param limit - Greatest length, in bits.
 */
export function codeLengths(counts: Uint32Array, limit: number): Uint8Array {
  let weights = counts;
  for (;;) {
    const lengths = huffmanLengths(weights);
    if (lengths.every((length) => length <= limit)) return lengths;
    // The flatter the weights, the flatter the tree; a code somewhat off the best costs next to nothing.
    weights = weights.map((weight) => (weight + 1) >>> 1);
  }
}

function huffmanLengths(weights: Uint32Array): Uint8Array {
  const leaves = [...weights.keys()].filter((symbol) => weights[symbol]! > 0);
  leaves.sort((a, b) => weights[a]! - weights[b]! || a - b);
  const weight = leaves.map((symbol) => weights[symbol]!);
  const parent = new Uint32Array(2 * leaves.length);
  // Nodes are made in the order of their weight: the two lightest stand at the head of one of two queues.
  let [leaf, inner] = [0, leaves.length];
  const lightest = (): number =>
    leaf < leaves.length && (inner >= weight.length || weight[leaf]! <= weight[inner]!) ? leaf++ : inner++;
  while (weight.length < 2 * leaves.length - 1) {
    const [a, b] = [lightest(), lightest()];
    parent[a] = parent[b] = weight.length;
    weight.push(weight[a]! + weight[b]!);
  }
  const depth = new Uint8Array(weight.length);
  for (let node = weight.length - 2; node >= 0; node--) depth[node] = depth[parent[node]!]! + 1;
  const lengths = new Uint8Array(weights.length);
  for (let i = 0; i < leaves.length; i++) lengths[leaves[i]!] = depth[i]!;
  return lengths;
}

/** The canonical code of these lengths, each code word with its first bit lowest, as deflate stores it. */
export function canonicalCodes(lengths: Uint8Array): Uint16Array {
  const counts = new Uint16Array(16);
  for (const length of lengths) if (length > 0) counts[length]!++;
  const next = new Uint16Array(16);
  for (let length = 1; length < 16; length++) next[length] = (next[length - 1]! + counts[length - 1]!) << 1;
  const codes = new Uint16Array(lengths.length);
  lengths.forEach((length, symbol) => {
    if (length > 0) codes[symbol] = reversed(next[length]!++, length);
  });
  return codes;
}

function reversed(word: number, length: number): number {
  let result = 0;
  for (let bit = 0; bit < length; bit++) result |= ((word >>> bit) & 1) << (length - 1 - bit);
  return result;
}
