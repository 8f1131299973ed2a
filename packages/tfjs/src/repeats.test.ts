import { describe, expect, test } from "vitest";
import { dense, normal, seeded, tf } from "../test/support.js";
import { hasSeveralOutputs, isRepeating, watchPasses, watchRepeats } from "./repeats.js";
import { shadow } from "./shadow.js";
import type { Model } from "./types.js";

/** A nested model with two outputs, both of them used by the model around it. */
function twoHeaded() {
  const inside = tf.input({ shape: [4] });
  const trunk = dense("trunk", 5).apply(inside) as tf.SymbolicTensor;
  const outputs = [dense("left", 2).apply(trunk), dense("right", 3).apply(trunk)] as tf.SymbolicTensor[];
  const nested = tf.model({ inputs: inside, outputs, name: "nested" });
  const input = tf.input({ shape: [4] });
  const heads = nested.apply(input) as tf.SymbolicTensor[];
  const joined = tf.layers.concatenate({ name: "joined" }).apply(heads) as tf.SymbolicTensor;
  return { nested, model: tf.model({ inputs: input, outputs: joined }) };
}

describe("hasSeveralOutputs", () => {
  test("a nested model of two outputs has, the model around it and its layers have not", () => {
    const { model, nested } = seeded(twoHeaded);
    expect([model, nested, ...nested.layers].filter(hasSeveralOutputs)).toEqual([nested]);
  });
});

describe("watchRepeats", () => {
  test("is repeating while tfjs runs a nested model for its second output, and not before", () => {
    const { model, nested } = seeded(twoHeaded);
    const seen: boolean[] = [];
    const trunk = nested.getLayer("trunk");
    const undo = [
      watchRepeats(tf, nested),
      shadow(trunk, "call", (next, args) => {
        seen.push(isRepeating());
        return next(...args);
      }),
    ];
    model.predict(normal([3, 4], 1));
    model.predict(normal([3, 4], 2));
    expect(seen).toEqual([false, true, false, true]);
    for (const remove of undo) remove();
    expect([Object.hasOwn(nested, "call"), Object.hasOwn(trunk, "call")]).toEqual([false, false]);
  });

  test("a recurrent layer that starts from another state is used anew", () => {
    const lstm = seeded(() => tf.layers.lstm({ units: 3, returnState: true }));
    const seen: boolean[] = [];
    const undo = [
      shadow(lstm, "call", (next, args) => {
        seen.push(isRepeating());
        return next(...args);
      }),
      watchRepeats(tf, lstm),
    ];
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
    const seen: boolean[] = [];
    const undo = [
      shadow(lstm, "call", (next, args) => {
        seen.push(isRepeating());
        return next(...args);
      }),
      watchRepeats(tf, lstm),
      watchPasses(model as unknown as Model),
    ];
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
