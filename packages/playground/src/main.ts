import "./style.css";
import { Address } from "./address.js";
import { keepForOffline } from "./offline/register.js";
import { Playground, type Thread } from "./playground.js";
import { App } from "./views/app.js";

const query = () => location.hash.slice(1);
const worker = new Worker(new URL("./worker/worker.ts", import.meta.url), { type: "module" });
const playground = new Playground(worker as Thread, query());
const address = new Address(window, playground, query());
const app = new App(playground);
document.querySelector("#app")!.replaceChildren(...app.elements);

// A worker that cannot be loaded says nothing at all.
worker.onerror = ({ message }) => playground.fail(message || "the part that computes did not load");
playground.onchange = () => {
  address.follow();
  app.schedule();
};
window.addEventListener("hashchange", () => {
  // A link to a part of the page holds no settings.
  if (document.getElementById(query()) === null) address.read(query());
});
address.follow();
app.schedule();
if (import.meta.env.PROD) keepForOffline();

// For the console, and for tests that check a number: see worker/protocol.ts.
Object.assign(globalThis, { playground });
