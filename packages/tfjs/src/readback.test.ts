import { describe, expect, test } from "vitest";
import { tf } from "../test/support.js";
import { type Deliver, Readback, type Values } from "./readback.js";
import type { Tensor } from "./types.js";

/** Notes what it is given, and what fails, in order. */
function notebook() {
  const notes: string[] = [];
  const reader =
    (name: string): Deliver =>
    (values) => {
      try {
        const [{ data, shape }] = values() as [Values];
        notes.push(`${name} [${[...Array.from(data)]}] of [${shape}]`);
      } catch (error) {
        notes.push(`${name} ${(error as Error).message}`);
      }
    };
  return { notes, reader };
}

/** A tensor whose values come when they are told to, as on a GPU. */
function slow(values: number[]) {
  const { promise, resolve, reject } = withResolvers();
  const state = { copies: 0 };
  const tensor = {
    shape: [values.length],
    kept: false,
    clone: () => {
      state.copies++;
      return { ...tensor, dispose: () => void state.copies-- };
    },
    data: () => promise,
    dataSync: () => {
      if (values.includes(-1)) throw new Error("context lost");
      return values;
    },
    dispose: () => {},
  } as unknown as Tensor;
  return { tensor, state, arrive: () => resolve(values), fail: () => reject(new Error("device lost")) };
}

function withResolvers() {
  let resolve!: (values: ArrayLike<number>) => void;
  let reject!: (error: Error) => void;
  const promise = new Promise<ArrayLike<number>>((yes, no) => {
    [resolve, reject] = [yes, no];
  });
  return { promise, resolve, reject };
}

describe("Readback", () => {
  test("reads on the spot where values lie in the processor's memory", () => {
    const { notes, reader } = notebook();
    const readback = new Readback(tf);
    readback.read([tf.tensor([1, 2, 3, 4], [2, 2])], reader("a"));
    expect(notes).toEqual(["a [1,2,3,4] of [2,2]"]);
    expect(readback.pending).toBe(false);
  });

  test("elsewhere reads a copy that outlives tidy, and disposes it", async () => {
    const { notes, reader } = notebook();
    const readback = new Readback(tf, { immediate: false });
    const { numTensors } = tf.memory();
    tf.tidy(() => readback.read([tf.tensor([1, 2])], reader("a")));
    expect([notes.length, readback.pending]).toEqual([0, true]);
    await readback.flush();
    expect(notes).toEqual(["a [1,2] of [2]"]);
    expect(readback.pending).toBe(false);
    expect(tf.memory().numTensors).toBe(numTensors);
  });

  test("keeps the order, however late values arrive", async () => {
    const { notes, reader } = notebook();
    const readback = new Readback(tf, { immediate: false });
    const [a, b] = [slow([1]), slow([2])];
    readback.read([a.tensor], reader("a"));
    readback.post(() => void notes.push("scalar"));
    const saved = readback.run(async () => notes.push("save"));
    readback.read([b.tensor], reader("b"));
    b.arrive();
    await new Promise((done) => setTimeout(done, 5));
    expect(notes).toEqual([]);
    a.arrive();
    await readback.flush();
    expect(notes).toEqual(["a [1] of [1]", "scalar", "save", "b [2] of [1]"]);
    expect(await saved).toBe(3);
    expect([a.state.copies, b.state.copies]).toEqual([0, 0]);
  });

  test("a failing read is told in its turn, and stops nothing", async () => {
    const { notes, reader } = notebook();
    const readback = new Readback(tf, { immediate: false });
    const [a, b] = [slow([1]), slow([2])];
    readback.read([a.tensor], reader("a"));
    readback.read([b.tensor], reader("b"));
    b.fail();
    await new Promise((done) => setTimeout(done, 5));
    a.arrive();
    await readback.flush();
    expect(notes).toEqual(["a [1] of [1]", "b device lost"]);
    expect([a.state.copies, b.state.copies]).toEqual([0, 0]);
  });

  test("flush throws what a reader throws, once", async () => {
    const readback = new Readback(tf, { immediate: false });
    readback.read([tf.tensor([1])], () => {
      throw new Error("refused");
    });
    await expect(readback.flush()).rejects.toThrow("refused");
    await readback.flush();
  });

  test("what is done at once fails at once", async () => {
    const readback = new Readback(tf);
    expect(() =>
      readback.post(() => {
        throw new Error("no");
      }),
    ).toThrow("no");
    await expect(readback.run(() => Promise.reject(new Error("never")))).rejects.toThrow("never");
  });

  describe("when more waits than may", () => {
    const webgl = { ...tf, getBackend: () => "webgl" } as typeof tf;

    test("the GPU is waited for, all in order, and what arrives later is let go", async () => {
      const { notes, reader } = notebook();
      const readback = new Readback(webgl, { mostWaiting: 8 });
      const [a, b, c, d] = [slow([1]), slow([2]), slow([3]), slow([4])];
      readback.read([a.tensor], reader("a"));
      readback.post(() => void notes.push("scalar"));
      readback.read([b.tensor], reader("b"));
      expect(notes).toEqual([]);
      readback.read([c.tensor], reader("c"));
      expect(notes).toEqual(["a [1] of [1]", "scalar", "b [2] of [1]", "c [3] of [1]"]);
      expect(readback.pending).toBe(false);
      readback.read([d.tensor], reader("d"));
      for (const one of [a, b, c, d]) one.arrive();
      await readback.flush();
      expect(notes.slice(4)).toEqual(["d [4] of [1]"]);
      expect([a, b, c, d].map(({ state }) => state.copies)).toEqual([0, 0, 0, 0]);
    });

    test("what cannot be read then is told in its turn; nobody else hears of it", async () => {
      const { notes, reader } = notebook();
      const readback = new Readback(webgl, { mostWaiting: 4 });
      const [a, b] = [slow([-1]), slow([2])];
      readback.read([a.tensor], reader("a"));
      readback.read([b.tensor], reader("b"));
      expect(notes).toEqual(["a context lost", "b [2] of [1]"]);
      a.fail();
      b.fail();
      await new Promise((done) => setTimeout(done, 5));
      await readback.flush();
      expect(notes.length).toBe(2);
    });

    test("WebGPU cannot be waited for: it all waits, and that is told once", async () => {
      const { notes, reader } = notebook();
      const webgpu = { ...tf, getBackend: () => "webgpu" } as typeof tf;
      const full: number[] = [];
      const readback = new Readback(webgpu, { mostWaiting: 4, onFull: (bytes) => full.push(bytes) });
      const all = [slow([1]), slow([2]), slow([3])];
      for (const { tensor } of all) readback.read([tensor], reader("x"));
      expect([notes, full]).toEqual([[], [8]]);
      for (const { arrive } of all) arrive();
      await readback.flush();
      expect(notes).toEqual(["x [1] of [1]", "x [2] of [1]", "x [3] of [1]"]);
    });
  });

  test("reads several tensors as one", async () => {
    for (const immediate of [true, false]) {
      const readback = new Readback(tf, { immediate });
      const read: number[][] = [];
      readback.read([tf.tensor([1, 2]), tf.tensor([3])], (values) => {
        read.push(...values().map(({ data }) => Array.from(data)));
      });
      await readback.flush();
      expect(read).toEqual([[1, 2], [3]]);
    }
  });
});
