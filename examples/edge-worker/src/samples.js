import { Refusal } from "./refusal.js";

/** A request's body, refused as soon as it grows past the limit, whatever its headers say. */
export async function readBody(request, { mostBytes }) {
  const chunks = [];
  let length = 0;
  for await (const chunk of request.body ?? []) {
    length += chunk.byteLength;
    if (length > mostBytes)
      throw new Refusal(413, `a request must have at most ${mostBytes} bytes, got more`);
    chunks.push(chunk);
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    bytes.set(chunk, at);
    at += chunk.byteLength;
  }
  return bytes;
}

/**
 * Embeddings, one after another: as JSON, rows of numbers, or as little-endian float32.
 *
 * @returns Them as float32, samples × features; every number is finite.
 */
export function samplesOf(bytes, request, { features }) {
  const type = request.headers.get("content-type")?.split(";")[0].trim();
  const read = READERS[type];
  if (read === undefined) {
    throw new Refusal(415, `samples must come as ${Object.keys(READERS).join(" or ")}, got ${type}`);
  }
  const data = read(bytes, features);
  const bad = data.findIndex((value) => !Number.isFinite(value));
  if (bad !== -1) {
    const [row, feature] = [Math.floor(bad / features), bad % features];
    throw new Refusal(422, `every number must be finite, got ${data[bad]} in row ${row}, feature ${feature}`);
  }
  return data;
}

const READERS = {
  "application/json": rowsOfJson,
  "application/octet-stream": float32Of,
};

function float32Of(bytes, features) {
  const row = 4 * features;
  if (bytes.byteLength === 0 || bytes.byteLength % row !== 0) {
    throw new Refusal(422, `samples must fill rows of ${row} bytes, got ${bytes.byteLength} bytes`);
  }
  return new Float32Array(bytes.buffer);
}

function rowsOfJson(bytes, features) {
  const rows = parse(bytes);
  if (!Array.isArray(rows) || rows.length === 0) {
    throw new Refusal(422, "samples must be an array of at least one row");
  }
  const wrong = rows.findIndex((row) => !Array.isArray(row) || row.length !== features);
  if (wrong !== -1) {
    const length = Array.isArray(rows[wrong]) ? rows[wrong].length : typeof rows[wrong];
    throw new Refusal(422, `a row must have ${features} numbers, got ${length} in row ${wrong}`);
  }
  // What is no number becomes NaN, which is refused with its place.
  const numbers = rows.flat().map((value) => (typeof value === "number" ? value : Number.NaN));
  return Float32Array.from(numbers);
}

function parse(bytes) {
  try {
    return JSON.parse(new TextDecoder().decode(bytes));
  } catch {
    throw new Refusal(400, "samples must be JSON, got something else");
  }
}
