/** Why bytes are not a model that can be read. */
export type ModelFormatReason =
  /** Empty, text, another file format. */
  | "not-onnx"
  /** ONNX Runtime's own format, which cannot be extended. */
  | "ort"
  /** Ends in the middle of a field. */
  | "truncated"
  /** A field that cannot be: a bad tag, an endless number, a negative extent. */
  | "malformed"
  /** Deeper or larger than any model there is. */
  | "limit"
  /** Sound, but older or other than what can be handled. */
  | "unsupported";

/** Bytes that `readModel` refuses; `reason` says why and `offset` where. */
export class ModelFormatError extends Error {
  override name = "ModelFormatError";
  readonly reason: ModelFormatReason;
  /** Byte at which reading stopped; -1 where no one byte is to blame. */
  readonly offset: number;

  constructor(message: string, reason: ModelFormatReason, offset = -1) {
    super(message);
    this.reason = reason;
    this.offset = offset;
  }
}

/** A location of external data that lies, or could lie, outside the model's folder. Nothing was opened. */
export class ExternalDataError extends Error {
  override name = "ExternalDataError";
  /** The location as the model writes it. */
  readonly location: string;

  constructor(message: string, location: string) {
    super(message);
    this.location = location;
  }
}
