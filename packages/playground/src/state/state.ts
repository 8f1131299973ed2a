import type { EpochReport, ProjectionReport, Report, StartedReport } from "../worker/protocol.js";
import type { Settings } from "./settings.js";

/** What is known of the run under way. */
export interface RunState {
  readonly id: number;
  /** `null` until the worker has begun. */
  readonly started: StartedReport | null;
  /** From epoch 0 on, one after another. */
  readonly epochs: readonly EpochReport[];
  readonly projection: ProjectionReport | null;
  /** How much of the epoch under way is done. */
  readonly progress: number;
  readonly isTraining: boolean;
  /** Training was asked to hold, which it does at the end of the epoch. */
  readonly isPausing: boolean;
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
    progress: 0,
    isTraining: false,
    isPausing: false,
  };
}

/** The state after a report; one of a run that is over changes nothing. */
export function withReport(state: State, report: Report): State {
  if (report.type === "failed") return { ...state, failure: report.message };
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
      return { ...run, isTraining: report.on, isPausing: false };
    case "projection":
      return { ...run, projection: report };
    case "activations":
      return run;
  }
}
