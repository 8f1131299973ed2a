import { KC } from "../blas/blocks";
import { Moments } from "./layout";
import { pack } from "./pack";
import { absorbPanel } from "./panel";

/**
 * Takes samples in: rows in blocks, as SampleMatrix has them, strides in bytes. Every value must have been
 * found finite (moments/scan.ts).
 */
export function momentsUpdateF32(
  at: usize,
  x: usize,
  rows: i32,
  rowStride: i32,
  featureStride: i32,
  blockRows: i32,
  blockStride: i32
): void {
  update<f32>(changetype<Moments>(at), x, rows, rowStride, featureStride, blockRows, blockStride);
}

/** As momentsUpdateF32, of float64 samples. */
export function momentsUpdateF64(
  at: usize,
  x: usize,
  rows: i32,
  rowStride: i32,
  featureStride: i32,
  blockRows: i32,
  blockStride: i32
): void {
  update<f64>(changetype<Moments>(at), x, rows, rowStride, featureStride, blockRows, blockStride);
}

function update<T>(
  m: Moments,
  x: usize,
  rows: i32,
  rowStride: usize,
  featureStride: usize,
  blockRows: i32,
  blockStride: usize
): void {
  while (rows > 0) {
    const inBlock = min(rows, blockRows);
    packBlock<T>(m, x, inBlock, rowStride, featureStride);
    rows -= inBlock;
    x += blockStride;
  }
}

/** Fills the panel, as often as it takes. */
function packBlock<T>(m: Moments, x: usize, rows: i32, rowStride: usize, featureStride: usize): void {
  while (rows > 0) {
    const run = min(rows, KC - m.pending);
    pack<T>(m, x, run, rowStride, featureStride);
    if (m.pending == KC) absorbPanel(m);
    rows -= run;
    x += <usize>run * rowStride;
  }
}

/** Takes what is still in the panel into the scatter, so that offset and scatter are those of all samples. */
export function momentsFlush(at: usize): void {
  const m = changetype<Moments>(at);
  if (m.pending > 0) absorbPanel(m);
}
