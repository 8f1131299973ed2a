import { build } from "esbuild";

await build({ entryPoints: ["page.js"], bundle: true, splitting: true, format: "esm", outdir: "dist" });
