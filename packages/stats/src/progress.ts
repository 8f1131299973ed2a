import { platform } from "#platform";

/** Where progress is shown; `process.stderr` is one. */
export interface ProgressStream {
  /** A terminal, on which a line can be written over. */
  readonly isTTY?: boolean | undefined;
  /** Width of the terminal; 80 when unknown. */
  readonly columns?: number | undefined;
  write(text: string): unknown;
}

/** Options of `createProgress`. */
export interface ProgressOptions {
  /** Steps there are to do. */
  readonly total: number;
  /** What is counted: "epoch" shows as `epoch 3/10`. `epoch` when left out. */
  readonly label?: string;
  /** Standard error in Node, Deno and Bun when left out, nowhere elsewhere; `null` shows nothing. */
  readonly stream?: ProgressStream | null;
  /** A clock in milliseconds; for tests. */
  readonly now?: () => number;
}

/** What stands beside the bar: `{ loss: 0.123 }` shows as `loss 0.1230`. */
export type ProgressInfo = Readonly<Record<string, number | string>>;

/** Shows how far a long job is. */
export interface Progress {
  /** `done` of the total steps are done; fractions count (2.5 epochs). */
  update(done: number, info?: ProgressInfo): void;
  /** Takes the line off a terminal, so that something else can be printed; the next update brings it back. */
  clear(): void;
  /** Leaves the last state standing and ends its line. Idempotent. */
  finish(): void;
}

// A terminal is redrawn at most ten times a second; a log gets a line each tenth of the way.
const REDRAW_MS = 100;
const LOG_STEPS = 10;

/**
 * Progress of a run: on a terminal one line that is written over (bar, steps, figures, time left), in a log of a CI
 * job plain lines, ten for the whole way.
 *
 * @example
 * let shown = "";
 * const progress = createProgress({ total: 10, stream: { write: (text) => (shown += text) } });
 * progress.update(10, { loss: 0.25 });
 * progress.finish();
 * shown; // "epoch 10/10  100 %  loss 0.2500\n"
 */
export function createProgress(options: ProgressOptions): Progress {
  const { total, label = "epoch", stream = platform.progressStream(), now = Date.now } = options;
  if (!(total > 0)) throw new RangeError(`createProgress: total must be above 0, got ${total}`);
  if (stream === null) return { update() {}, clear() {}, finish() {} };
  const describe = lineWriter(total, label, now);
  return stream.isTTY === true ? onTerminal(stream, describe, now) : inLog(stream, describe, total);
}

type Describe = (done: number, info: ProgressInfo, bar: boolean) => string;

function onTerminal(stream: ProgressStream, describe: Describe, now: () => number): Progress {
  let shown = "";
  let latest = "";
  let drawnAt = -Infinity;
  const draw = (line: string): void => {
    // Cut to the width (0 in a terminal that does not say): a wrapped line could not be written over.
    const fit = line.slice(0, Math.max(20, (stream.columns || 80) - 1));
    if (fit !== shown) stream.write(`\r\x1b[2K${fit}`);
    shown = fit;
    drawnAt = now();
  };
  return {
    update(done, info = {}) {
      latest = describe(done, info, true);
      if (now() - drawnAt >= REDRAW_MS) draw(latest);
    },
    clear() {
      if (shown !== "") stream.write("\r\x1b[2K");
      shown = "";
      drawnAt = -Infinity;
    },
    finish() {
      if (latest === "") return;
      draw(latest);
      stream.write("\n");
      shown = latest = "";
    },
  };
}

function inLog(stream: ProgressStream, describe: Describe, total: number): Progress {
  let next = 0;
  let unsaid = "";
  return {
    update(done, info = {}) {
      unsaid = describe(done, info, false);
      if (done < next) return;
      stream.write(`${unsaid}\n`);
      unsaid = "";
      next = (Math.floor((done / total) * LOG_STEPS + 1e-9) + 1) * (total / LOG_STEPS);
    },
    clear() {},
    finish() {
      if (unsaid !== "") stream.write(`${unsaid}\n`);
      unsaid = "";
    },
  };
}

// The first steps take longer than the rest; no time is told from them.
const FORESEEABLE = 0.02;

function lineWriter(total: number, label: string, now: () => number): Describe {
  const started = now();
  return (done, info, bar) => {
    const share = Math.min(1, Math.max(0, done / total));
    const left = share >= FORESEEABLE && share < 1 ? ((now() - started) * (1 - share)) / share : 0;
    const parts = [
      `${label} ${Math.floor(done)}/${total}`,
      ...(bar ? [barOf(share)] : []),
      `${Math.round(share * 100)
        .toString()
        .padStart(3)} %`,
      ...(left > 0 ? [`${duration(left)} left`] : []),
      ...Object.entries(info).map(([name, value]) => `${name} ${figure(value)}`),
    ];
    return parts.join("  ").replace(/[\r\n]+/g, " ");
  };
}

const BAR = 20;
const barOf = (share: number): string => {
  const full = Math.round(share * BAR);
  return `[${"#".repeat(full)}${"-".repeat(BAR - full)}]`;
};

const figure = (value: number | string): string =>
  typeof value === "string" || Number.isInteger(value) ? String(value) : value.toPrecision(4);

function duration(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1000);
  if (seconds < 60) return `${seconds} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${seconds % 60} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} min`;
}
