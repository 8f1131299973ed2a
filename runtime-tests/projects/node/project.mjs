import process from "node:process";
import { nodePlace } from "../../lib/process.mjs";

/** The Node that runs this. */
export default { runtimes: [{ runtime: "Node", open: (folder) => nodePlace(folder, process.execPath) }] };
