import { PNG } from "pngjs";
import type { Point } from "./svg-texts.js";

/** A decoded PNG: RGBA, row by row. */
export interface Pixels {
  readonly width: number;
  readonly height: number;
  readonly data: Uint8Array;
}

/** The pixels of a PNG, read by another library than the one that wrote them. */
export function decodePng(png: Uint8Array): Pixels {
  return PNG.sync.read(Buffer.from(png));
}

/** Pixels, as x + width · y, in which two pictures of one size differ by more than antialiasing noise. */
export function differingPixels(a: Pixels, b: Pixels): Set<number> {
  const differing = new Set<number>();
  for (let i = 0; i < a.width * a.height; i++) {
    for (let c = 0; c < 3; c++) {
      if (Math.abs(a.data[4 * i + c]! - b.data[4 * i + c]!) > 24) differing.add(i);
    }
  }
  return differing;
}

/** Whether a point lies in a rectangle that may be turned, `margin` units around it counted in. */
export function isInBox([a, b, , d]: readonly Point[], { x, y }: Point, margin: number): boolean {
  const along = { x: b!.x - a!.x, y: b!.y - a!.y };
  const across = { x: d!.x - a!.x, y: d!.y - a!.y };
  return [along, across].every((edge) => {
    const length = Math.hypot(edge.x, edge.y);
    const distance = ((x - a!.x) * edge.x + (y - a!.y) * edge.y) / length;
    return distance >= -margin && distance <= length + margin;
  });
}
