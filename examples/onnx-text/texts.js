import { seededRandom } from "../lib/random-weights.js";

const WORDS =
  `how much of the space does each layer use when a deep network has learned all that it knows about few
words and which part of its output is less than one input can use`.split(/\s+/);

/** Texts of 3 to 20 words, the same each time. */
export function texts({ batches, size }) {
  const next = seededRandom(1);
  const word = () => WORDS[Math.floor(next() * WORDS.length)];
  const text = () => Array.from({ length: 3 + Math.floor(next() * 18) }, word).join(" ");
  return Array.from({ length: batches }, () => Array.from({ length: size }, text));
}
