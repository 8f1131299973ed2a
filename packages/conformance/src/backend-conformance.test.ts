import type { Backend, Moments, MomentsState, SampleMatrix, SymmetricMatrix } from "@delve/kernel";
import { referenceBackend } from "@delve/kernel/reference";
import { describe, expect, test } from "vitest";
import { backendCases } from "./backend/cases.js";

// Each broken backend must be found out by the case that is there for it.

type Sabotage = (honest: Backend) => Partial<Backend>;

/** The reference backend with some members replaced. */
function broken(sabotage: Sabotage): Backend {
  const honest = referenceBackend();
  return { ...honest, ...sabotage(honest) };
}

/** Accumulators with some members replaced. */
function brokenMoments(sabotage: (honest: Moments, backend: Backend) => Partial<Moments>): Sabotage {
  return (backend) => ({
    createMoments(features) {
      const honest = backend.createMoments(features);
      const live = {
        get count() {
          return honest.count;
        },
      };
      const members = { ...honest, ...sabotage(honest, backend) };
      return Object.defineProperties(members, Object.getOwnPropertyDescriptors(live));
    },
  });
}

const stateThrough = (change: (state: MomentsState) => MomentsState): Sabotage =>
  brokenMoments((honest) => ({ state: async () => change(await honest.state()) }));

const samplesThrough = (change: (samples: SampleMatrix) => SampleMatrix): Sabotage =>
  brokenMoments((honest) => ({ update: (samples) => honest.update(change(samples)) }));

const saboteurs: [defect: string, foundBy: string, sabotage: Sabotage][] = [
  [
    "adds the two parts of the mean",
    "mean of 100000000 standard deviations, in pieces of 64 rows, encoded and merged as plain states in any order",
    stateThrough((state) => ({
      ...state,
      shift: state.shift.map((value, f) => value + state.offset[f]!),
      offset: new Float64Array(state.features),
    })),
  ],
  [
    "works in float32",
    "mean of 0 standard deviations, in one batch",
    samplesThrough((samples) => ({ ...samples, data: Float32Array.from(samples.data) })),
  ],
  [
    "loses the covariance in the 12th digit",
    "mean of 0 standard deviations, in batches of 64 rows",
    stateThrough((state) => ({ ...state, scatter: state.scatter.map((value) => value * (1 + 2e-13)) })),
  ],
  [
    "forgets a row of every batch",
    "1 feature",
    samplesThrough((samples) => ({ ...samples, rows: Math.max(0, samples.rows - 1) })),
  ],
  [
    "takes blocks for one long matrix",
    "float64, NCHW, five positions an image, the last image cut",
    samplesThrough(({ blockRows, blockStride, ...samples }) => ({
      ...samples,
      data: Float64Array.from({ length: 1e5 }, (_, k) => samples.data[k] ?? 0),
    })),
  ],
  [
    "records the rows before a bad value",
    "NaN in a float64 batch",
    brokenMoments((honest) => ({
      update(samples) {
        try {
          honest.update(samples);
        } catch (error) {
          honest.update({
            ...samples,
            rows: Math.min(10, samples.rows),
            data: samples.data.map((x) => x || 0),
          });
          throw error;
        }
      },
    })),
  ],
  [
    "reads its input late",
    "the input has been read when update returns",
    brokenMoments((honest) => {
      const queue: SampleMatrix[] = [];
      return {
        update: (samples) => void queue.push(samples),
        reset: () => void queue.splice(0),
        state() {
          for (const samples of queue.splice(0)) honest.update(samples);
          return honest.state();
        },
      };
    }),
  ],
  [
    "hands out what it works on",
    "a state is a copy",
    brokenMoments((honest) => {
      let live: MomentsState | undefined;
      return { state: async () => (live ??= await honest.state()) };
    }),
  ],
  ["does not reset", "reset forgets everything", brokenMoments(() => ({ reset: () => {} }))],
  [
    "cannot be disposed of",
    "dispose is idempotent and ends all use",
    brokenMoments(() => ({ dispose() {} })),
  ],
  [
    "ignores merged states",
    "the order in which states are merged does not matter",
    brokenMoments(() => ({ merge: () => {} })),
  ],
  [
    "is off where a feature is constant",
    "a constant feature adds one zero eigenvalue and nothing else",
    stateThrough((state) => ({ ...state, scatter: state.scatter.map((value) => value || 1e-300) })),
  ],
  [
    "returns eigenvalues in descending order",
    "random, order 3",
    (honest) => ({ eigvalsh: async (a) => (await honest.eigvalsh(a)).reverse() }),
  ],
  [
    "loses eigenvalues in the 13th digit",
    "(−1, 2, −1)",
    (honest) => ({ eigvalsh: async (a) => (await honest.eigvalsh(a)).map((value) => value * (1 + 1e-13)) }),
  ],
  [
    "returns eigenvectors as rows",
    "random, order 9",
    (honest) => ({
      async eigh(a) {
        const { values, vectors } = await honest.eigh(a);
        const n = a.order;
        return { values, vectors: vectors.map((_, at) => vectors[(at % n) * n + Math.floor(at / n)]!) };
      },
    }),
  ],
  [
    "returns vectors that are not orthogonal",
    "repeated values",
    (honest) => ({
      async eigh(a) {
        const { values, vectors } = await honest.eigh(a);
        for (let i = 0; i < a.order; i++) vectors[i * a.order + 1] = vectors[i * a.order]!;
        return { values, vectors };
      },
    }),
  ],
  [
    "overwrites the matrix",
    "ones",
    (honest) => ({
      async eigh(a) {
        const pairs = await honest.eigh(a);
        a.upper.fill(0);
        return pairs;
      },
    }),
  ],
  ["squares subnormals", "subnormal", onlyBetween(1e-150, 1e150)],
  ["squares large numbers", "near overflow", onlyBetween(1e-150, 1e150)],
  [
    "takes NaN for zero",
    "eigvalsh of a matrix with NaN or infinity",
    (honest) => ({
      eigvalsh: (a) => honest.eigvalsh({ ...a, upper: a.upper.map((x) => (Number.isNaN(x) ? 0 : x)) }),
    }),
  ],
];

