import digitsUrl from "../../../../examples/data/digits.csv.gz?url";
import type { Settings } from "../state/settings.js";
import type { Dataset } from "./dataset.js";
import { digitsDataset } from "./digits.js";
import { planarDataset } from "./planar.js";

let digits: Promise<string> | undefined;

/** Fetches the digits from where the page lies, once; from then on the page needs no network. */
export function loadDigits(): Promise<string> {
  digits ??= fetchText(digitsUrl).catch((error: unknown) => {
    // The next one to ask may have more luck.
    digits = undefined;
    throw error;
  });
  return digits;
}

/** The data that settings ask for. */
export async function loadDataset({ problem, noise, seed, resolution }: Settings): Promise<Dataset> {
  if (problem !== "digits") return planarDataset(problem, { noise, seed });
  return digitsDataset(await loadDigits(), { noise, seed, resolution });
}

async function fetchText(url: string): Promise<string> {
  const response = await fetch(url);
  if (!response.ok) throw new Error(`loadDataset: ${url} must load, got status ${response.status}`);
  const bytes = new Uint8Array(await response.arrayBuffer());
  // Some servers say that a .gz file is compressed on the way, and the browser has unpacked it then.
  const isPacked = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const stream = new Blob([bytes]).stream();
  return new Response(isPacked ? stream.pipeThrough(new DecompressionStream("gzip")) : stream).text();
}
