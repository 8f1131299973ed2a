import {
  type DenseSamples,
  denseSamples,
  type ForwardEvent,
  type GoldenBatch,
  type TrackerCase,
  twoPassCovariance,
} from "@delve/conformance";
import { trace } from "@delve/kernel";
import { columnName, type StatRecord, type TrackerOptions } from "@delve/stats";
import { expect } from "vitest";
import type { ForwardResult, Outcome, SaveResult } from "./replay.js";

/** A case in which this implementation does something else than Delve, on purpose. */
export interface Difference {
  readonly reason: string;
  /** Options that are replaced for the replay. */
  readonly options?: Partial<TrackerOptions>;
  /** Opening the tracker is refused with this message. */
  readonly refused?: RegExp;
  /** Events that are not compared with Delve's. */
  readonly except?: readonly number[];
  /** What happens instead. */
  readonly instead?: (outcomes: readonly Outcome[], golden: TrackerCase) => void;
}

const forward = (outcomes: readonly Outcome[], at: number): ForwardResult => outcomes[at] as ForwardResult;
const save = (outcomes: readonly Outcome[], at: number): SaveResult => outcomes[at] as SaveResult;

const columns = ({ records }: SaveResult): string[] => records.map(columnName);

const values = ({ records }: SaveResult): Record<string, unknown> =>
  Object.fromEntries(records.map((record) => [columnName(record), record.value]));

/** A batch that Delve takes in, and fails over at the save, is refused at once; nothing was recorded then. */
const refusesBatch = (reason: string, message: RegExp): Difference => ({
  reason,
  except: [0, 1],
  instead(outcomes) {
    expect(forward(outcomes, 0)).toMatchObject({ recorded: false, seen: 0, rows: null });
    expect(forward(outcomes, 0).warning).toMatch(message);
    expect(save(outcomes, 1).records).toEqual([]);
  },
});

/** Layers of these names are layers like any other: of their outputs, `rows` are taken. */
const noMagicName = (layer: string, rows: (output: GoldenBatch) => DenseSamples): Difference => ({
  reason: `Delve takes the hidden state of a layer named "${layer}", transposed, and spreads one product over the matrix`,
  except: [0, 1],
  instead(outcomes, golden) {
    const samples = rows((golden.events[0] as ForwardEvent).batch);
    expect(forward(outcomes, 0).rows).toEqual({
      shape: [samples.rows, samples.features],
      data: samples.data,
    });
    const found = values(save(outcomes, 1))[`train-covariance-trace_${layer}`];
    expect(found).toBeCloseTo(trace(twoPassCovariance(samples)), 13);
  },
});

const lastStep = ({ shape, data }: GoldenBatch): DenseSamples => {
  const [rows = 0, steps = 0, features = 0] = shape;
  return denseSamples(rows, features, (r, f) => data[(r * steps + steps - 1) * features + f]!);
};

const allSteps = ({ shape, data }: GoldenBatch): DenseSamples => {
  const [rows = 0, steps = 0, features = 0] = shape;
  return denseSamples(rows, steps * features, (r, f) => data[r * steps * features + f]!);
};

