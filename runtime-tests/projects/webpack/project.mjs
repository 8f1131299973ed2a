import { builtPage } from "../../lib/page.mjs";

export default { runtimes: [{ runtime: "webpack", open: (folder) => builtPage(folder, "webpack") }] };
