import { withSpectrum } from "@delve/conformance";
import { describe, expect, it } from "vitest";
import type { SymmetricMatrix } from "../symmetric-matrix.js";
import { strayOf } from "./certificate.js";
import { KernelInstance } from "./kernel-instance.js";
import { instantiateKernel } from "./kernel-module.js";
import { LanczosBasis } from "./lanczos-basis.js";
import { WasmBackend } from "./wasm-backend.js";

const ORDER = 360;
const LIMIT = 120;
const kernel = await instantiateKernel();
const instance = new KernelInstance(kernel);
const spectrum = (value: (i: number) => number) => Array.from({ length: ORDER }, (_, i) => value(i));

/** Sums over a matrix of this order. */
function sizeOf({ order, upper }: SymmetricMatrix) {
  let [trace, squares] = [0, 0];
  for (let i = 0, p = 0; i < order; i++) {
    for (let j = i; j < order; j++, p++) {
      const value = upper[p]!;
      if (i === j) trace += value;
      squares += i === j ? value ** 2 : 2 * value ** 2;
    }
  }
  return { order, trace, squares };
}

/** Shows a basis of LIMIT vectors, its tolerance the given share of the usual one; all it tells is meant times a power of two. */
function grown(a: SymmetricMatrix, share: number, see: (basis: LanczosBasis) => void): void {
  const { memory } = instance;
  const work = memory.allocate("test", kernel.topSpectrumBytes(ORDER));
  const solver = memory.allocate("test", kernel.dsyevBytes(LIMIT, false));
  memory.copyIn(a.upper, kernel.topSpectrumInit(work, ORDER, LIMIT) >>> 0);
  kernel.topSpectrumStart(work);
  const [trace, squares] = memory.copyOut(kernel.topSpectrumSums(work), 2) as unknown as [number, number];
  const tolerance = share * strayOf({ order: ORDER, trace, squares });
  const basis = new LanczosBasis(instance, { work, solver, limit: LIMIT, tolerance });
  while (basis.order < LIMIT) basis.grow();
  see(basis);
  memory.release(solver);
  memory.release(work);
}

describe.each([
  ["a slow power", spectrum((i) => (i + 1) ** -2)],
  ["a fast power", spectrum((i) => (i + 1) ** -4)],
  ["an exponential", spectrum((i) => Math.exp(-i / 10))],
  ["clusters", spectrum((i) => 4 ** -Math.floor(i / 12))],
  ["a low rank", spectrum((i) => (i < 20 ? 1 + i : 0))],
])("a basis for %s", (_, values) => {
  const a = withSpectrum(values);
  const scaled = (basis: LanczosBasis, size: number) => [...basis.ritzValues(0)!].reverse().slice(0, size);

  it("tells the same however careful it is", () => {
    grown(a, 0, (careful) => {
      const [squares, trace, top] = [careful.squares, careful.trace, scaled(careful, LIMIT)];
      grown(a, 1, (quick) => {
        // Where a space is exhausted, what the basis goes on with hangs on rounding.
        expect(Math.abs(quick.squares - squares)).toBeLessThan(1e-7 * squares);
        expect(Math.abs(quick.trace - trace)).toBeLessThan(1e-5 * trace);
        scaled(quick, 8).forEach((value, i) => {
          expect(Math.abs(value - top[i]!)).toBeLessThan(1e-12 * top[0]!);
        });
      });
    });
  });

  it("never shows more than there is", () => {
    const size = sizeOf(a);
    const backend = new WasmBackend(kernel);
    const all = backend.eigvalsh(a).reverse();
    grown(a, 1, (basis) => {
      const factor = 2 ** Math.round(Math.log2(scaled(basis, 1)[0]! / all[0]!));
      expect(basis.squares / factor ** 2).toBeLessThan(size.squares * (1 + 1e-11));
      expect(basis.trace / factor).toBeLessThan(size.trace * (1 + 1e-11));
      scaled(basis, LIMIT).forEach((value, i) => {
        expect(value / factor).toBeLessThan(all[i]! + 1e-12 * all[0]!);
      });
    });
  });

  it("sees eigenvalues rise with the coupling", () => {
    grown(a, 1, (basis) => {
      const raised = basis.ritzValues(1)!;
      basis.ritzValues(0)!.forEach((value, i) => {
        expect(raised[i]).toBeGreaterThan(value - 1e-12 * basis.trace);
      });
    });
  });
});
