import { answer } from "./worker.js";

addEventListener("fetch", (event) => event.respondWith(answer(event.request)));
