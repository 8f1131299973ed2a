import commonjs from "@rollup/plugin-commonjs";
import resolve from "@rollup/plugin-node-resolve";
import { rollup } from "rollup";

// CommonJS is in TensorFlow.js's dependencies; `browser` is what every page's project sets.
const bundle = await rollup({ input: "page.js", plugins: [resolve({ browser: true }), commonjs()] });
await bundle.write({ dir: "dist", format: "es" });
