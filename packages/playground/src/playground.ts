import { layerNames } from "./state/layers.js";
import { coherent, queryOf, runKeyOf, type Settings, settingsOf } from "./state/settings.js";
import { isMeantToTrain, newRun, type State, withReport } from "./state/state.js";
import type { ActivationsReport, Command, Report } from "./worker/protocol.js";

/** The part of a `Worker` that is used. */
export interface Thread {
  postMessage(command: Command): void;
  onmessage: ((event: MessageEvent<Report>) => void) | null;
}

/** Holds the state, turns what people do into commands, and reports into the next state. */
export class Playground {
  readonly #worker: Thread;
  #state: State;
  /** What was asked for last is an epoch, not training that goes on. */
  #isForOneEpoch = false;
  #waiting: ((report: ActivationsReport) => void)[] = [];
  /** Called after every change of the state. */
  onchange: (state: State) => void = () => {};

  constructor(worker: Thread, query: string) {
    this.#worker = worker;
    this.#state = { settings: settingsOf(query), run: newRun(0), failure: null };
    worker.onmessage = ({ data }) => this.#take(data);
    this.restart();
  }

  get state(): State {
    return this.#state;
  }

  /** What the address of the page should hold. */
  get query(): string {
    return queryOf(this.#state.settings);
  }

  /** Takes up settings from an address. */
  read(query: string): void {
    this.change(settingsOf(query));
  }

  /** Changes settings, and does what they ask for: new weights, another pace, another projection, or nothing at all. */
  change(some: Partial<Settings>): void {
    const before = this.#state.settings;
    const settings = coherent({ ...before, ...some });
    this.#update({ settings });
    if (runKeyOf(settings) !== runKeyOf(before))
      this.#begin(!this.#isForOneEpoch && isMeantToTrain(this.#state.run));
    else if (settings.layer !== before.layer || settings.axes !== before.axes) this.#project();
    if (settings.rate !== before.rate) this.#worker.postMessage({ type: "rate", rate: settings.rate });
  }

  /** The same data and the same first weights once more. */
  restart(): void {
    this.#begin(false);
  }

  train(on: boolean): void {
    this.#isForOneEpoch = false;
    this.#wish(on ? "train" : "pause");
    this.#worker.postMessage({ type: "train", on });
  }

  /** Trains, or holds training, whichever is not meant to be so now. */
  toggle(): void {
    this.train(!isMeantToTrain(this.#state.run));
  }

  /** One epoch. */
  step(): void {
    this.#isForOneEpoch = true;
    this.#wish("train");
    this.#worker.postMessage({ type: "step" });
  }

  /** What a layer makes of the held-out samples now: for checks from outside. */
  activations(layer: string): Promise<ActivationsReport> {
    return new Promise((resolve) => {
      this.#waiting.push(resolve);
      this.#worker.postMessage({ type: "activations", layer });
    });
  }

  /** Takes up that something went wrong which the worker could not report. */
  fail(message: string): void {
    this.#update(withReport(this.#state, { type: "failed", message }));
  }

  #wish(wish: "train" | "pause"): void {
    const { run } = this.#state;
    // What is so already need not come about.
    const isSo = run.isTraining === (wish === "train");
    this.#update({ run: { ...run, wish: isSo ? null : wish } });
  }

  #begin(train: boolean): void {
    const run = this.#state.run.id + 1;
    const { settings } = this.#state;
    this.#update({ run: newRun(run), failure: null });
    this.#worker.postMessage({ type: "start", run, settings });
    this.#project();
    if (train) this.train(true);
  }

  #project(): void {
    const { settings } = this.#state;
    const layer = layerNames(settings)[settings.layer]!;
    this.#worker.postMessage({ type: "project", layer, axes: settings.axes });
  }

  #take(report: Report): void {
    if (report.type === "activations") this.#waiting.shift()?.(report);
    else this.#update(withReport(this.#state, report));
  }

  #update(some: Partial<State>): void {
    this.#state = { ...this.#state, ...some };
    this.onchange(this.#state);
  }
}
