import type { Storage } from "../../src/storage/storage.js";
import { parseCsv } from "../../src/writers/csv-table.js";
import { plainName } from "../../src/writers/formula.js";
import { decodeJsonl } from "../../src/writers/jsonl.js";
import { decodeNpy } from "../../src/writers/npy.js";
import { listNpyTree } from "../../src/writers/npy-tree.js";
import { fieldsOf } from "../../src/writers/tensorboard/protobuf.js";
import { decodeRecords } from "../../src/writers/tensorboard/tfrecord.js";

/** What a format has of a run: epoch, name and value, sorted. Names are those of CSV columns, or TensorBoard's tags. */
export type Cells = readonly (readonly [epoch: number, name: string, value: number])[];

const sorted = (cells: [number, string, number][]): Cells =>
  cells.sort(([e, n], [f, m]) => e - f || (n < m ? -1 : n > m ? 1 : 0));

/** The cells of a CSV that are not empty. */
export async function cellsOfCsv(storage: Storage, path: string): Promise<Cells> {
  const [header = [], ...rows] = parseCsv(new TextDecoder().decode((await storage.read(path))!));
  return sorted(
    rows.flatMap(([epoch, ...cells]) =>
      cells.flatMap((text, i): [number, string, number][] =>
        text === ""
          ? []
          : [[Number(epoch), plainName(header[i + 1]!), Number(text.replace("inf", "Infinity"))]],
      ),
    ),
  );
}

/** The rows of a `.jsonl` file. */
export async function cellsOfJsonl(storage: Storage, path: string): Promise<Cells> {
  const rows = decodeJsonl((await storage.read(path))!);
  return sorted(
    rows.flatMap(({ epoch, phase, layer, stat, value }): [number, string, number][] => {
      if (value === null) return [];
      return [[epoch, layer === null ? stat : `${phase}-${LABELS.get(stat) ?? stat}_${layer}`, value]];
    }),
  );
}

const LABELS = new Map([["lsat", "saturation"]]);

/** The numbers of a tree of `.npy` files. */
export async function cellsOfNpy(storage: Storage, folder: string): Promise<Cells> {
  const cells: [number, string, number][] = [];
  for (const { column, files } of await listNpyTree(storage, folder)) {
    for (const [epoch, path] of files) {
      for (const value of decodeNpy((await storage.read(path))!).data)
        cells.push([epoch, column, Number(value)]);
    }
  }
  return sorted(cells);
}

/** The numbers of the event files of a folder, float32, by their tags. */
export async function cellsOfEvents(storage: Storage, folder: string): Promise<Cells> {
  const cells: [number, string, number][] = [];
  for (const path of (await storage.list(folder)).filter((path) => /tfevents\.\d+\.delve$/.test(path))) {
    for (const { data } of decodeRecords((await storage.read(path))!)) cells.push(...numbersOf(data));
  }
  return sorted(cells);
}

function numbersOf(event: Uint8Array): [number, string, number][] {
  const fields = [...fieldsOf(event)];
  const step = (fields.find(({ field }) => field === 2)?.value ?? 0) as number;
  const summary = fields.find(({ field }) => field === 5)?.value as Uint8Array | undefined;
  return [...fieldsOf(summary ?? new Uint8Array(0))].flatMap(({ value }) => {
    const parts = new Map(
      [...fieldsOf(value as Uint8Array)].map((part) => [part.field, part.value as Uint8Array]),
    );
    const number = parts.get(2);
    if (number === undefined) return [];
    const tag = new TextDecoder("utf-8", { ignoreBOM: true }).decode(parts.get(1));
    return [[step, tag, new DataView(number.buffer, number.byteOffset).getFloat32(0, true)]];
  });
}
