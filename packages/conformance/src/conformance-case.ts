import type { Backend } from "@delve/kernel";
import { afterAll, beforeAll, describe, test } from "vitest";

/** Makes what a suite is about, a backend as a rule; each suite opens its own and disposes of it. */
export type OpenBackend<B = Backend> = () => B | Promise<B>;

/** What a case has to work with. */
export interface Subject<B = Backend> {
  readonly backend: B;
  readonly open: OpenBackend<B>;
}

/** One thing that must hold of every backend. */
export interface ConformanceCase<B = Backend> {
  /** Unique in its suite: a skip refers to it. */
  readonly name: string;
  run(subject: Subject<B>): void | Promise<void>;
}

export interface CaseGroup<B = Backend> {
  readonly title: string;
  readonly cases: readonly ConformanceCase<B>[];
}

export interface ConformanceOptions {
  /** Cases that are not run, or groups of them, each with the reason, which the title of the skipped test shows. */
  readonly skip?: Readonly<Record<string, string>>;
}

/** Declares the tests of a suite for one backend. A skip that names no case is an error: it has outlived its reason. */
export function declareCases<B extends { dispose(): void | Promise<void> }>(
  title: string,
  open: OpenBackend<B>,
  groups: readonly CaseGroup<B>[],
  { skip = {} }: ConformanceOptions,
): void {
  const known = new Set(groups.flatMap(({ title, cases }) => [title, ...cases.map(({ name }) => name)]));
  const stale = Object.keys(skip).find((name) => !known.has(name));
  if (stale !== undefined) throw new RangeError(`${title}: skip must name a case or a group, got "${stale}"`);
  describe(title, () => {
    let backend: B;
    beforeAll(async () => {
      backend = await open();
    });
    afterAll(() => backend?.dispose());
    for (const group of groups) {
      describe(group.title, () => {
        for (const { name, run } of group.cases) {
          const reason = skip[name] ?? skip[group.title];
          if (reason === undefined) test(name, async () => run({ backend, open }));
          else test.skip(`${name} (skipped: ${reason})`, () => {});
        }
      });
    }
  });
}
