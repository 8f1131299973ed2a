import type { NetworkCase } from "@delve/conformance";
import { expect } from "vitest";

/** Float32 in another order, against PyTorch; relative to the trace of a covariance. */
const BOUND = 1e-5;

/** The same of the logits themselves. */
const LOGITS = 1e-4;

/** What came of a pass over all digits: numbers as lists, so that it can leave a page. */
export interface Answer {
  readonly logits: ArrayLike<number>;
  readonly records: readonly PlainRecord[];
}

/** A record; a matrix row by row. */
export interface PlainRecord {
  readonly layer: string;
  readonly stat: string;
  readonly value: number | readonly number[];
  readonly samples: number;
  readonly features: number;
}

/** Every layer has the covariance and the intrinsic dimensionality that PyTorch and Delve found, and so the logits. */
export function expectSame(network: NetworkCase, { logits, records }: Answer): void {
  const of = (layer: string, stat: string) =>
    records.find((record) => record.layer === layer && record.stat === stat)!.value;
  for (const { layer, d, covariance, trace, thresholds } of network.layers) {
    const found = of(layer, "cov") as readonly number[];
    expect(found, layer).toHaveLength(d * d);
    expect(largestDifference(found, covariance) / trace, layer).toBeLessThan(BOUND);
    const { margin, idim_documented } = thresholds.find(({ threshold }) => threshold === 0.99)!;
    if (margin > d * BOUND) expect(of(layer, "idim"), layer).toBe(idim_documented);
  }
  expect(logits).toHaveLength(network.logits.data.length);
  expect(largestDifference(logits, network.logits.data)).toBeLessThan(LOGITS);
}

function largestDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  return Array.from(a).reduce((most, value, i) => Math.max(most, Math.abs(value - b[i]!)), 0);
}
