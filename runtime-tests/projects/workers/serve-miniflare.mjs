// Serves what wrangler has bundled, with the workerd that miniflare brings.
import { readdirSync, readFileSync } from "node:fs";
import { Miniflare } from "miniflare";

const { compatibility_date } = JSON.parse(readFileSync("wrangler.json", "utf8"));
const modules = readdirSync("dist")
  .filter((file) => /\.(js|wasm)$/.test(file))
  .sort((a) => (a === "worker.js" ? -1 : 1))
  .map((file) => ({ type: file.endsWith(".js") ? "ESModule" : "CompiledWasm", path: `dist/${file}` }));
const server = new Miniflare({
  modules,
  modulesRoot: "dist",
  compatibilityDate: compatibility_date,
  port: 0,
});
console.log(`ready ${String(await server.ready).replace(/\/$/, "")}`);
