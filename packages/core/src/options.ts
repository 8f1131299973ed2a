import { describe } from "./input/numbers.js";

/**
 * Refuses options with unknown names, so that a misspelt one is not silently its default.
 *
 * @throws {TypeError} If `options` is not an object.
 * @throws {RangeError} If it has a key that is not known; the message lists those that are.
 */
export function checkOptions(caller: string, options: object, known: readonly string[]): void {
  if (typeof options !== "object" || options === null) {
    throw new TypeError(`${caller}: options must be an object, got ${describe(options)}`);
  }
  for (const name of Object.keys(options)) {
    if (!known.includes(name)) {
      throw new RangeError(
        `${caller}: options must be among ${known.join(", ")}, got ${JSON.stringify(name)}`,
      );
    }
  }
}

/**
 * Refuses a value that is neither left out nor among the choices.
 *
 * @throws {RangeError} The message lists the choices.
 */
export function checkChoice(caller: string, name: string, value: unknown, choices: readonly string[]): void {
  if (value === undefined || choices.includes(value as string)) return;
  throw new RangeError(`${caller}: ${name} must be one of ${choices.join(", ")}, got ${describe(value)}`);
}