/** A solver for which elements outside this range are zero or as large as the range allows. */
function onlyBetween(smallest: number, greatest: number): Sabotage {
  const clip = (x: number) => (Math.abs(x) < smallest ? 0 : Math.sign(x) * Math.min(Math.abs(x), greatest));
  const clipped = (a: SymmetricMatrix) => ({ ...a, upper: a.upper.map(clip) });
  return (honest) => ({ eigvalsh: (a) => honest.eigvalsh(clipped(a)), eigh: (a) => honest.eigh(clipped(a)) });
}

/** The error that ends a case, with its causes, in words. */
async function outcome(run: () => unknown): Promise<string> {
  try {
    await run();
  } catch (error) {
    const { cause } = error as Error;
    return `${error} ${cause ?? ""}`;
  }
  return "passed";
}

describe("the suite finds a backend that", () => {
  const cases = () => backendCases().flatMap((group) => group.cases);
  // Made anew: one of the saboteurs overwrites what it is given.
  const caseNamed = (name: string) => cases().find((candidate) => candidate.name === name)!;

  test.each(saboteurs)("%s, by “%s”", async (_, name, sabotage) => {
    const open = () => broken(sabotage);
    const verdict = await outcome(() => caseNamed(name).run({ backend: open(), open }));
    // By what it asserts, not by tripping over the defect.
    expect(verdict).toContain("AssertionError");
  });

  test("…and no defect in the honest one, by the same cases", async () => {
    for (const name of new Set(saboteurs.map(([, foundBy]) => foundBy))) {
      await caseNamed(name).run({ backend: referenceBackend(), open: referenceBackend });
    }
  });

  test("every case has a name of its own", () => {
    expect(new Set(cases().map(({ name }) => name)).size).toBe(cases().length);
  });
});
