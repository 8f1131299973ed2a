import type { Page } from "playwright-core";
import type { Playground } from "../src/playground.js";
import type { Picture } from "../src/worker/protocol.js";

/** A row of the table of numbers, as it reads. */
export interface Row {
  readonly layer: string;
  readonly features: number;
  readonly trainDimensions: number;
  readonly trainSaturation: number;
  readonly dimensions: number;
  readonly saturation: number;
}

/** The table of numbers. */
export async function rowsOf(page: Page): Promise<Row[]> {
  const rows = await page
    .locator("#numbers-table tbody tr")
    .evaluateAll((elements) =>
      elements.map((row) => [...(row as HTMLTableRowElement).cells].map((cell) => cell.textContent ?? "")),
    );
  return rows.map(([layer, ...numbers]) => {
    const [features, trainDimensions, trainSaturation, dimensions, saturation] = numbers.map(
      Number.parseFloat,
    );
    return { layer, features, trainDimensions, trainSaturation, dimensions, saturation } as Row;
  });
}

/** What a layer makes of the held-out samples now, a row a sample. */
export async function activationsOf(
  page: Page,
  layer: string,
): Promise<{ readonly data: Float32Array; readonly shape: [number, number] }> {
  const { data, shape } = await page.evaluate(async (name) => {
    const { playground } = globalThis as unknown as { playground: Playground };
    const report = await playground.activations(name);
    return { data: [...report.data], shape: [...report.shape] };
  }, layer);
  const features = shape.at(-1)!;
  return { data: Float32Array.from(data), shape: [data.length / features, features] };
}

/** A part of the page's state. */
export function stateOf<T>(page: Page, read: (playground: Playground) => T): Promise<T> {
  const text = `(${read.toString()})(globalThis.playground)`;
  return page.evaluate(text) as Promise<T>;
}

/** Mean difference of two decision surfaces, as probabilities. */
export function differenceOf(a: Picture, b: Picture): number {
  if (a.kind !== "plane" || b.kind !== "plane")
    throw new Error(`differenceOf: needs surfaces, got ${a.kind}, ${b.kind}`);
  // What comes from a page is no typed array any more.
  const [left, right] = [Object.values(a.values), Object.values(b.values)];
  return left.reduce((sum, value, i) => sum + Math.abs(value - right[i]!), 0) / left.length;
}
