import type { Log } from "../log.js";
import type { SaveRecord } from "../records.js";
import type { Storage } from "../storage/storage.js";

/** What a writer is told about the run before its first save. */
export interface Run {
  /** Last part of `savePath`; the name in titles. */
  readonly name: string;
  /** Where results go: `runs/mlp` means files `runs/mlp.csv`, `runs/mlp/…`. */
  readonly savePath: string;
  readonly storage: Storage;
  /** Row number of the first save; 0 starts a fresh run. */
  readonly initialEpoch: number;
  /** Share of the variance that counts (`satThreshold`). */
  readonly threshold: number;
  readonly log: Log;
}

/**
 * Where results go. Implement this to send them elsewhere; hand an instance to `saveTo`.
 *
 * Calls come one after another, never overlapping, in the order open, write …, close. A writer that throws is
 * reported through the run's log and does not keep the other writers from getting the record.
 */
export interface Writer {
  /** Shown in messages. */
  readonly name: string;
  /** Called once, before the first save. */
  open?(run: Run): void | Promise<void>;
  /** Called once for each save. */
  write(save: SaveRecord): void | Promise<void>;
  /** Returns when what was written so far would survive a power cut. */
  flush?(): void | Promise<void>;
  /** Called once, after the last save. */
  close?(): void | Promise<void>;
}
