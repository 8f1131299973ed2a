import "../one-seed.js";
import type { Backend } from "@delve/kernel";
import { backendCases } from "../backend/cases.js";
import type { ConformanceCase, OpenBackend } from "../conformance-case.js";
import { goldenCases } from "../golden-cases.js";

/** A suite that a page can run. */
export type PageSuite = "backend" | "golden";

const SUITES = { backend: backendCases, golden: goldenCases };

/**
 * What a page sets as `globalThis.job` for `pageConformance`: runs one case, and is rejected when it fails.
 *
 * @example
 * ```text
 * globalThis.job = casesInPage(() => openWebGPU());
 * ```
 */
export function casesInPage(open: OpenBackend): (suite: PageSuite, name: string) => Promise<void> {
  const suites = new Map<PageSuite, ConformanceCase[]>();
  let backend: Backend | undefined;
  return async (suite, name) => {
    if (!suites.has(suite))
      suites.set(
        suite,
        SUITES[suite]().flatMap(({ cases }) => cases),
      );
    const found = suites.get(suite)!.find((candidate) => candidate.name === name);
    if (found === undefined) throw new RangeError(`casesInPage: must be a case of ${suite}, got "${name}"`);
    backend ??= await open();
    try {
      await found.run({ backend, open });
    } catch (error) {
      throw withCause(error);
    }
  };
}

/** Only the text of an error leaves the page, so that the cause has to stand in it. */
function withCause(error: unknown): unknown {
  if (!(error instanceof Error) || error.cause === undefined) return error;
  return new Error(`${error.message}\ncaused by ${error.cause}`);
}
