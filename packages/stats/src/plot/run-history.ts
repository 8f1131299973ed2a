import type { Phase, SaveRecord } from "../records.js";
import type { HeatMap } from "./heat-map-spec.js";
import { profileTexts } from "./profile-texts.js";
import { isScalarStat, type ScalarStatRecord } from "./save-profiles.js";

/** A heat map of a run and what it shows. */
export interface RunHeatMap {
  /** Short key of the statistic. */
  readonly stat: string;
  readonly phase: Phase;
  readonly heatMap: HeatMap;
}

/** What the heat maps of a run say besides its records. */
export interface RunHeatMapOptions {
  /** Name of the run, for titles. */
  readonly run: string;
  /** Share of the variance that counts (`satThreshold`). */
  readonly threshold: number;
}

/** What one layer has given so far, a value a save; `null` where it was not there. */
interface LayerHistory {
  readonly layer: string;
  readonly values: (number | null)[];
  readonly samples: number[];
  readonly undersampled: boolean[];
}

/** One statistic in one phase. */
interface StatHistory {
  readonly stat: string;
  readonly phase: Phase;
  readonly label: string;
  readonly integer: boolean;
  readonly layers: Map<number, LayerHistory>;
}

/** The numbers of a run so far, kept without the records that they came in. */
export class RunHistory {
  readonly #epochs: number[] = [];
  readonly #stats = new Map<string, StatHistory>();

  /** How many saves it holds. */
  get length(): number {
    return this.#epochs.length;
  }

  add({ epoch, records }: SaveRecord): void {
    const column = this.#epochs.push(epoch) - 1;
    for (const record of records.filter(isScalarStat)) this.#addRecord(record, column);
  }

  #addRecord(record: ScalarStatRecord, column: number): void {
    const { stat, phase, label, integer = false, index, layer, value, samples, undersampled } = record;
    const key = JSON.stringify([stat, phase]);
    const history = this.#stats.get(key) ?? { stat, phase, label, integer, layers: new Map() };
    this.#stats.set(key, history);
    const row = history.layers.get(index) ?? { layer, values: [], samples: [], undersampled: [] };
    history.layers.set(index, row);
    fillUp(row, column);
    row.values[column] = value;
    row.samples[column] = samples;
    row.undersampled[column] = undersampled;
  }

  /** One heat map for each statistic and phase that has a finite value. */
  heatMaps({ run, threshold }: RunHeatMapOptions): RunHeatMap[] {
    const epochs = [...this.#epochs];
    return [...this.#stats.values()].flatMap(({ stat, phase, label, integer, layers }) => {
      const rows = [...layers].sort(([a], [b]) => a - b).map(([, row]) => filledUp(row, epochs.length));
      if (!rows.some(({ values }) => values.some(Number.isFinite))) return [];
      const texts = profileTexts({ run, stat, label, integer, phases: [phase], threshold });
      const heatMap = {
        ...texts,
        layers: rows.map(({ layer }) => layer),
        epochs,
        values: rows.map(({ values }) => values),
        samples: rows.map(({ samples }) => samples),
        undersampled: rows.map(({ undersampled }) => undersampled),
      };
      return [{ stat, phase, heatMap }];
    });
  }
}

/** Saves in which the layer was not there. */
function fillUp({ values, samples, undersampled }: LayerHistory, length: number): void {
  while (values.length < length) {
    values.push(null);
    samples.push(0);
    undersampled.push(false);
  }
}

function filledUp({ layer, values, samples, undersampled }: LayerHistory, length: number): LayerHistory {
  const copy = { layer, values: [...values], samples: [...samples], undersampled: [...undersampled] };
  fillUp(copy, length);
  return copy;
}

/**
 * One heat map for each statistic and phase of a run, layers in order of their forward pass. Statistics that are
 * matrices, or have no finite value at all, have none.
 *
 * @param saves - In the order in which they were made.
 * @example
 * const record = { kind: "stat", phase: "eval", layer: "fc", index: 0, stat: "lsat", label: "saturation" } as const;
 * const rest = { samples: 90, features: 5, undersampled: false };
 * const saves = [0.8, 0.4].map((value, epoch) => ({ epoch, time: 0, records: [{ ...record, ...rest, value }] }));
 * runHeatMaps(saves, { run: "mlp", threshold: 0.99 })[0].heatMap.values; // [[0.8, 0.4]]
 */
export function runHeatMaps(saves: readonly SaveRecord[], options: RunHeatMapOptions): RunHeatMap[] {
  const history = new RunHistory();
  for (const save of saves) history.add(save);
  return history.heatMaps(options);
}
