// Serves what wrangler has bundled, with the workerd that miniflare brings.
import { Miniflare } from "miniflare";
import { miniflareOptions } from "./bundled-modules.mjs";

const server = new Miniflare(miniflareOptions("."));
console.log(`ready ${String(await server.ready).replace(/\/$/, "")}`);
