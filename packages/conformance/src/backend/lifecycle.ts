import { covariance, DisposedError, emptyState, type MomentsState } from "@delve/kernel";
import { expect } from "vitest";
import type { CaseGroup, ConformanceCase } from "../conformance-case.js";
import { seededRandom } from "../random.js";
import { type DenseSamples, denseSamples, piecesOf, sampleMatrix } from "../samples.js";
import { twoPassCovariance } from "../two-pass.js";
import { expectCovariance, expectMomentsOf, expectRefusal, withMoments } from "./expectations.js";

/** From `createMoments` to `dispose`: what an accumulator holds, shares and forgets. */
export function lifecycle(): CaseGroup {
  return { title: "accumulator", cases: [...filling, ...merging, ...ending] };
}

function examples(rows = 50, features = 5): DenseSamples {
  const random = seededRandom(rows);
  return denseSamples(rows, features, (_, f) => 3 * f + random.normal());
}

const filling: ConformanceCase[] = [
  {
    name: "a new accumulator holds no samples",
    run: ({ backend }) =>
      withMoments(backend, 4, [], async (moments) => {
        expect(moments.features).toBe(4);
        expect(moments.count).toBe(0);
        expect(await moments.state()).toEqual(emptyState(4));
      }),
  },
  {
    name: "a batch of 0 rows changes nothing",
    run: ({ backend }) =>
      withMoments(backend, 5, [sampleMatrix(examples())], async (moments) => {
        const before = await moments.state();
        moments.update({ data: new Float64Array(0), rows: 0, features: 5, rowStride: 5, featureStride: 1 });
        moments.update({ data: new Float32Array(0), rows: 0, features: 5, rowStride: 1, featureStride: 0 });
        expect(await moments.state()).toEqual(before);
      }),
  },
  {
    name: "the input has been read when update returns",
    async run({ backend }) {
      const samples = examples();
      const batches = [sampleMatrix(samples), sampleMatrix(samples, true)];
      await withMoments(backend, 5, batches, async (moments) => {
        const untouched = await moments.state();
        moments.reset();
        for (const batch of batches) {
          moments.update(batch);
          batch.data.fill(1e9);
        }
        expect(await moments.state()).toEqual(untouched);
      });
    },
  },
  {
    name: "a state is a copy",
    run: ({ backend }) =>
      withMoments(backend, 5, [sampleMatrix(examples())], async (moments) => {
        const first = await moments.state();
        const kept = structuredClone(first);
        moments.update(sampleMatrix(examples(20)));
        expect(first).toEqual(kept);
        const second = structuredClone(await moments.state());
        expect(second.count).toBe(kept.count + 20);
        for (const part of [first.shift, first.offset, first.scatter]) part.fill(Number.NaN);
        expect(await moments.state()).toEqual(second);
      }),
  },
  {
    name: "accumulators do not share anything",
    async run({ backend }) {
      const [a, b] = [examples(60, 3), examples(90, 7)];
      const [first, second] = [backend.createMoments(3), backend.createMoments(7)];
      const pieces = [piecesOf(a, 20), piecesOf(b, 30)] as const;
      for (let k = 0; k < 3; k++) {
        first.update(sampleMatrix(pieces[0][k]!));
        second.update(sampleMatrix(pieces[1][k]!));
      }
      await expectMomentsOf(a, first, backend.epsilon);
      first.dispose();
      await expectMomentsOf(b, second, backend.epsilon);
      second.dispose();
    },
  },
];

