import { inspect, isDeepStrictEqual } from "node:util";

/** Relative distance that counts as equal: examples show rounded arithmetic, the last digit may differ by machine. */
const TOLERANCE = 1e-12;

/**
 * True if a comment behind a statement states its value rather than says something about it: it begins like a
 * literal, with `throws`, or with `≈`.
 */
export function statesValue(comment: string): boolean {
  return VALUE.test(comment);
}

const VALUE =
  /^(≈|throws\b|-?\d|-?Infinity\b|NaN\b|true\b|false\b|null\b|undefined\b|["'[{]|[A-Z]\w*Array(\(\d+\))? ?\[)/;

/**
 * Checks what an example gave against the comment behind it.
 *
 * `0.25`, `"a"`, `[1, 2]`, `{ n: 3 }` must be equal (typed arrays count as arrays, numbers agree to 1e-12 relative);
 * `0.333…` must agree as far as it is written; `≈ 0.33` to the last digit written; `throws ShapeError` must throw an
 * error whose `name: message` holds the words.
 *
 * @throws {Error} If it does not agree.
 */
export async function checkValue(
  run: () => unknown,
  comment: string,
  evaluate: (text: string) => unknown,
): Promise<void> {
  if (comment.startsWith("throws")) return checkThrows(run, comment.slice("throws".length).trim());
  const actual = await run();
  const rounded = ROUNDED.exec(comment);
  if (rounded ? agreesAsWritten(actual, rounded) : agree(plain(actual), plain(await evaluate(comment))))
    return;
  throw new Error(`example: must give ${comment}, got ${inspect(actual, { depth: 6 })}`);
}

/** `≈ 0.33`, `0.333…`, and both with an exponent. */
const ROUNDED =
  /^(?:≈\s*(?<near>-?\d+(?:\.(?<nearDecimals>\d+))?(?:e(?<nearExponent>-?\d+))?)|(?<cut>-?\d+\.(?<cutDecimals>\d+))…)/;

function agreesAsWritten(actual: unknown, { groups = {} }: RegExpExecArray): boolean {
  if (typeof actual !== "number") return false;
  const { near, nearDecimals = "", nearExponent = "0", cut, cutDecimals = "" } = groups;
  if (near !== undefined) {
    const unit = 10 ** (Number(nearExponent) - nearDecimals.length);
    return Math.abs(actual - Number(near)) <= 0.5 * unit;
  }
  const beyond = Math.abs(actual) - Math.abs(Number(cut));
  return Math.sign(actual) === Math.sign(Number(cut)) && beyond >= 0 && beyond < 10 ** -cutDecimals.length;
}

async function checkThrows(run: () => unknown, words: string): Promise<void> {
  let error: unknown;
  try {
    await run();
  } catch (thrown) {
    error = thrown;
  }
  if (error === undefined) throw new Error(`example: must throw ${words}, got no error`);
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  if (!text.includes(words)) throw new Error(`example: must throw ${words}, got ${text}`);
}

/** Typed arrays as arrays, objects by their own enumerable properties. */
function plain(x: unknown): unknown {
  if (ArrayBuffer.isView(x) && !(x instanceof DataView))
    return Array.from(x as unknown as ArrayLike<unknown>);
  if (Array.isArray(x)) return x.map(plain);
  if (typeof x !== "object" || x === null || x instanceof Map || x instanceof Set || x instanceof Date)
    return x;
  return Object.fromEntries(Object.entries(x).map(([key, value]) => [key, plain(value)]));
}

function agree(a: unknown, b: unknown): boolean {
  if (typeof a === "number" && typeof b === "number") {
    return Object.is(a + 0, b + 0) || near(a, b);
  }
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((x, i) => agree(x, b[i]));
  if (isRecord(a) && isRecord(b)) {
    const keys = Object.keys(a);
    return keys.length === Object.keys(b).length && keys.every((key) => key in b && agree(a[key], b[key]));
  }
  return isDeepStrictEqual(a, b);
}

function isRecord(x: unknown): x is Record<string, unknown> {
  return typeof x === "object" && x !== null && Object.getPrototypeOf(x) === Object.prototype;
}

function near(a: number, b: number): boolean {
  const scale = Math.max(Math.abs(a), Math.abs(b));
  return Number.isFinite(scale) && Math.abs(a - b) <= Math.max(TOLERANCE * scale, Number.EPSILON);
}
