// Deflate blocks with codes of their own, as RFC 1951 §3.2.7 lays them out.
import type { BitWriter } from "./bit-writer.js";
import { canonicalCodes, codeLengths } from "./huffman.js";

/** Bounds of a match: its length and how far back it may reach, in bytes. */
export const MATCH = { shortest: 3, longest: 258, window: 32768 } as const;

const END_OF_BLOCK = 256;
const LITERALS_AND_LENGTHS = 286;
const DISTANCES = 30;
const MOST_BITS = 15;
/** Tokens a block; a picture has few blocks, and the code of each fits its part of it. */
const CAPACITY = 1 << 15;

// A token: a literal as it is, or this mark, the length of a match in 9 bits and its distance − 1 in 15.
const MARK = 1 << 24;
const lengthIn = (token: number): number => (token >>> 15) & 0x1ff;
const distanceIn = (token: number): number => (token & 0x7fff) + 1;

/** Literal bytes and matches, gathered into blocks of a deflate stream, each with a Huffman code made for it. */
export class BlockWriter {
  readonly #out: BitWriter;
  readonly #tokens = new Uint32Array(CAPACITY);
  #length = 0;

  constructor(out: BitWriter) {
    this.#out = out;
  }

  literal(byte: number): void {
    this.#add(byte);
  }

  /** A repetition of what stands `distance` bytes back: at least 3 bytes, cut into matches of at most 258. */
  match(length: number, distance: number): void {
    for (let rest = length; rest > 0; ) {
      let part = Math.min(rest, MATCH.longest);
      if (rest > part && rest - part < MATCH.shortest) part -= MATCH.shortest;
      this.#add(MARK | (part << 15) | (distance - 1));
      rest -= part;
    }
  }

  /** Ends the stream. */
  finish(): void {
    this.#writeBlock(true);
  }

  #add(token: number): void {
    if (this.#length === CAPACITY) this.#writeBlock(false);
    this.#tokens[this.#length++] = token;
  }

  #writeBlock(isLast: boolean): void {
    const tokens = this.#tokens.subarray(0, this.#length);
    const { symbols, distances } = countSymbols(tokens);
    const symbolBits = codeLengths(symbols, MOST_BITS);
    const distanceBits = codeLengths(distances, MOST_BITS);
    this.#out.write(isLast ? 1 : 0, 1);
    this.#out.write(2, 2);
    writeCodes(this.#out, symbolBits, distanceBits);
    writeTokens(this.#out, tokens, symbolBits, distanceBits);
    this.#length = 0;
  }
}

function countSymbols(tokens: Uint32Array): { symbols: Uint32Array; distances: Uint32Array } {
  const symbols = new Uint32Array(LITERALS_AND_LENGTHS);
  const distances = new Uint32Array(DISTANCES);
  // A code needs two symbols, whether they occur or not.
  symbols[0] = symbols[END_OF_BLOCK] = distances[0] = distances[1] = 1;
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]!;
    if (token < MARK) {
      symbols[token]!++;
    } else {
      symbols[LENGTH_SYMBOL[lengthIn(token)]!]!++;
      distances[distanceSymbol(distanceIn(token))]!++;
    }
  }
  return { symbols, distances };
}

function writeTokens(out: BitWriter, tokens: Uint32Array, bits: Uint8Array, distanceBits: Uint8Array): void {
  const codes = canonicalCodes(bits);
  const distanceCodes = canonicalCodes(distanceBits);
  for (let i = 0; i < tokens.length; i++) {
    const token = tokens[i]!;
    if (token < MARK) {
      out.write(codes[token]!, bits[token]!);
      continue;
    }
    const length = lengthIn(token);
    const symbol = LENGTH_SYMBOL[length]!;
    out.write(codes[symbol]!, bits[symbol]!);
    out.write(length - LENGTH_BASE[symbol - 257]!, lengthExtra(symbol));
    const distance = distanceIn(token);
    const place = distanceSymbol(distance);
    out.write(distanceCodes[place]!, distanceBits[place]!);
    const extra = distanceExtra(place);
    out.write((distance - 1) & ((1 << extra) - 1), extra);
  }
  out.write(codes[END_OF_BLOCK]!, bits[END_OF_BLOCK]!);
}

/** Writes the lengths of both codes, themselves coded. */
function writeCodes(out: BitWriter, symbolBits: Uint8Array, distanceBits: Uint8Array): void {
  const steps = zerosDrawnTogether([...symbolBits, ...distanceBits]);
  const counts = new Uint32Array(CODE_ORDER.length);
  for (const { symbol } of steps) counts[symbol]!++;
  const bits = codeLengths(counts, 7);
  const codes = canonicalCodes(bits);
  out.write(symbolBits.length - 257, 5);
  out.write(distanceBits.length - 1, 5);
  out.write(CODE_ORDER.length - 4, 4);
  for (const symbol of CODE_ORDER) out.write(bits[symbol]!, 3);
  for (const { symbol, extra, extraBits } of steps) {
    out.write(codes[symbol]!, bits[symbol]!);
    out.write(extra, extraBits);
  }
}

/** The order in which the lengths of the code for lengths stand. */
const CODE_ORDER = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15];

interface Step {
  readonly symbol: number;
  readonly extra: number;
  readonly extraBits: number;
}

/** Code lengths with runs of zeros as one step each: symbol 17 for 3 to 10 of them, 18 for 11 to 138. */
function zerosDrawnTogether(lengths: readonly number[]): Step[] {
  const steps: Step[] = [];
  for (let i = 0; i < lengths.length; ) {
    let zeros = 0;
    while (zeros < 138 && lengths[i + zeros] === 0) zeros++;
    if (zeros < 3) steps.push({ symbol: lengths[i]!, extra: 0, extraBits: 0 });
    else if (zeros < 11) steps.push({ symbol: 17, extra: zeros - 3, extraBits: 3 });
    else steps.push({ symbol: 18, extra: zeros - 11, extraBits: 7 });
    i += zeros < 3 ? 1 : zeros;
  }
  return steps;
}

/** Bits after a length's symbol: none up to 264 and for 285, then one more every four symbols. */
function lengthExtra(symbol: number): number {
  return symbol < 265 || symbol === 285 ? 0 : (symbol - 261) >> 2;
}

/** Shortest length of each symbol from 257 on. */
const LENGTH_BASE = new Uint16Array(29);
/** Symbol of each length. */
const LENGTH_SYMBOL = new Uint16Array(MATCH.longest + 1);
for (let symbol = 257, length: number = MATCH.shortest; symbol < 285; symbol++) {
  LENGTH_BASE[symbol - 257] = length;
  for (let end = length + (1 << lengthExtra(symbol)); length < end; length++) LENGTH_SYMBOL[length] = symbol;
}
// The longest has a symbol of its own.
LENGTH_BASE[285 - 257] = MATCH.longest;
LENGTH_SYMBOL[MATCH.longest] = 285;

/** Symbol of a distance: two for each doubling of distance − 1. */
function distanceSymbol(distance: number): number {
  if (distance < 3) return distance - 1;
  const doublings = 31 - Math.clz32(distance - 1);
  return 2 * doublings + (((distance - 1) >>> (doublings - 1)) & 1);
}

/** Bits after a distance's symbol. */
function distanceExtra(symbol: number): number {
  return symbol < 4 ? 0 : (symbol >> 1) - 1;
}
