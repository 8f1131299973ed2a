import "./style.css";
import { Playground, type Thread } from "./playground.js";
import { App } from "./views/app.js";

const worker = new Worker(new URL("./worker/worker.ts", import.meta.url), { type: "module" });
const playground = new Playground(worker as Thread, location.hash.slice(1));
const app = new App(playground);
document.querySelector("#app")!.replaceChildren(...app.elements);

worker.onerror = ({ message }) => app.fail(message);
playground.onchange = () => {
  const address = playground.query === "" ? location.pathname + location.search : `#${playground.query}`;
  history.replaceState(null, "", address);
  app.schedule();
};
window.addEventListener("hashchange", () => {
  const query = location.hash.slice(1);
  // A link to a part of the page holds no settings.
  if (document.getElementById(query) === null) playground.read(query);
});
app.schedule();

// For the console, and for tests that check a number: see worker/protocol.ts.
Object.assign(globalThis, { playground });