/** The cases that differ, by id. */
export const DIFFERENCES: Readonly<Record<string, Difference>> = {
  ignore_layer_names: {
    reason:
      "Delve records ignored layers, and never starts their count of samples afresh; here they are passed over",
    except: [1, 4, 8, 11],
    instead(outcomes) {
      for (const at of [1, 4, 8, 11]) {
        expect(forward(outcomes, at)).toMatchObject({ recorded: false, seen: 0, rows: null });
      }
    },
  },
  stats_underscore_ignored: {
    reason:
      'Delve accepts anything after the underscore of a known key, "lsat_nonsense" too; here only train and eval',
    options: { stats: ["lsat", "lsat_eval"] },
  },
  average_sat: {
    reason: "Delve's average is NaN; here it is the average",
    except: [1],
    instead(outcomes) {
      const found = values(save(outcomes, 1));
      expect(found["train-saturation_fc"]).toBe(0.75);
      expect(found["average-train-sat"]).toBe(0.75);
      expect(columns(save(outcomes, 1)).at(-1)).toBe("average-train-sat");
    },
  },
  embed: {
    reason:
      "Delve multiplies by two rows of the covariance; here points lie in the plane of the principal axes",
    except: [3],
    instead(outcomes) {
      const widths = { c: 3, a: 4, b: 6 };
      const { records } = save(outcomes, 3);
      const embedded = records.filter((r): r is StatRecord => r.kind === "stat" && r.stat === "embed");
      expect(embedded.map(columnName)).toEqual(
        Object.keys(widths).map((layer) => `train-embedded-sample_${layer}`),
      );
      for (const { value } of embedded) expect(value).toMatchObject({ rows: 12, columns: 2 });
      const saturations = Object.keys(widths).map(
        (layer) => values(save(outcomes, 3))[`train-saturation_${layer}`],
      );
      expect(saturations).toEqual([2 / 3, 3 / 4, 5 / 6]);
    },
  },
  stop_first: {
    reason:
      "Delve writes NaN for a layer that was never recorded; here it has no column before it has a value",
    except: [2],
    instead: (outcomes) => expect(save(outcomes, 2).records).toEqual([]),
  },
  stop_with_trc: {
    reason: "Delve raises UnboundLocalError for cov, trc and dtrc while stopped",
    except: [2],
    instead: (outcomes) => expect(save(outcomes, 2).records).toEqual([]),
  },
  stop_first_resume_no_forward: {
    reason: "Delve raises AttributeError where nothing was recorded",
    except: [3],
    instead: (outcomes) => expect(save(outcomes, 3).records).toEqual([]),
  },
  no_forward_second_epoch: {
    reason:
      "Delve raises ValueError for a layer without a forward pass since the last save; here it has no value",
    except: [2],
    instead(outcomes) {
      expect(columns(save(outcomes, 2))).toEqual(columns(save(outcomes, 1)));
      expect(new Set(Object.values(values(save(outcomes, 2))))).toEqual(new Set([null]));
    },
  },
  eval_skipped_epoch: {
    reason:
      "Delve raises ValueError for a phase without a forward pass since the last save; here it has no value",
    except: [4],
    instead(outcomes) {
      expect(columns(save(outcomes, 4))).toEqual(columns(save(outcomes, 2)));
      for (const [column, value] of Object.entries(values(save(outcomes, 4)))) {
        expect(value === null).toBe(column.startsWith("eval"));
      }
    },
  },
  linear_nan: refusesBatch(
    "Delve fails to decompose a matrix with NaN, at the save",
    /layer "fc" \(train\).*NaN/,
  ),
  linear_nan_det: refusesBatch("Delve reports NaN", /layer "fc" \(train\).*NaN/),
  linear_inf: refusesBatch(
    "Delve fails to decompose a matrix with infinity",
    /layer "fc" \(train\).*Infinity/,
  ),
  linear_empty_batch: refusesBatch("Delve divides by no samples", /layer "fc" \(train\).*got shape \[0, 4\]/),
  linear_1d_output: refusesBatch(
    "Delve raises IndexError, then fails at the save",
    /layer "fc" \(train\).*got \[4\]/,
  ),
  lstm_unknown_method: {
    reason: "Delve falls through unknown methods to an error of shapes, at the first forward pass",
    refused: /timeseriesMethod: must be one of "last_timestep", "timestepwise", "tokenwise", got "bogus"/,
  },
  conv_unknown_method: {
    reason: "Delve falls through unknown methods to an error of shapes, at the first forward pass",
    refused: /convMethod: must be one of "channelwise", .*, got "bogus"/,
  },
  conv_include_conv_false: {
    reason: "Delve records convolutions all the same",
    except: [0, 1],
    instead(outcomes) {
      expect(forward(outcomes, 0)).toMatchObject({ recorded: false, rows: null, warning: null });
      expect(save(outcomes, 1).records).toEqual([]);
    },
  },
  encoder_lstm_last_timestep: noMagicName("encoder_lstm", lastStep),
  encoder_lstm_timestepwise: noMagicName("encoder_lstm", allSteps),
  decoder_lstm_last_timestep: noMagicName("decoder_lstm", lastStep),
  decoder_lstm_timestepwise: noMagicName("decoder_lstm", allSteps),
  encoder_output_linear: {
    reason: 'Delve raises IndexError for a Linear named "encoder_output"',
    except: [0, 1],
    instead(outcomes) {
      expect(forward(outcomes, 0)).toMatchObject({ recorded: true, seen: 5, warning: null });
      expect(columns(save(outcomes, 1))).toContain("train-saturation_encoder_output");
    },
  },
};
