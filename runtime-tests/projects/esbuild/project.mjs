import { builtPage } from "../../lib/page.mjs";

export default { runtimes: [{ runtime: "esbuild", open: (folder) => builtPage(folder, "esbuild") }] };
