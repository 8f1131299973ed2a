import commonjs from "@rollup/plugin-commonjs";
import resolve from "@rollup/plugin-node-resolve";
import { rollup } from "rollup";

// CommonJS is in TensorFlow.js's dependencies; `browser` is what every page's project sets.
const plugins = [resolve({ browser: true }), commonjs()];
const bundle = await rollup({ input: "page.js", plugins, onwarn: refuseOurs });
await bundle.write({ dir: "dist", format: "es" });

/** What rollup doubts about other packages is theirs. */
function refuseOurs(warning) {
  const { message, id = "", ids = [] } = warning;
  if ([message, id, ...ids].some((text) => text.includes("@delve/"))) throw new Error(message);
}
