import { describe, expect, it } from "vitest";
import {
  clearCount,
  excessAbove,
  isPromising,
  provenCount,
  type Seen,
  targetOf,
  unseenOf,
} from "./certificate.js";

const whole = { order: 4, trace: 10, squares: 50 };

/** What is seen of a diagonal matrix, coupled to the rest by `beta`. */
function rows(diagonal: number[], beta = 0): Seen {
  const last = diagonal.length - 1;
  const sum = (term: (x: number) => number) => diagonal.reduce((total, x) => total + term(x), 0);
  return {
    order: diagonal.length,
    trace: sum((x) => x),
    squares: sum((x) => x * x) + 2 * beta ** 2,
    ritzValues: (share) =>
      Float64Array.from(diagonal, (x, i) => (i === last ? x + share * beta ** 2 : x)).sort(),
  };
}

describe("unseenOf", () => {
  it("takes rows from the trace and, twice the coupling, from the squares", () => {
    const unseen = unseenOf(whole, rows([6, 2], 1));
    expect(unseen).toMatchObject({ order: 2, trace: 2 });
    expect(unseen.squares).toBeCloseTo(50 - 36 - 4 - 2, 10);
    expect(unseen.squares).toBeGreaterThan(8);
  });
});

describe("clearCount", () => {
  const target = targetOf(whole, 0.7);

  it("counts from the largest down", () => {
    expect(clearCount(Float64Array.of(1, 3, 6), target)).toBe(2);
    expect(clearCount(Float64Array.of(1, 1, 8), target)).toBe(1);
  });

  it("gives up where the values do not suffice, the share is within rounding, or one is negative", () => {
    expect(clearCount(Float64Array.of(1, 5), target)).toBe(0);
    expect(clearCount(Float64Array.of(1, 2, 7), target)).toBe(0);
    expect(clearCount(Float64Array.of(1, 2, 7 - 1e-13), target)).toBe(0);
    expect(clearCount(Float64Array.of(-1, 3, 8), target)).toBe(0);
  });
});

describe("provenCount", () => {
  // Seen: 6, 2. The threshold needs both, unless one value of what is unseen is 4 or more.
  const target = targetOf({ order: 4, trace: 10, squares: 0 }, 0.75);
  const seen = rows([6, 2]);

  it("trusts the rows where nothing larger can be hidden", () => {
    expect(provenCount(seen, { order: 2, trace: 2, squares: 2 }, target)).toBe(2);
    expect(provenCount(rows([8, 1]), { order: 2, trace: 1, squares: 1e9 }, target)).toBe(1);
  });

  it("does not where the norm has room for a larger one", () => {
    const hidden = targetOf({ order: 4, trace: 10, squares: 0 }, 0.81);
    const three = rows([6, 1, 1.5]);
    expect(provenCount(three, { order: 2, trace: 1.5, squares: 1 }, hidden)).toBe(3);
    expect(provenCount(three, { order: 2, trace: 1.5, squares: 4.5 }, hidden)).toBe(0);
  });

  it("does not where the coupling could raise the eigenvalues", () => {
    expect(provenCount(rows([2, 6], 0.1), { order: 2, trace: 2, squares: 2 }, target)).toBe(2);
    expect(provenCount(rows([2, 6], 2), { order: 2, trace: 2, squares: 2 }, target)).toBe(0);
  });
});

describe("isPromising", () => {
  const target = targetOf({ order: 5, trace: 10, squares: 0 }, 0.81);

  it("tells from older values whether there is room", () => {
    const before = Float64Array.of(1, 1.5, 6);
    expect(isPromising(before, { order: 2, trace: 1.5, squares: 1 }, target)).toBe(true);
    expect(isPromising(before, { order: 2, trace: 1.5, squares: 9 }, target)).toBe(false);
  });

  it("is hopeful where they told nothing, or one value suffices", () => {
    expect(isPromising(Float64Array.of(1, 2), { order: 2, trace: 1, squares: 9 }, target)).toBe(true);
    expect(isPromising(Float64Array.of(1, 9), { order: 2, trace: 1, squares: 9 }, target)).toBe(true);
  });
});

describe("excessAbove", () => {
  it("is what a single value can have", () => {
    expect(excessAbove(1, { order: 9, trace: 2, squares: 4 })).toBe(1);
    expect(excessAbove(3, { order: 9, trace: 2, squares: 4 })).toBe(0);
  });

  it("leaves room for what the trace needs", () => {
    const unseen = { order: 100, trace: 12, squares: 2.5 };
    expect(excessAbove(1.2, unseen)).toBeLessThan(excessAbove(1.2, { ...unseen, trace: 0 }));
  });
});
