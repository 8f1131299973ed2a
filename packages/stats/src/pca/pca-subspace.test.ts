import { loadKernel, StateFormatError, type SyncBackend } from "@delve/kernel";
import { referenceBackend } from "@delve/kernel/reference";
import { describe, expect, test } from "vitest";
import { seededRandom } from "../sampling/random.js";
import { PcaSubspace } from "./pca-subspace.js";
import { projectionMatrix } from "./projection.js";
import { standardNormal } from "./standard-normal.js";

const backends: SyncBackend[] = [referenceBackend(), await loadKernel()];
const FEATURES = 5;

/** Correlated samples about a mean of 3, different for every seed. */
function batch(seed: number, rows = 40) {
  const normal = standardNormal(seededRandom(seed));
  const data = new Float64Array(rows * FEATURES);
  for (let r = 0; r < rows; r++) {
    const common = normal();
    for (let f = 0; f < FEATURES; f++) data[r * FEATURES + f] = 3 + common * (f + 1) + normal() / (f + 1);
  }
  return { data, rows, features: FEATURES, rowStride: FEATURES, featureStride: 1 };
}

const trained = (backend: SyncBackend, ...seeds: number[]): PcaSubspace => {
  const pca = new PcaSubspace(backend, FEATURES, { threshold: 0.9 });
  for (const seed of seeds) pca.update(batch(seed));
  return pca;
};

const close = (a: ArrayLike<number>, b: ArrayLike<number>): void => {
  for (let i = 0; i < b.length; i++) expect(Math.abs(a[i]! - b[i]!)).toBeLessThan(1e-12);
};

