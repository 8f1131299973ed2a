import { add, divide, propertyRuns, seededRandom, twoProduct, twoSum } from "@delve/conformance";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { openRoutines } from "./routines.js";

const { kernel, put } = openRoutines();

/** Eigenvalues of diag(d) + rho·z·zᵀ, all elements of z other than 0, d ascending. */
interface RankOne {
  readonly d: readonly number[];
  readonly z: readonly number[];
  readonly rho: number;
}

/** A root as the solver gives it: beside a pole, at a distance. */
interface Root {
  readonly pole: number;
  readonly offset: number;
  readonly steps: number;
}

function roots({ d, z, rho }: RankOne): Root[] {
  const k = d.length;
  const squares = z.reduce((sum, x) => sum + x * x, 0);
  const [atD, atZ] = [put([...d, d[k - 1]! + 4 * rho * squares]), put([...z, 0])];
  const found = d.map((_, j) => {
    const steps = kernel.dlaed4(k, j, atD, atZ, rho);
    return { pole: kernel.lastPole(), offset: kernel.lastOffset(), steps };
  });
  kernel.release(atD);
  kernel.release(atZ);
  return found;
}

/** dᵢ − λ, exact to 106 bits. */
const distance = (di: number, { pole, offset }: Root) => add(twoSum(di, -pole), [-offset, 0]);

/**
 * How far the root is off, by Newton's correction from the value of the secular function in 106 bits, as a share of
 * what a change of every term and of the root itself by one unit of rounding makes of it.
 */
function error({ d, z, rho }: RankOne, root: Root): number {
  const base = divide([1, 0], [rho, 0]);
  let [value, size, slope] = [base, base[0], 0];
  d.forEach((di, i) => {
    const delta = distance(di, root);
    const term = divide(twoProduct(z[i]!, z[i]!), delta);
    value = add(value, term);
    size += Math.abs(term[0]);
    slope += Math.abs(term[0] / delta[0]);
  });
  return Math.abs(value[0]) / (Number.EPSILON * (size + Math.abs(root.offset) * slope));
}

const random = seededRandom(4);
const normalised = (z: number[]) => z.map((x) => x / Math.hypot(...z));
const made = (k: number, d: (i: number) => number, z: (i: number) => number, rho = 1): RankOne => ({
  d: Array.from({ length: k }, (_, i) => d(i)).sort((a, b) => a - b),
  z: normalised(Array.from({ length: k }, (_, i) => z(i))),
  rho,
});

const cases: [string, RankOne][] = [
  [
    "order 1",
    made(
      1,
      () => 3,
      () => 1,
    ),
  ],
  [
    "order 1, zero",
    made(
      1,
      () => 0,
      () => -1,
      1e-10,
    ),
  ],
  [
    "order 2",
    made(
      2,
      (i) => i,
      (i) => 1 + i,
    ),
  ],
  [
    "order 2, nearly equal poles",
    made(
      2,
      (i) => 1 + i * 4e-16,
      () => 1,
    ),
  ],
  [
    "order 5, one large component",
    made(
      5,
      (i) => i,
      (i) => (i === 2 ? 1 : 1e-12),
    ),
  ],
  [
    "order 5, components of the smallest size",
    made(
      5,
      (i) => i,
      (i) => (i === 0 ? 1 : 1e-15),
    ),
  ],
  [
    "random",
    made(
      64,
      () => random.uniform(),
      () => random.normal(),
    ),
  ],
  [
    "random, long",
    made(
      1001,
      () => random.normal(),
      () => random.normal(),
    ),
  ],
  [
    "random, weak coupling",
    made(
      64,
      () => random.uniform(),
      () => random.normal(),
      1e-13,
    ),
  ],
  [
    "random, strong coupling",
    made(
      64,
      () => random.uniform(),
      () => random.normal(),
      1e6,
    ),
  ],
  [
    "evenly spaced",
    made(
      100,
      (i) => i / 100,
      () => 1,
    ),
  ],
  [
    "clusters",
    made(
      60,
      (i) => Math.floor(i / 10) + 1e-14 * (i % 10),
      () => random.normal(),
    ),
  ],
  [
    "a cluster about zero",
    made(
      31,
      (i) => (i - 15) * 1e-15,
      () => random.normal(),
    ),
  ],
  [
    "graded poles",
    made(
      50,
      (i) => 2 ** -i,
      () => 1,
    ),
  ],
  [
    "graded components",
    made(
      50,
      (i) => i,
      (i) => 2 ** -i,
    ),
  ],
  [
    "graded the other way",
    made(
      50,
      (i) => i,
      (i) => 2 ** (i - 50),
    ),
  ],
  [
    "alternating components",
    made(
      50,
      (i) => i,
      (i) => (i % 2 ? 1 : -1e-9),
    ),
  ],
  [
    "a large pole far away",
    made(
      20,
      (i) => (i === 19 ? 1e8 : i * 1e-6),
      () => 1,
    ),
  ],
];

/** Every root lies between its poles, is accurate, and has not taken many steps (mostly four, the most seen: 34). */
function expectRoots(problem: RankOne): void {
  const { d, z, rho } = problem;
  const squares = z.reduce((sum, x) => sum + x * x, 0);
  roots(problem).forEach((root, j) => {
    expect(distance(d[j]!, root)[0]).toBeLessThan(0);
    const next = d[j + 1];
    if (next !== undefined) expect(distance(next, root)[0]).toBeGreaterThan(0);
    else expect(root.offset).toBeLessThanOrEqual(rho * squares * (1 + 8 * Number.EPSILON));
    expect(error(problem, root)).toBeLessThan(8);
    expect(root.steps).toBeLessThanOrEqual(60);
  });
}

describe("dlaed4", () => {
  it.each(cases)("finds every root between its poles: %s", (_, problem) => expectRoots(problem));

  it("does so whatever the poles and their components", () => {
    const gap = fc.double({ min: -15, max: 0, noNaN: true });
    const component = fc.double({ min: -14, max: 0, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(fc.tuple(gap, component, fc.boolean()), { minLength: 1, maxLength: 40 }),
        fc.double({ min: -14, max: 3, noNaN: true }),
        (terms, exponent) => {
          let pole = -1;
          const d = terms.map(([size]) => (pole += Math.max(10 ** size, 4e-16)));
          const z = normalised(terms.map(([, size, negative]) => (negative ? -1 : 1) * 10 ** size));
          expectRoots({ d, z, rho: 10 ** exponent });
        },
      ),
      { numRuns: propertyRuns(300) },
    );
  });
});
