/**
 * The errors of delve, one class a cause. Every message reads
 * `<function>: <what must hold>, got <what came>`.
 */

/** Sizes that do not fit: a shape, a length, a number of features. */
export class ShapeError extends RangeError {
  override name = "ShapeError";
}

/** A NaN, an infinity, or a value so large that its square overflows. Nothing of its batch was recorded. */
export class NonFiniteError extends RangeError {
  override name = "NonFiniteError";
  /** Row (sample) of the first offending value; -1 where rows have no meaning (a matrix given to `eigh` has its row here). */
  readonly row: number;
  /** Feature (column) of the first offending value. */
  readonly feature: number;
  /** The offending value. */
  readonly value: number;

  constructor(message: string, at: { row: number; feature: number; value: number }) {
    super(message);
    this.row = at.row;
    this.feature = at.feature;
    this.value = at.value;
  }
}

/** An iteration that did not converge; `info` is LAPACK's (the number of off-diagonals still not zero). */
export class NotConvergedError extends Error {
  override name = "NotConvergedError";
  readonly info: number;

  constructor(message: string, info: number) {
    super(message);
    this.info = info;
  }
}

/** The backend asked for cannot run here (no WebAssembly, no SIMD, forbidden by a CSP, …). */
export class BackendUnavailableError extends Error {
  override name = "BackendUnavailableError";
}

/** The kernel's memory cannot grow to the size that is needed. What was recorded before stays usable. */
export class OutOfMemoryError extends Error {
  override name = "OutOfMemoryError";
}

/** Use after `dispose()`. */
export class DisposedError extends Error {
  override name = "DisposedError";
}

/** Why a byte string is not a state of moments. */
export type StateFormatReason = "magic" | "version" | "truncated" | "length" | "checksum" | "content";

/** Bytes that `decodeState` refuses; `reason` says which check failed. */
export class StateFormatError extends Error {
  override name = "StateFormatError";
  readonly reason: StateFormatReason;

  constructor(message: string, reason: StateFormatReason) {
    super(message);
    this.reason = reason;
  }
}
