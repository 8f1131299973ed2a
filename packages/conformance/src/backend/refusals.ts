import { emptyState, NonFiniteError, OutOfMemoryError, type SampleMatrix, ShapeError } from "@delve/kernel";
import { expect } from "vitest";
import type { CaseGroup, ConformanceCase, Subject } from "../conformance-case.js";
import { seededRandom } from "../random.js";
import { denseSamples, sampleMatrix } from "../samples.js";
import { expectMomentsOf, expectRefusal, withMoments } from "./expectations.js";

/** Input that must be refused by name, with everything recorded before left as it was. */
export function refusals(): CaseGroup {
  return { title: "refusals", cases: [...sizes, ...badValues(), recovery, ...badStates, ...badMatrices] };
}

const random = seededRandom(11);
const good = denseSamples(40, 5, () => 7 + random.normal());

/** `bad` is refused, and the accumulator that refused it is as it was. */
async function expectUnchangedBy<E extends Error>(
  { backend }: Subject,
  errorClass: abstract new (...args: never[]) => E,
  message: RegExp,
  bad: SampleMatrix,
): Promise<E> {
  return withMoments(backend, 5, [sampleMatrix(good)], async (moments) => {
    const before = await moments.state();
    const attempt = async () => {
      moments.update(bad);
      await moments.state();
    };
    const error = await expectRefusal(attempt, errorClass, message);
    expect(await moments.state()).toEqual(before);
    expect(moments.count).toBe(before.count);
    return error;
  });
}

const sizes: ConformanceCase[] = [
  {
    name: "a number of features that is not a positive integer",
    async run({ backend }) {
      for (const features of [0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY]) {
        await expectRefusal(() => backend.createMoments(features), ShapeError, /^createMoments: .*got /);
      }
    },
  },
  {
    name: "more features than any memory holds",
    async run({ backend }) {
      await expectRefusal(() => backend.createMoments(2 ** 31), OutOfMemoryError, /^createMoments: /);
      await withMoments(backend, 5, [sampleMatrix(good)], (moments) =>
        expectMomentsOf(good, moments, backend.epsilon),
      );
    },
  },
  {
    name: "another number of features",
    async run(subject) {
      const wider = sampleMatrix(denseSamples(4, 6, () => 1));
      await expectUnchangedBy(subject, ShapeError, /^update: .*5.*got 6/, wider);
    },
  },
  {
    name: "a view that reaches beyond its data",
    async run(subject) {
      const view = sampleMatrix(good);
      const beyond: Partial<SampleMatrix>[] = [
        { rows: 41 },
        { offset: 1 },
        { offset: -1 },
        { rowStride: 6 },
        { rowStride: -5 },
        { featureStride: 2 },
        { blockRows: 10, blockStride: 51 },
        { data: new Float64Array(0) },
      ];
      for (const change of beyond) {
        await expectUnchangedBy(subject, ShapeError, /^update: .*got /, { ...view, ...change });
      }
    },
  },
  {
    name: "sizes and strides that are not integers",
    async run(subject) {
      const view = sampleMatrix(good);
      const broken: Partial<SampleMatrix>[] = [
        { rows: -1 },
        { rows: 2.5 },
        { rows: Number.NaN },
        { rowStride: 0.5 },
        { featureStride: Number.NaN },
        { offset: 0.5 },
        { blockRows: 0, blockStride: 5 },
        { blockRows: 4 },
      ];
      for (const change of broken) {
        await expectUnchangedBy(subject, ShapeError, /^update: .*got /, { ...view, ...change });
      }
    },
  },
];

function badValues(): ConformanceCase[] {
  const values = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY, 1.1e150, -1e200];
  return [false, true].flatMap((single) =>
    values
      .filter((value) => !single || !Number.isFinite(value))
      .map((value) => ({
        name: `${value} in a ${single ? "float32" : "float64"} batch`,
        async run(subject: Subject) {
          const rows = 300;
          for (const [row, feature] of [
            [0, 0],
            [rows - 1, 4],
            [150, 2],
            [256, 0],
          ] as const) {
            const batch = sampleMatrix(
              denseSamples(rows, 5, () => random.normal()),
              single,
            );
            batch.data[row * 5 + feature] = value;
            batch.data[(rows - 1) * 5 + 4] = value;
            const error = await expectUnchangedBy(subject, NonFiniteError, /^update: .*got /, batch);
            expect({ ...error }).toMatchObject({ row, feature, value });
          }
        },
      })),
  );
}

const recovery: ConformanceCase = {
  name: "what was recorded before and after a refused batch counts",
  run: ({ backend }) =>
    withMoments(backend, 5, [sampleMatrix(good)], async (moments) => {
      const bad = sampleMatrix(denseSamples(3, 5, (r) => (r === 2 ? Number.NaN : 1)));
      await expectRefusal(
        async () => {
          moments.update(bad);
          await moments.state();
        },
        NonFiniteError,
        /^update: /,
      );
      moments.update(sampleMatrix(good));
      const twice = { ...good, rows: 80, data: Float64Array.of(...good.data, ...good.data) };
      await expectMomentsOf(twice, moments, backend.epsilon);
    }),
};

const badStates: ConformanceCase[] = [
  {
    name: "merge of a state that does not fit or is not whole",
    run: ({ backend }) =>
      withMoments(backend, 5, [sampleMatrix(good)], async (moments) => {
        const before = await moments.state();
        const nan = structuredClone(before);
        nan.scatter[3] = Number.NaN;
        await expectRefusal(() => moments.merge(emptyState(4)), ShapeError, /^merge: .*5.*got 4/);
        const short = { ...before, scatter: before.scatter.slice(1) };
        await expectRefusal(() => moments.merge(short), ShapeError, /^merge: .*got /);
        await expectRefusal(() => moments.merge({ ...before, count: -1 }), ShapeError, /^merge: .*got -1/);
        await expectRefusal(() => moments.merge(nan), NonFiniteError, /^merge: .*got NaN/);
        expect(await moments.state()).toEqual(before);
      }),
  },
];

const badMatrices: ConformanceCase[] = (["eigvalsh", "eigh"] as const).flatMap((name) => [
  {
    name: `${name} of a matrix whose sizes do not fit`,
    async run({ backend }: Subject) {
      const begins = new RegExp(`^${name}: .*got `);
      const upper = new Float64Array(6);
      for (const order of [0, -1, 2, 4, 2.5, Number.NaN]) {
        await expectRefusal(() => backend[name]({ order, upper }), ShapeError, begins);
      }
    },
  },
  {
    name: `${name} of a matrix with NaN or infinity`,
    async run({ backend }: Subject) {
      const begins = new RegExp(`^${name}: .*got `);
      for (const value of [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY]) {
        const upper = Float64Array.of(1, 0, 0, 2, value, 3);
        const error = await expectRefusal(() => backend[name]({ order: 3, upper }), NonFiniteError, begins);
        expect({ ...error }).toMatchObject({ row: 1, feature: 2, value });
      }
      expect(await backend.eigvalsh({ order: 1, upper: Float64Array.of(4) })).toEqual(Float64Array.of(4));
    },
  },
]);
