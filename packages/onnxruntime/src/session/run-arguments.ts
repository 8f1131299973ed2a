import { isTensor, type OrtTensor } from "./ort-types.js";

/** What a call of `run` asks for. */
export interface RunRequest {
  /** The outputs to fetch, each with the tensor to write it to, if there is one. */
  readonly fetches: Readonly<Record<string, OrtTensor | null>>;
  /** Options of the run, where the call has any. */
  readonly options: object | undefined;
}

/**
 * Reads the arguments of `run` after the feeds: nothing, fetches, options, or both, where fetches are a list of names
 * or a map to `null` or to a tensor that takes the values.
 *
 * @returns `null` if they are none of these, and the session itself is to say so.
 */
export function readRunArguments(
  outputNames: readonly string[],
  first: unknown,
  second: unknown,
): RunRequest | null {
  // Without fetches there, the runtime looks at no further argument.
  if (first === undefined) return { fetches: all(outputNames), options: undefined };
  if (typeof first !== "object" || first === null || isTensor(first)) return null;
  if (Array.isArray(first)) return fromNames(outputNames, first, second);
  const fetches = Object.fromEntries(
    outputNames.flatMap((name): [string, OrtTensor | null][] => {
      const value = Object.hasOwn(first, name) ? (first as Record<string, unknown>)[name] : undefined;
      return value === null || isTensor(value) ? [[name, value]] : [];
    }),
  );
  if (Object.keys(fetches).length === 0) return { fetches: all(outputNames), options: first };
  return isOptions(second) ? { fetches, options: second } : null;
}

function fromNames(outputNames: readonly string[], names: unknown[], second: unknown): RunRequest | null {
  if (names.length === 0 || !isOptions(second)) return null;
  for (const name of names) {
    if (typeof name !== "string") return null;
    if (outputNames.includes(name)) continue;
    throw new RangeError(
      `run: fetches must be outputs of the model (${outputNames.join(", ")}), got "${name}"`,
    );
  }
  return { fetches: all(names as string[]), options: second };
}

const all = (names: readonly string[]): Record<string, null> =>
  Object.fromEntries(names.map((name) => [name, null]));

const isOptions = (value: unknown): value is object | undefined =>
  value === undefined || (typeof value === "object" && value !== null);
