// What a fresh process finds: prints, as JSON, the milliseconds that loading the kernel takes, that the first call
// after it takes, and that later calls take at best. The argument names the call.
import process from "node:process";
import { loadKernel } from "@delve/kernel";
import { timed } from "./clock.mjs";
import { layerLike } from "./random.mjs";
import { SPECTRA, withSpectrum } from "./spectra.mjs";

const CALLS = {
  eigvalsh(kernel) {
    const matrix = withSpectrum(256, SPECTRA["i⁻¹"]);
    return () => kernel.eigvalsh(matrix);
  },
  update(kernel) {
    const [rows, features] = [4096, 512];
    const data = layerLike(rows, features, 1);
    const moments = kernel.createMoments(features);
    const samples = { data, rows, features, rowStride: features, featureStride: 1 };
    return () => moments.update(samples);
  },
};

const start = performance.now();
const kernel = await loadKernel();
const load = performance.now() - start;
const call = CALLS[process.argv[2]](kernel);
const first = timed(call);
const later = Array.from({ length: 30 }, () => timed(call));
console.log(JSON.stringify({ load, first, warm: Math.min(...later), slowest: Math.max(...later) }));
