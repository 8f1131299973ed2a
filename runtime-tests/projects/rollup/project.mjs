import { builtPage } from "../../lib/page.mjs";

export default { runtimes: [{ runtime: "rollup", open: (folder) => builtPage(folder, "rollup") }] };
