import { expect, test } from "vitest";
import { numpyNormal } from "./numpy-normal.js";

test("the first numbers after np.random.seed(0) and (5)", () => {
  const draw = (seed: number) => Array.from({ length: 4 }, numpyNormal(seed));
  const close = (values: number[], expected: number[]) =>
    values.forEach((value, i) => {
      expect(Math.abs(value - expected[i]!)).toBeLessThanOrEqual(1e-15);
    });
  close(draw(0), [1.764052345967664, 0.4001572083672233, 0.9787379841057392, 2.240893199201458]);
  close(draw(5), [0.44122748688504143, -0.33087015189408764, 2.43077118700778, -0.2520921296030769]);
});
