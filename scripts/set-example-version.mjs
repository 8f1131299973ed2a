// Makes examples/edge-worker ask for the packages of this version. It lies outside of the workspace, to be copied and deployed
// by itself, so that nothing else moves it along.
import { publicPackages, readManifest, writeManifest } from "./packages.mjs";

const FOLDER = "examples/edge-worker";

const manifest = readManifest(FOLDER);
const used = publicPackages().filter(({ name }) => name in manifest.dependencies);
const ranges = Object.fromEntries(used.map(({ name, version }) => [name, `^${version}`]));
writeManifest(FOLDER, { ...manifest, dependencies: { ...manifest.dependencies, ...ranges } });
