import type { Backend, MomentsState } from "@delve/kernel";
import { emptyState } from "@delve/kernel";
import { referenceBackend } from "@delve/kernel/reference";
import { describe, expect, test, vi } from "vitest";
import { spectrumOf } from "./spectrum.js";

const backend = referenceBackend();

/** Moments whose covariance matrix is the given one. */
function stateWith(rows: readonly (readonly number[])[], count = 10): MomentsState {
  const scatter = Float64Array.from(rows.flatMap((row, i) => row.slice(i).map((value) => value * count)));
  return { ...emptyState(rows.length), count, scatter };
}

describe("spectrumOf", () => {
  const rotated = stateWith([
    [5, 3],
    [3, 5],
  ]);

  test("values descend", () => {
    const { values } = spectrumOf(rotated, backend);
    expect(values[0]).toBeCloseTo(8, 13);
    expect(values[1]).toBeCloseTo(2, 13);
  });

  test("axes are rows in the order of the values, their largest component positive", () => {
    const state = stateWith([
      [1, 0, 0],
      [0, 7, -3],
      [0, -3, 4],
    ]);
    const { values, axes } = spectrumOf(state, backend, { vectors: true });
    for (let k = 0; k < 3; k++) {
      const axis = axes.subarray(3 * k, 3 * k + 3);
      const image = [axis[0]!, 7 * axis[1]! - 3 * axis[2]!, -3 * axis[1]! + 4 * axis[2]!];
      image.forEach((component, i) => {
        expect(component).toBeCloseTo(values[k]! * axis[i]!, 12);
      });
      expect(axis.reduce((best, x) => (Math.abs(x) > Math.abs(best) ? x : best), 0)).toBeGreaterThan(0);
    }
  });

  test("clipping leaves the raw values alone", () => {
    const indefinite = { ...backend, eigvalsh: () => Float64Array.of(-1e-17, 4) };
    const spectrum = spectrumOf(rotated, indefinite);
    expect(spectrum.clipped).toEqual(Float64Array.of(4, 0));
    expect(spectrum.values).toEqual(Float64Array.of(4, -1e-17));
  });

  test("values alone need no decomposition with vectors, and axes must be asked for", () => {
    const eigh = vi.fn(backend.eigh);
    const spectrum = spectrumOf(rotated, { ...backend, eigvalsh: backend.eigvalsh.bind(backend), eigh });
    expect(eigh).not.toHaveBeenCalled();
    expect(() => spectrum.axes).toThrow("vectors: true");
  });

  test("the top alone: from the short cut, where there is one, with the rank that the samples allow", () => {
    const topSpectrum = vi.fn(() => ({ values: Float64Array.of(8), complete: false }));
    const spectrum = spectrumOf(rotated, { ...backend, topSpectrum }, { top: 0.75 });
    expect(topSpectrum).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ order: 2 }), 0.75, 9);
    expect(spectrum.order).toBe(2);
    expect(spectrum.top).toEqual({ values: Float64Array.of(8), complete: false });
    expect(() => spectrum.values).toThrow('needs: ["values"]');
    expect(() => spectrum.clipped).toThrow('needs: ["values"]');
    expect(() => spectrum.axes).toThrow('needs: ["vectors"]');
  });

  test("the top of a spectrum that was computed whole is all of it", () => {
    const { topSpectrum: _, ...without } = backend;
    const found = { values: Float64Array.of(8, 2), complete: true };
    for (const spectrum of [
      spectrumOf(rotated, { ...backend, topSpectrum: () => found }, { top: 0.75 }),
      spectrumOf(rotated, { ...without, eigvalsh: () => Float64Array.of(2, 8) }, { top: 0.75 }),
      spectrumOf(rotated, { ...backend, eigvalsh: () => Float64Array.of(2, 8) }),
    ]) {
      expect(spectrum.top).toEqual(found);
      expect(spectrum.values).toEqual(found.values);
      expect(spectrum.order).toBe(2);
    }
  });

  test("a backend that answers later", async () => {
    const later: Backend = {
      ...backend,
      eigvalsh: async () => Float64Array.of(2, 8),
      eigh: async () => ({ values: Float64Array.of(2, 8), vectors: Float64Array.of(1, 0, 0, 1) }),
    };
    expect((await spectrumOf(rotated, later)).values).toEqual(Float64Array.of(8, 2));
    expect((await spectrumOf(rotated, later, { vectors: true })).axes).toEqual(Float64Array.of(0, 1, 1, 0));
  });

  test("no samples, no spectrum", () => {
    expect(() => spectrumOf(emptyState(3), backend)).toThrow(/at least one sample, got 0/);
  });
});
