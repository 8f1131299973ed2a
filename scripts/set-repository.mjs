// Writes into the manifest of each published package which repository it comes from: the one that runs the release, as its CI
// names it. Provenance is refused for a package that names none or another, and a fork that releases is another.
import process from "node:process";
import { publicPackages, writeManifest } from "./packages.mjs";

const { GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: name } = process.env;
if (!server || !name) {
  console.error("set-repository: GITHUB_SERVER_URL and GITHUB_REPOSITORY must be set, as CI does; got none");
  process.exit(1);
}
for (const { folder, manifest } of publicPackages()) {
  const repository = { type: "git", url: `git+${server}/${name}.git`, directory: folder };
  const homepage = `${server}/${name}#readme`;
  writeManifest(folder, { ...manifest, homepage, repository });
}
