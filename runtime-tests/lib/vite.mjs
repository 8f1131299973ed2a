import { startServer } from "./exec.mjs";
import { builtPage, pageOf, publishRuntime, versionOf } from "./page.mjs";

const VITE = ["node_modules/.bin/vite"];

/** A project of Vite with no configuration: its development server, and its build. */
export function viteProject(more = {}) {
  return {
    ...more,
    runtimes: [
      { runtime: "Vite", how: "development", open: develop },
      { runtime: "Vite", how: "build", open: (folder) => builtPage(folder, "vite", [...VITE, "build"]) },
    ],
  };
}

async function develop(folder) {
  publishRuntime(folder);
  const server = await startServer(folder, [...VITE, "--host", "127.0.0.1"], /(http:\/\/127\.0\.0\.1:\d+)/);
  return pageOf(server, { version: versionOf(folder, "vite") });
}
