import { intrinsicDimensionality, loadDelve, saturation, spectrum } from "@delve/core";
import { rows } from "./known-matrix.js";

/** Saturation, intrinsic dimensionality and eigenvalues of the known matrix. */
export async function core({ thresholds }) {
  const { backend } = await loadDelve();
  const idim = [];
  for (const threshold of thresholds) idim.push(await intrinsicDimensionality(rows, { threshold }));
  return {
    backend: backend.name,
    saturation: await saturation(rows),
    idim,
    spectrum: [...(await spectrum(rows))],
  };
}
