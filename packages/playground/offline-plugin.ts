import { createHash } from "node:crypto";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, relative, sep } from "node:path";
import { fileURLToPath } from "node:url";
import type { Plugin } from "vite";
import type { Manifest } from "./src/offline/manifest.js";

const SOURCE = fileURLToPath(new URL("src/offline/service-worker.ts", import.meta.url));
const SCRIPT = "service-worker.js";
const PAGE = "index.html";

/** Adds the service worker to a build, with the list of all that was built in it. */
export function offline(): Plugin {
  return {
    name: "offline",
    apply: "build",
    buildStart() {
      this.emitFile({ type: "chunk", id: SOURCE, fileName: SCRIPT });
    },
    writeBundle: {
      order: "post",
      handler({ dir }) {
        const script = join(dir!, SCRIPT);
        const [before, after, ...more] = readFileSync(script, "utf8").split("__MANIFEST__");
        if (after === undefined || more.length > 0) {
          throw new Error(`offline: ${SCRIPT} must name its manifest once, got ${more.length + 1} parts`);
        }
        writeFileSync(script, before + JSON.stringify(manifestOf(dir!)) + after);
      },
    },
  };
}

/** What lies in the folder of a build. */
function manifestOf(folder: string): Manifest {
  const assets = filesIn(folder).filter((name) => name !== SCRIPT && name !== PAGE);
  const digest = createHash("sha256")
    .update(readFileSync(join(folder, PAGE)))
    .digest("base64");
  const version = createHash("sha256")
    .update(JSON.stringify([digest, assets]))
    .digest("hex")
    .slice(0, 16);
  return { version, page: `sha256-${digest}`, assets };
}

function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)).split(sep).join("/"))
    .sort();
}
