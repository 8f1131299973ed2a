import { describe, expect, test } from "vitest";
import { normal, seeded, tf, twoHeaded } from "../test/support.js";
import { hasSeveralOutputs, isRepeating, watchPasses, watchRepeats } from "./repeats.js";
import { shadow } from "./shadow.js";
import type { Model } from "./types.js";

/** For each call of a layer, whether it is a repeat; and the function that stops looking. */
function repeatsOf(layer: tf.layers.Layer): { seen: boolean[]; stop: () => void } {
  const seen: boolean[] = [];
  const stop = shadow(layer, "call", (next, args) => {
    seen.push(isRepeating());
    return next(...args);
  });
  return { seen, stop };
}

describe("hasSeveralOutputs", () => {
  test("a nested model of two outputs has, the model around it and its layers have not", () => {
    const { model, nested } = twoHeaded();
    expect([model, nested, ...nested.layers].filter(hasSeveralOutputs)).toEqual([nested]);
  });
});

describe("watchRepeats", () => {
  test("is repeating while tfjs runs a nested model for its second output, and not before", () => {
    const { model, nested } = twoHeaded();
    const trunk = nested.getLayer("trunk");
    const { seen, stop } = repeatsOf(trunk);
    const undo = [watchRepeats(tf, nested), stop];
    model.predict(normal([3, 4], 1));
    model.predict(normal([3, 4], 2));
    expect(seen).toEqual([false, true, false, true]);
    for (const remove of undo) remove();
    expect([Object.hasOwn(nested, "call"), Object.hasOwn(trunk, "call")]).toEqual([false, false]);
  });

  test("a recurrent layer that starts from another state is used anew", () => {
    const lstm = seeded(() => tf.layers.lstm({ units: 3, returnState: true }));
    const { seen, stop } = repeatsOf(lstm);
    const undo = [stop, watchRepeats(tf, lstm)];
    const x = normal([2, 4, 2], 1);
    const states = [2, 3].map((from) => [normal([2, 3], from), normal([2, 3], from + 2)]);
    tf.tidy(() => {
      for (const place of [0, 1, 0, 1]) lstm.apply(x, { initialState: states[place]! } as never);
    });
    expect(seen).toEqual([false, false, true, true]);
    for (const remove of undo) remove();
  });
});

describe("watchPasses", () => {
  test("every execute of a model is a pass of its own, however few outputs it fetches", () => {
    const input = tf.input({ shape: [4, 2] });
    const lstm = seeded(() => tf.layers.lstm({ units: 3, returnSequences: true, returnState: true }));
    const outputs = lstm.apply(input) as tf.SymbolicTensor[];
    const model = tf.model({ inputs: input, outputs });
    const { seen, stop } = repeatsOf(lstm);
    const undo = [stop, watchRepeats(tf, lstm), watchPasses(model as unknown as Model)];
    const x = normal([2, 4, 2], 1);
    model.execute(x, outputs[0]!.name);
    model.execute(x, outputs[1]!.name);
    model.execute(
      x,
      outputs.map(({ name }) => name),
    );
    expect(seen).toEqual([false, false, false, true, true]);
    for (const remove of undo) remove();
    expect(Object.hasOwn(model, "execute")).toBe(false);
  });
});
