// Writes the configuration with which workerd itself serves what wrangler has bundled.
import { readdirSync, readFileSync, writeFileSync } from "node:fs";

const { compatibility_date } = JSON.parse(readFileSync("wrangler.json", "utf8"));
const modules = readdirSync("dist")
  .filter((file) => /\.(js|wasm)$/.test(file))
  .sort((a) => (a === "worker.js" ? -1 : 1))
  .map((file) => `(name = "${file}", ${file.endsWith(".js") ? "esModule" : "wasm"} = embed "dist/${file}")`);
writeFileSync(
  "config.capnp",
  `using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [ (name = "main", worker = .worker) ],
  sockets = [ (name = "http", address = "127.0.0.1:0", http = (), service = "main") ]
);

const worker :Workerd.Worker = (
  compatibilityDate = "${compatibility_date}",
  modules = [ ${modules.join(", ")} ]
);
`,
);
