// Watches embeddings where they are made: a Worker that takes in vectors, batch by batch, and tells how many directions
// they really use and whether they drift. It keeps their moments, never the vectors.

import { Collection } from "./collection.js";
import { Refusal } from "./refusal.js";
import { dropBody, readBody, readSamples } from "./samples.js";
import { settingsOf } from "./settings.js";

export { Collector } from "./collector.js";

export default {
  async fetch(request, env) {
    try {
      return await answer(request, env);
    } catch (error) {
      if (error instanceof Refusal) {
        await dropBody(request);
        return Response.json({ error: error.message }, { status: error.status });
      }
      console.error(error);
      return Response.json({ error: "something went wrong here" }, { status: 500 });
    }
  },
};

const ROUTES = {
  "POST samples": async (collection, request, { features }) => {
    await collection.add(await readSamples(request, features));
    return Response.json({ taken: true }, { status: 202 });
  },
  "GET report": async (collection) => Response.json(await collection.report()),
  "GET state": async (collection) => bytesOf(await collection.state()),
  "POST state": async (collection, request) => {
    await collection.merge(await readBody(request));
    return Response.json({ taken: true }, { status: 202 });
  },
  "PUT reference": async (collection) => Response.json(await collection.setReference()),
  "DELETE samples": async (collection) => Response.json(await collection.clear()),
};

/** /<collection>/<what>: of one Worker there are as many collections as one likes, of one kind of embeddings each. */
async function answer(request, env) {
  const settings = settingsOf(env);
  requireToken(request, settings);
  const [name, what, ...rest] = new URL(request.url).pathname.slice(1).split("/");
  const route = ROUTES[`${request.method} ${what}`];
  if (!/^[\w.-]{1,64}$/.test(name) || rest.length > 0 || route === undefined) {
    throw new Refusal(404, `needs one of ${Object.keys(ROUTES).join(", ")} of a collection`);
  }
  return route(new Collection(env.COLLECTORS, name, settings), request, settings);
}

/** With a secret `TOKEN` only those who know it are heard. */
function requireToken(request, { token }) {
  if (token === undefined || isSame(request.headers.get("authorization") ?? "", `Bearer ${token}`)) return;
  throw new Refusal(401, "needs the token as `authorization: Bearer …`");
}

/** Takes as long wherever the two differ, which tells nothing of where. */
function isSame(a, b) {
  const [one, other] = [a, b].map((text) => new TextEncoder().encode(text));
  return one.byteLength === other.byteLength && crypto.subtle.timingSafeEqual(one, other);
}

function bytesOf(bytes) {
  return new Response(bytes, { headers: { "content-type": "application/octet-stream" } });
}
