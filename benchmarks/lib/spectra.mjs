import { packUpper } from "@delve/kernel";
import { random } from "./random.mjs";

/** Spectra of layers, from the one that saturation has the least to do with to the one that it is about. */
export const SPECTRA = {
  flat: (i, order) => 1 - i / (2 * order),
  "i⁻¹": (i) => 1 / (i + 1),
  "i⁻²": (i) => (i + 1) ** -2,
  "i⁻³": (i) => (i + 1) ** -3,
  "exp(−i/20)": (i) => Math.exp(-i / 20),
};

/** A full matrix with this spectrum up to rounding: a diagonal one, reflected at two seeded planes. */
export function withSpectrum(order, spectrum) {
  const next = random(order);
  const dense = new Float64Array(order * order);
  for (let i = 0; i < order; i++) dense[i * order + i] = spectrum(i, order);
  for (let reflection = 0; reflection < 2; reflection++) {
    reflect(
      order,
      dense,
      Float64Array.from({ length: order }, () => next() - 0.5),
    );
  }
  return packUpper(dense, order);
}

/** A ← H A H, H = I − 2 v vᵀ/(vᵀv), as A − v wᵀ − w vᵀ. */
function reflect(order, dense, v) {
  const scale = 2 / v.reduce((sum, x) => sum + x * x, 0);
  const w = v.map((_, i) => {
    let sum = 0;
    for (let j = 0; j < order; j++) sum += dense[i * order + j] * v[j];
    return scale * sum;
  });
  const half = (scale / 2) * v.reduce((sum, x, i) => sum + x * w[i], 0);
  for (let i = 0; i < order; i++) w[i] -= half * v[i];
  for (let i = 0; i < order; i++) {
    for (let j = 0; j < order; j++) dense[i * order + j] -= v[i] * w[j] + w[i] * v[j];
  }
}
