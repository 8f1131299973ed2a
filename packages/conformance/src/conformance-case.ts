import type { Backend } from "@delve/kernel";
import { afterAll, beforeAll, describe, test } from "vitest";

/** Makes a backend; each suite opens its own and disposes of it. */
export type OpenBackend = () => Backend | Promise<Backend>;

/** What a case has to work with. */
export interface Subject {
  readonly backend: Backend;
  readonly open: OpenBackend;
}

/** One thing that must hold of every backend. */
export interface ConformanceCase {
  /** Unique in its suite: a skip refers to it. */
  readonly name: string;
  run(subject: Subject): void | Promise<void>;
}

export interface CaseGroup {
  readonly title: string;
  readonly cases: readonly ConformanceCase[];
}

export interface ConformanceOptions {
  /** Cases that are not run, each with the reason, which the title of the skipped test shows. */
  readonly skip?: Readonly<Record<string, string>>;
}

/** Declares the tests of a suite for one backend. A skip that names no case is an error: it has outlived its reason. */
export function declareCases(
  title: string,
  open: OpenBackend,
  groups: readonly CaseGroup[],
  { skip = {} }: ConformanceOptions,
): void {
  const known = new Set(groups.flatMap(({ cases }) => cases.map(({ name }) => name)));
  const stale = Object.keys(skip).find((name) => !known.has(name));
  if (stale !== undefined) throw new RangeError(`${title}: skip must name a case, got "${stale}"`);
  describe(title, () => {
    let backend: Backend;
    beforeAll(async () => {
      backend = await open();
    });
    afterAll(() => backend?.dispose());
    for (const group of groups) {
      describe(group.title, () => {
        for (const { name, run } of group.cases) {
          const reason = skip[name];
          if (reason === undefined) test(name, async () => run({ backend, open }));
          else test.skip(`${name} (skipped: ${reason})`, () => {});
        }
      });
    }
  });
}
