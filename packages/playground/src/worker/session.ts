import type { SyncBackend } from "@delve/kernel";
import { countOf } from "../problems/dataset.js";
import { LAST_EPOCH } from "../state/limits.js";
import type { Settings } from "../state/settings.js";
import { forward } from "./network.js";
import { shownSamples } from "./pictures.js";
import { placeOf, project } from "./projector.js";
import type { ActivationsReport, Command, Report } from "./protocol.js";
import { type Epoch, type Step, Trainer } from "./trainer.js";

/** An epoch takes at least so many milliseconds, or nobody could watch. */
const SHORTEST_EPOCH = 60;
/** Between batches, commands are looked for this often, in milliseconds. */
const LOOK_UP_EVERY = 12;
/** The progress of an epoch is told this often, in milliseconds; that of a short one would only flicker. */
const TELL_EVERY = 150;
/** While training goes on, projections take no more than this share of the time. */
const PROJECTION_SHARE = 0.25;

/** One network under way. */
interface Run {
  readonly id: number;
  readonly trainer: Trainer;
  readonly steps: AsyncGenerator<Step, never>;
}

/** Which layer is projected, and onto how many axes. */
interface Target {
  readonly layer: string;
  readonly axes: number;
}

/** Carries out commands: one network at a time, trained in steps between which the next command is heard. */
export class Session {
  readonly #backend: SyncBackend;
  readonly #report: (message: Report) => void;
  #run: Run | null = null;
  #target: Target | null = null;
  #goal: "rest" | "epoch" | "on" = "rest";
  #isWorking = false;
  #nextProjection = 0;
  /** Starts come one after another, however fast they are asked for. */
  #starting: Promise<void> = Promise.resolve();
  #newest = 0;

  constructor(backend: SyncBackend, report: (message: Report) => void) {
    this.#backend = backend;
    this.#report = report;
  }

  async obey(command: Command): Promise<void> {
    switch (command.type) {
      case "start":
        this.#newest = command.run;
        this.#goal = "rest";
        this.#starting = this.#starting
          // One that failed has been told of, and keeps no other from beginning.
          .catch(() => {})
          .then(() => this.#start(command.run, command.settings));
        return this.#starting;
      case "train":
        return command.on ? this.#pursue("on") : this.#hold();
      case "step":
        return this.#pursue("epoch");
      case "rate":
        await this.#started();
        if (this.#run) this.#run.trainer.rate = command.rate;
        return;
      case "project":
        this.#target = command;
        return this.#project();
      case "activations":
        return this.#reportActivations(command.layer);
    }
  }

  async #start(id: number, settings: Settings): Promise<void> {
    // Another start has come meanwhile: nobody waits for this one.
    if (id !== this.#newest) return;
    await this.#end();
    const trainer = await Trainer.open(settings, this.#backend);
    this.#run = { id, trainer, steps: trainer.steps() };
    this.#report({
      type: "started",
      run: id,
      layers: trainer.layers,
      trainCount: countOf(trainer.dataset.train),
      heldOutCount: countOf(trainer.dataset.heldOut),
      shown: shownSamples(trainer.dataset),
    });
    this.#take((await this.#run.steps.next()).value);
    this.#project();
  }

  /** Waits for the run that is beginning; whether it could is told elsewhere. */
  async #started(): Promise<void> {
    await this.#starting.catch(() => {});
  }

  async #end(): Promise<void> {
    const run = this.#run;
    this.#run = null;
    if (run === null) return;
    while (this.#isWorking) await pause(1);
    await run.steps.return(undefined as never);
    await run.trainer.close();
  }

  async #pursue(goal: "epoch" | "on"): Promise<void> {
    this.#goal = goal;
    await this.#started();
    const run = this.#run;
    if (run === null || this.#isWorking || this.#isAtRest()) return;
    await this.#work(run);
  }

  #hold(): void {
    this.#goal = this.#isWorking ? "epoch" : "rest";
  }

  #isAtRest(): boolean {
    return this.#goal === "rest";
  }

  /** Trains until the goal is reached or another run begins. */
  async #work(run: Run): Promise<void> {
    this.#isWorking = true;
    this.#report({ type: "training", run: run.id, on: true });
    try {
      while (this.#goal !== "rest" && this.#run === run && run.trainer.epoch < LAST_EPOCH) {
        await this.#workOnEpoch(run);
        this.#projectWhenDue();
      }
    } finally {
      this.#isWorking = false;
      this.#goal = "rest";
      this.#report({ type: "training", run: run.id, on: false });
    }
    if (this.#run === run) this.#project();
  }

  async #workOnEpoch(run: Run): Promise<void> {
    const begin = performance.now();
    let [lookedUp, told] = [begin, begin];
    while (this.#goal !== "rest" && this.#run === run) {
      const { value: step } = await run.steps.next();
      if (step.epoch !== undefined || performance.now() - told > TELL_EVERY) {
        this.#take(step);
        told = performance.now();
      }
      if (step.epoch !== undefined) break;
      if (performance.now() - lookedUp < LOOK_UP_EVERY) continue;
      await pause(0);
      lookedUp = performance.now();
    }
    if (this.#goal === "epoch") this.#goal = "rest";
    await pause(Math.max(0, SHORTEST_EPOCH - (performance.now() - begin)));
  }

  #take({ share, epoch }: Step): void {
    const run = this.#run;
    if (run === null) return;
    if (epoch === undefined) this.#report({ type: "progress", run: run.id, share });
    else this.#report(epochReport(run.id, epoch));
  }

  #projectWhenDue(): void {
    if (performance.now() >= this.#nextProjection) this.#project();
  }

  #project(): void {
    const [run, target] = [this.#run, this.#target];
    if (run === null || target === null || placeOf(run.trainer.model, target.layer) < 0) return;
    const begin = performance.now();
    const result = project(run.trainer, this.#backend, target.layer, target.axes);
    const end = performance.now();
    this.#nextProjection = end + (end - begin) * (1 / PROJECTION_SHARE - 1);
    this.#report({ type: "projection", run: run.id, ...result });
  }

  #reportActivations(layer: string): void {
    const run = this.#run;
    if (run === null) return;
    const { model, heldOut, epoch } = run.trainer;
    const values = run.trainer.unwatched(() => forward(model, heldOut.inputs, 0, placeOf(model, layer) + 1));
    const data = values.dataSync().slice() as Float32Array;
    const report: ActivationsReport = {
      type: "activations",
      run: run.id,
      epoch,
      layer,
      shape: values.shape,
      data,
    };
    values.dispose();
    this.#report(report);
  }
}

const epochReport = (run: number, epoch: Epoch): Report => ({ type: "epoch", run, ...epoch });

const pause = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));
