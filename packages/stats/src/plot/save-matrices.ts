import type { MatrixValue, Phase, SaveRecord, StatRecord } from "../records.js";
import { inOneLine } from "./format.js";
import type { EmbeddingScatter } from "./scatter-spec.js";
import type { SpectrumPlot } from "./spectrum-spec.js";

/** The spectra of a save in one phase. */
export interface SaveSpectra {
  /** Short key of the statistic. */
  readonly stat: "spectrum";
  readonly phase: Phase;
  readonly epoch: number;
  readonly spectrum: SpectrumPlot;
}

/** The embeddings of a save in one phase. */
export interface SaveScatter {
  /** Short key of the statistic. */
  readonly stat: "embed";
  readonly phase: Phase;
  readonly epoch: number;
  readonly scatter: EmbeddingScatter;
}

/**
 * The spectra of a save, a figure for each phase, from the statistic `spectrum`; none where it was not computed.
 *
 * @example
 * const record = { kind: "stat", phase: "eval", layer: "fc", index: 0, stat: "spectrum", label: "spectrum" } as const;
 * const rest = { samples: 90, features: 2, undersampled: false };
 * const value = { rows: 1, columns: 2, data: Float64Array.of(4, 1) };
 * const save = { epoch: 3, time: 0, records: [{ ...record, ...rest, value }] };
 * saveSpectra(save, { run: "mlp", threshold: 0.99 })[0].spectrum.title; // "mlp · spectrum · eval · epoch 3"
 */
export function saveSpectra(
  save: SaveRecord,
  { run, threshold }: { readonly run: string; readonly threshold: number },
): SaveSpectra[] {
  return phasesOf(save, "spectrum").map(({ phase, records }) => {
    const layers = records.map(({ layer, value, samples, undersampled }) => {
      return { layer, eigenvalues: matrixOf(value)?.data ?? null, samples, undersampled };
    });
    const { epoch } = save;
    const spectrum = { title: titleOf(run, "spectrum", phase, epoch), layers, threshold };
    return { stat: "spectrum", phase, epoch, spectrum };
  });
}

/**
 * The embeddings of a save, a figure for each phase, from the statistic `embed`; none where it was not computed.
 *
 * @example
 * const record = { kind: "stat", phase: "eval", layer: "fc", index: 0, stat: "embed", label: "embedded-sample" } as const;
 * const rest = { samples: 90, features: 5, undersampled: false };
 * const value = { rows: 2, columns: 2, data: Float64Array.of(1, 0, -1, 0) };
 * const save = { epoch: 3, time: 0, records: [{ ...record, ...rest, value }] };
 * saveScatters(save, { run: "mlp" })[0].scatter.title; // "mlp · embedding · eval · epoch 3"
 */
export function saveScatters(save: SaveRecord, { run }: { readonly run: string }): SaveScatter[] {
  return phasesOf(save, "embed").map(({ phase, records }) => {
    const layers = records.map(({ layer, value, samples, undersampled }) => {
      return { layer, points: matrixOf(value), samples, undersampled };
    });
    const { epoch } = save;
    return {
      stat: "embed",
      phase,
      epoch,
      scatter: { title: titleOf(run, "embedding", phase, epoch), layers },
    };
  });
}

/** The records of a statistic in each phase, layers in order of their forward pass; phases without a matrix left out. */
function phasesOf(save: SaveRecord, stat: string): { phase: Phase; records: StatRecord[] }[] {
  const all = save.records.filter((record) => record.kind === "stat" && record.stat === stat) as StatRecord[];
  return [...new Set(all.map(({ phase }) => phase))]
    .map((phase) => {
      const records = all.filter((record) => record.phase === phase).sort((a, b) => a.index - b.index);
      return { phase, records };
    })
    .filter(({ records }) => records.some(({ value }) => matrixOf(value) !== null));
}

function matrixOf(value: StatRecord["value"]): MatrixValue | null {
  return typeof value === "object" ? value : null;
}

function titleOf(run: string, name: string, phase: Phase, epoch: number): string {
  return inOneLine(run, name, phase, `epoch ${epoch}`);
}
