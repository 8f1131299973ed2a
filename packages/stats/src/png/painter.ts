import { pngPlatform } from "#platform-png";
import type { Log } from "../log.js";
import { type DrawnFigure, drawFigure, type Figure } from "./draw-figure.js";
import type { DrawingThread, StartDrawingThread } from "./drawing-thread.js";

/**
 * Draws figures away from the thread that asks: on a thread of its own where there is one (Node, Deno, Bun), else
 * between other work. One figure at a time.
 */
export class Painter {
  readonly #log: Log;
  readonly #start: StartDrawingThread | null;
  #thread: DrawingThread | null = null;
  #works: boolean;

  /** @param start - How a thread is started; as the platform does when left out. */
  constructor(log: Log, start: StartDrawingThread | null = pngPlatform.startDrawingThread) {
    this.#log = log;
    this.#start = start;
    this.#works = start !== null;
  }

  /** @throws {Error} If the figure cannot be drawn. */
  async draw(figure: Figure): Promise<DrawnFigure> {
    // SVG is text: sending it would take as long as writing it.
    const drawn = this.#works && figure.png ? await this.#drawOnThread(figure) : null;
    if (drawn !== null) return drawn;
    await otherWork();
    return drawFigure(figure);
  }

  /** Ends the thread. A figure that comes later starts another one. */
  close(): void {
    this.#thread?.end();
    this.#thread = null;
  }

  /** `null` if the thread is lost. */
  async #drawOnThread(figure: Figure): Promise<DrawnFigure | null> {
    let reply: DrawnFigure | { readonly error: Error };
    try {
      this.#thread ??= this.#start!(await handedInFonts());
      reply = await this.#thread.draw(figure);
    } catch (error) {
      this.close();
      this.#works = false;
      const reason = error instanceof Error ? error.message : String(error);
      this.#log("warn", `plots are drawn between other work, without a thread of their own: ${reason}`, {
        error,
      });
      return null;
    }
    if ("error" in reply) throw reply.error;
    return reply;
  }
}

/** Fonts that somebody loaded here: the thread is to draw with them, too. */
async function handedInFonts(): Promise<readonly Uint8Array[] | null> {
  const { fontsHandedIn } = await import("./rasteriser.js");
  return fontsHandedIn();
}

/** Lets everything else that is due have its turn. Timers would do, but browsers slow them down in the background. */
function otherWork(): Promise<void> {
  if (typeof MessageChannel !== "function") return new Promise((resolve) => setTimeout(resolve));
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    (port1 as Port).onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

/** What all platforms' ports have in common. */
type Port = InstanceType<typeof MessageChannel>["port1"] & { onmessage: (() => void) | null };
