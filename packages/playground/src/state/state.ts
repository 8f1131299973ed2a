import type {
  CurveReport,
  EpochReport,
  ProjectionReport,
  Report,
  StartedReport,
} from "../worker/protocol.js";
import { LAST_EPOCH } from "./limits.js";
import type { Settings } from "./settings.js";

/** What is known of the run under way. */
export interface RunState {
  readonly id: number;
  /** `null` until the worker has begun. */
  readonly started: StartedReport | null;
  /** From epoch 0 on, one after another. */
  readonly epochs: readonly EpochReport[];
  readonly projection: ProjectionReport | null;
  /** Comes after the projection, and belongs to the same layer. */
  readonly curve: CurveReport | null;
  /** How much of the epoch under way is done. */
  readonly progress: number;
  readonly isTraining: boolean;
  /** What was asked for and has not come about: training begins when the worker is free, and holds at the end of an epoch. */
  readonly wish: "train" | "pause" | null;
  /** The epoch in which numbers grew past what can be computed with: training is over. */
  readonly diverged: number | null;
}

/** Everything that the page shows. */
export interface State {
  readonly settings: Settings;
  readonly run: RunState;
  /** What went wrong, in words. */
  readonly failure: string | null;
}

/** A run of which nothing is known yet. */
export function newRun(id: number): RunState {
  return {
    id,
    started: null,
    epochs: [],
    projection: null,
    curve: null,
    progress: 0,
    isTraining: false,
    wish: null,
    diverged: null,
  };
}

/** Whether training goes on, or will as soon as it can. */
export function isMeantToTrain({ isTraining, wish }: RunState): boolean {
  return wish === null ? isTraining : wish === "train";
}

/** Whether training cannot go on: it has diverged, or the history is full. */
export function isOver({ epochs, diverged }: RunState): boolean {
  return diverged !== null || (epochs.at(-1)?.epoch ?? 0) >= LAST_EPOCH;
}

/** The state after a report; one of a run that is over changes nothing. */
export function withReport(state: State, report: Report): State {
  if (report.type === "failed") {
    return { ...state, failure: report.message, run: { ...state.run, isTraining: false, wish: null } };
  }
  if (report.run !== state.run.id) return state;
  return { ...state, run: runAfter(state.run, report) };
}

function runAfter(run: RunState, report: Exclude<Report, { type: "failed" }>): RunState {
  switch (report.type) {
    case "started":
      return { ...run, started: report };
    case "epoch":
      return { ...run, epochs: [...run.epochs, report], progress: 0 };
    case "progress":
      return { ...run, progress: report.share };
    case "training":
      return { ...run, isTraining: report.on, wish: null, progress: report.on ? run.progress : 0 };
    case "diverged":
      return { ...run, diverged: report.epoch, progress: 0 };
    case "projection":
      return { ...run, projection: report, curve: run.curve?.layer === report.layer ? run.curve : null };
    case "curve":
      return { ...run, curve: report };
    case "activations":
      return run;
  }
}
