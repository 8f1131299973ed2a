import { expect, test } from "vitest";
import { tf } from "../test/support.js";
import { exposeKernels, watchingKernels } from "./kernels.js";

/** The kernels that run in `run`, as a watcher sees them. */
function seenIn(run: () => void): string[] {
  const names: string[] = [];
  watchingKernels((name) => void names.push(name), run);
  return names;
}

const x = tf.tensor1d([-1, 2]);
const relu = () => void tf.relu(x);

test("kernels are seen while somebody needs them and watches, and the engine is as it was afterwards", () => {
  const conceal = [exposeKernels(tf), exposeKernels(tf)];
  relu();
  expect(seenIn(relu)).toEqual(["Relu"]);
  conceal[0]!();
  expect(seenIn(relu)).toEqual(["Relu"]);
  conceal[1]!();
  expect(seenIn(relu)).toEqual([]);
  expect(Object.hasOwn(tf.engine(), "runKernel")).toBe(false);
});

test("of watchers within watchers the inner one sees", () => {
  const conceal = exposeKernels(tf);
  let inner: string[] = [];
  const outer = seenIn(() => {
    tf.neg(x);
    inner = seenIn(relu);
    tf.abs(x);
  });
  expect([outer, inner]).toEqual([["Neg", "Abs"], ["Relu"]]);
  conceal();
});

test("a kernel that fails, and a watcher that does, end the watch", () => {
  const conceal = exposeKernels(tf);
  const names: string[] = [];
  const watch = (name: string) => {
    names.push(name);
    if (name === "Relu") throw new Error("seen enough");
  };
  expect(() => watchingKernels(watch, relu)).toThrow("seen enough");
  expect(() => watchingKernels(watch, () => tf.engine().runKernel("Unheard", { x }))).toThrow("Unheard");
  relu();
  expect(names).toEqual(["Relu", "Unheard"]);
  conceal();
});
