import { promisify } from "node:util";
import webpack from "webpack";

const compiler = webpack({ mode: "production", entry: "./page.js", output: { filename: "page.js" } });
const stats = await promisify(compiler.run.bind(compiler))();
await promisify(compiler.close.bind(compiler))();
if (stats.hasErrors()) throw new Error(stats.toString({ all: false, errors: true }));
// Nothing that webpack doubts about a module; that ONNX Runtime's Wasm is large concerns no module.
const doubts = stats.compilation.warnings.filter((warning) => warning.module);
if (doubts.length > 0) throw new Error(`webpack: must warn of no module, got ${doubts.join("\n")}`);
