// Writes the configuration with which workerd itself serves what wrangler has bundled.
import { writeFileSync } from "node:fs";
import { bundledModules } from "./bundled-modules.mjs";

const { compatibilityDate, modules } = bundledModules(".");
const embedded = modules.map(
  ({ file, path, isCode }) => `(name = "${file}", ${isCode ? "esModule" : "wasm"} = embed "${path}")`,
);
writeFileSync(
  "config.capnp",
  `using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [ (name = "main", worker = .worker) ],
  sockets = [ (name = "http", address = "127.0.0.1:0", http = (), service = "main") ]
);

const worker :Workerd.Worker = (
  compatibilityDate = "${compatibilityDate}",
  modules = [ ${embedded.join(", ")} ]
);
`,
);