describe.each(backends)("PcaSubspace on $name", (backend) => {
  test("close ends the set of samples; the next ones begin another", () => {
    using pca = trained(backend, 1, 2);
    expect([pca.isClosed, pca.count, pca.epoch, pca.rank]).toEqual([false, 80, 0, FEATURES]);
    const first = pca.projection;
    pca.close();
    pca.close();
    expect([pca.isClosed, pca.count, pca.epoch, pca.rank]).toEqual([true, 80, 1, first.rank]);
    expect(pca.projection).toBe(first);
    pca.update(batch(3));
    expect([pca.isClosed, pca.count, pca.epoch]).toEqual([false, 40, 1]);
    using other = trained(backend, 3);
    expect(pca.projection).toEqual(other.projection);
  });

  test("a look at the projection does not end it", () => {
    using pca = trained(backend, 1);
    const first = pca.projection;
    pca.update(batch(2));
    expect(pca.count).toBe(80);
    expect(pca.projection).not.toEqual(first);
    using both = trained(backend, 1, 2);
    // In one go, up to rounding.
    close(projectionMatrix(pca.projection), projectionMatrix(both.projection));
  });

  test("a batch that is refused, or empty, changes nothing", () => {
    using pca = trained(backend, 1);
    const { projection } = pca;
    pca.close();
    const bad = batch(2);
    bad.data[7] = Number.NaN;
    expect(() => pca.update(bad)).toThrow("NaN");
    pca.update({ ...batch(2), rows: 0 });
    expect([pca.isClosed, pca.count, pca.epoch]).toEqual([true, 40, 1]);
    expect(pca.projection).toBe(projection);
  });

  test("threshold and centering take effect at once, for the samples seen", () => {
    using pca = trained(backend, 1, 2);
    const { rank } = pca.projection;
    pca.threshold = 1;
    expect(pca.projection.rank).toBe(FEATURES);
    expect(rank).toBeLessThan(FEATURES);
    pca.threshold = 0.9;
    expect(pca.projection.rank).toBe(rank);
    expect(pca.isAffine).toBe(true);
    pca.centering = false;
    expect(pca.isAffine).toBe(false);
    expect(pca.projection.center).toEqual(new Float64Array(FEATURES));
    // About zero, the mean of 3 is the direction of most variance.
    const axis = pca.projection.axes.subarray(0, FEATURES);
    expect(axis.reduce((sum, value) => sum + value, 0) / Math.sqrt(FEATURES)).toBeGreaterThan(0.8);
  });

  test("random directions keep rank and centre, until something changes", () => {
    using pca = trained(backend, 1);
    const principal = pca.projection;
    const random = pca.injectRandomDirections({ seed: 1 });
    expect([random.rank, random.center]).toEqual([principal.rank, principal.center]);
    expect(pca.projection).toBe(random);
    expect(pca.injectRandomDirections({ seed: 1 }).axes).toEqual(random.axes);
    pca.threshold = 0.9;
    expect(pca.projection).toEqual(principal);
  });

  test("what is encoded goes on elsewhere: the same projection to the last bit", () => {
    using pca = trained(backend, 1, 2);
    const { projection } = pca;
    pca.close();
    using copy = new PcaSubspace(backend, FEATURES, { threshold: 0.9 });
    const bytes = pca.encode();
    expect(bytes).toHaveLength(PcaSubspace.encodedLength(FEATURES));
    copy.decode(bytes);
    expect([copy.isClosed, copy.count, copy.epoch, copy.rank]).toEqual([true, 80, 1, projection.rank]);
    expect(copy.projection).toEqual(projection);
    expect(copy.encode()).toEqual(bytes);
    copy.update(batch(3));
    expect(copy.count).toBe(40);
  });

  test("encoded in the middle of a set, it goes on accumulating", () => {
    using whole = trained(backend, 1, 2, 3);
    using half = trained(backend, 1, 2);
    using rest = new PcaSubspace(backend, FEATURES, { threshold: 0.9 });
    rest.decode(half.encode());
    rest.update(batch(3));
    expect([rest.isClosed, rest.count]).toEqual([false, 120]);
    close(projectionMatrix(rest.projection), projectionMatrix(whole.projection));
    close(rest.projection.center, whole.projection.center);
  });

  test("of no samples: nothing to project, but to encode", () => {
    using pca = new PcaSubspace(backend, 2);
    expect(() => pca.projection).toThrow("PcaSubspace.projection: needs at least one sample, got 0");
    using copy = new PcaSubspace(backend, 2);
    copy.decode(pca.encode());
    expect([copy.isClosed, copy.count, copy.rank]).toEqual([false, 0, 2]);
  });

  test("bytes that are none of its own are refused, and change nothing", () => {
    using pca = trained(backend, 1);
    const bytes = pca.encode();
    const reasonOf = (wrong: Uint8Array): string => {
      try {
        pca.decode(wrong);
        return "taken";
      } catch (error) {
        return (error as StateFormatError).reason;
      }
    };
    const changed = (at: number, value: number) => bytes.map((byte, i) => (i === at ? value : byte));
    expect(reasonOf(bytes.subarray(0, 10))).toBe("truncated");
    expect(reasonOf(changed(0, 2))).toBe("version");
    expect(reasonOf(changed(4, 2))).toBe("content");
    expect(reasonOf(changed(12, 99))).toBe("content");
    expect(reasonOf(changed(60, bytes[60]! ^ 1))).toBe("checksum");
    using wider = new PcaSubspace(backend, FEATURES + 1);
    expect(() => wider.decode(bytes)).toThrow(StateFormatError);
    expect([pca.count, pca.isClosed]).toEqual([40, false]);
  });

  test("disposed, it begins anew", () => {
    const pca = trained(backend, 1);
    pca.dispose();
    pca.dispose();
    expect([pca.count, pca.isClosed, pca.epoch, pca.rank]).toEqual([0, false, 0, FEATURES]);
  });

  test("options out of range are refused", () => {
    expect(() => new PcaSubspace(backend, 2, { threshold: 0 })).toThrow(
      "PcaSubspace: threshold must be in (0, 1], got 0",
    );
    expect(() => new PcaSubspace(backend, 2, { mean: "lose" as never })).toThrow(
      'PcaSubspace: mean: must be one of "keep", "ignore"',
    );
    expect(() => {
      trained(backend).threshold = 1.5;
    }).toThrow("PcaSubspace.threshold: threshold must be in (0, 1], got 1.5");
  });
});
