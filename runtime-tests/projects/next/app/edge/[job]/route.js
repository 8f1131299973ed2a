import { answer } from "../../../worker.js";

export const runtime = "edge";

export const POST = (request) => answer(request);