const merging: ConformanceCase[] = [
  {
    name: "merge takes in the samples of another state",
    async run({ backend }) {
      const samples = examples(70);
      const [first, ...others] = piecesOf(samples, 30);
      const states: MomentsState[] = [];
      for (const piece of others) {
        states.push(await withMoments(backend, 5, [sampleMatrix(piece)], async (part) => part.state()));
      }
      await withMoments(backend, 5, [sampleMatrix(first!)], async (moments) => {
        for (const state of states) moments.merge(state);
        await expectMomentsOf(samples, moments, backend.epsilon);
      });
    },
  },
  {
    name: "merge into an empty accumulator gives the state back",
    run: ({ backend }) =>
      withMoments(backend, 5, [sampleMatrix(examples())], async (moments) => {
        const state = await moments.state();
        await withMoments(backend, 5, [], async (empty) => {
          empty.merge(state);
          expect(await empty.state()).toEqual(state);
          expect(empty.count).toBe(state.count);
        });
      }),
  },
  {
    name: "merge of the state of no samples changes nothing",
    run: ({ backend }) =>
      withMoments(backend, 5, [sampleMatrix(examples())], async (moments) => {
        const state = await moments.state();
        moments.merge(emptyState(5));
        expect(await moments.state()).toEqual(state);
      }),
  },
  {
    name: "update goes on after a merge",
    async run({ backend }) {
      const samples = examples(64);
      const [a, b] = piecesOf(samples, 40);
      await withMoments(backend, 5, [sampleMatrix(a!)], async (part) => {
        const state = await part.state();
        await withMoments(backend, 5, [], async (moments) => {
          moments.merge(state);
          moments.update(sampleMatrix(b!));
          await expectMomentsOf(samples, moments, backend.epsilon);
        });
      });
    },
  },
  {
    name: "merging equal states up to 1e7 samples leaves the covariance",
    async run({ backend }) {
      const samples = examples(153);
      await withMoments(backend, 5, [sampleMatrix(samples)], async (moments) => {
        for (let doubling = 0; doubling < 16; doubling++) moments.merge(await moments.state());
        const state = await moments.state();
        expect(state.count).toBe(153 * 2 ** 16);
        expectCovariance(covariance(state), twoPassCovariance(samples), backend.epsilon);
      });
    },
  },
];

const ending: ConformanceCase[] = [
  {
    name: "reset forgets everything",
    async run({ backend }) {
      const samples = examples(30);
      const far = denseSamples(9, 5, (r, f) => 1e8 + r * f);
      await withMoments(backend, 5, [sampleMatrix(samples)], async (moments) => {
        const fresh = await moments.state();
        moments.update(sampleMatrix(far));
        moments.reset();
        expect(moments.count).toBe(0);
        expect(await moments.state()).toEqual(emptyState(5));
        moments.update(sampleMatrix(samples));
        expect(await moments.state()).toEqual(fresh);
      });
    },
  },
  {
    name: "dispose is idempotent and ends all use",
    async run({ backend }) {
      for (const end of ["dispose", Symbol.dispose] as const) {
        const moments = backend.createMoments(5);
        moments.update(sampleMatrix(examples()));
        moments[end]();
        moments[end]();
        await expectRefusal(() => moments.update(sampleMatrix(examples())), DisposedError, /^update: /);
        await expectRefusal(() => moments.state(), DisposedError, /^state: /);
        await expectRefusal(() => moments.merge(emptyState(5)), DisposedError, /^merge: /);
        await expectRefusal(() => moments.reset(), DisposedError, /^reset: /);
      }
    },
  },
  {
    name: "dispose of the backend is idempotent and ends all use",
    async run({ open }) {
      const backend = await open();
      const moments = backend.createMoments(2);
      backend.dispose();
      backend.dispose();
      backend[Symbol.dispose]();
      const one = { order: 1, upper: Float64Array.of(1) };
      await expectRefusal(() => moments.state(), DisposedError, /^state: /);
      await expectRefusal(() => backend.createMoments(2), DisposedError, /^createMoments: /);
      await expectRefusal(() => backend.eigvalsh(one), DisposedError, /^eigvalsh: /);
      await expectRefusal(() => backend.eigh(one), DisposedError, /^eigh: /);
      moments.dispose();
    },
  },
  {
    name: "a thousand accumulators one after another",
    async run({ backend }) {
      const samples = examples(4);
      for (let k = 0; k < 1000; k++) {
        const moments = backend.createMoments(5);
        moments.update(sampleMatrix(samples));
        if (k === 999) await expectMomentsOf(samples, moments, backend.epsilon);
        moments.dispose();
      }
    },
  },
];
