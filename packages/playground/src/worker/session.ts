import type { SyncBackend } from "@delve/kernel";
import { countOf } from "../problems/dataset.js";
import { LAST_EPOCH } from "../state/limits.js";
import type { Settings } from "../state/settings.js";
import { forward } from "./network.js";
import { pause } from "./pause.js";
import { shownSamples } from "./pictures.js";
import { Projections, type Target } from "./projections.js";
import { placeOf } from "./projector.js";
import type { Command, Report } from "./protocol.js";
import { Trainer } from "./trainer.js";

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
  readonly steps: ReturnType<Trainer["steps"]>;
}

/** Carries out commands: one network at a time, trained in steps between which the next command is heard. */
export class Session {
  readonly #backend: SyncBackend;
  readonly #report: (message: Report) => void;
  readonly #projections: Projections;
  #run: Run | null = null;
  #target: Target | null = null;
  /** The target is another one than what was shown last. */
  #isTargetNew = false;
  #goal: "rest" | "epoch" | "on" = "rest";
  #isWorking = false;
  /** Weights are on their way from the end of one epoch to that of the next. */
  #isInEpoch = false;
  /** When the progress of the epoch was told last. */
  #told = 0;
  #nextProjection = 0;
  /** Starts come one after another, however fast they are asked for. */
  #starting: Promise<void> = Promise.resolve();
  #newest = 0;

  constructor(backend: SyncBackend, report: (message: Report) => void) {
    this.#backend = backend;
    this.#report = report;
    this.#projections = new Projections(backend, report);
  }

  async obey(command: Command): Promise<void> {
    switch (command.type) {
      case "start":
        this.#newest = command.run;
        this.#goal = "rest";
        this.#projections.forget();
        this.#starting = this.#starting
          // One that failed has been told of, and keeps no other from beginning.
          .catch(() => {})
          .then(() => this.#start(command.run, command.settings));
        await this.#starting;
        return this.#projectAtRest();
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
        this.#isTargetNew = true;
        return this.#projectAtRest();
      case "activations":
        return this.#reportActivations(command.layer);
    }
  }

  async #start(id: number, settings: Settings): Promise<void> {
    // Another start has come meanwhile: nobody waits for this one.
    if (id !== this.#newest) return;
    await this.#end();
    const trainer = await Trainer.open(settings, this.#backend);
    const run = { id, trainer, steps: trainer.steps() };
    this.#run = run;
    this.#report({
      type: "started",
      run: id,
      layers: trainer.layers,
      trainCount: countOf(trainer.dataset.train),
      heldOutCount: countOf(trainer.dataset.heldOut),
      shown: shownSamples(trainer.dataset),
    });
    await this.#advance(run);
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
    this.#projections.forget();
    await run.steps.return();
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
    this.#goal = this.#isInEpoch ? "epoch" : "rest";
    this.#projections.interrupt();
  }

  #isAtRest(): boolean {
    return this.#goal === "rest";
  }

  /** Trains until the goal is reached, another run begins, or training cannot go on. */
  async #work(run: Run): Promise<void> {
    this.#isWorking = true;
    this.#report({ type: "training", run: run.id, on: true });
    try {
      while (this.#goal !== "rest" && this.#run === run && canGoOn(run)) {
        await this.#workOnEpoch(run);
        await this.#projectWhenDue(run);
      }
    } finally {
      this.#isWorking = false;
      // The goal of a run that has begun meanwhile is not this one's.
      if (this.#run === run) this.#goal = "rest";
      this.#report({ type: "training", run: run.id, on: false });
    }
    if (this.#run === run) await this.#projectAtRest();
  }

  async #workOnEpoch(run: Run): Promise<void> {
    const begin = performance.now();
    this.#projections.forget();
    this.#isInEpoch = true;
    let lookedUp = begin;
    this.#told = begin;
    while (this.#goal !== "rest" && this.#run === run) {
      if (await this.#advance(run)) break;
      if (performance.now() - lookedUp < LOOK_UP_EVERY) continue;
      await pause(0);
      this.#showNewTarget(run);
      lookedUp = performance.now();
    }
    this.#isInEpoch = false;
    if (this.#goal === "epoch" && this.#run === run) this.#goal = "rest";
    await pause(Math.max(0, SHORTEST_EPOCH - (performance.now() - begin)));
  }

  /** The next step; gives whether it was the last of its epoch. */
  async #advance(run: Run): Promise<boolean> {
    const { done, value: step } = await run.steps.next();
    if (done) {
      this.#report({ type: "diverged", run: run.id, epoch: run.trainer.epoch + 1 });
      return true;
    }
    if (step.epoch !== undefined) this.#report({ type: "epoch", run: run.id, ...step.epoch });
    else if (performance.now() - this.#told > TELL_EVERY) {
      this.#report({ type: "progress", run: run.id, share: step.share });
      this.#told = performance.now();
    }
    return step.epoch !== undefined;
  }

  async #projectWhenDue(run: Run): Promise<void> {
    if (performance.now() < this.#nextProjection || this.#goal === "rest") return;
    const begin = performance.now();
    await this.#project(run);
    const end = performance.now();
    this.#nextProjection = end + (end - begin) * (1 / PROJECTION_SHARE - 1);
  }

  async #projectAtRest(): Promise<void> {
    if (this.#run !== null && !this.#isWorking) await this.#project(this.#run);
  }

  async #project({ id, trainer }: Run): Promise<void> {
    if (this.#target === null || trainer.hasDiverged) return;
    this.#isTargetNew = false;
    await this.#projections.show(id, trainer, this.#target);
  }

  /** Between two batches: whoever asks for another projection does not wait for the end of a long epoch. */
  #showNewTarget({ id, trainer }: Run): void {
    if (!this.#isTargetNew || this.#target === null || this.#run?.trainer !== trainer) return;
    this.#isTargetNew = false;
    this.#projections.showAxes(id, trainer, this.#target);
    this.#projections.forget();
  }

  #reportActivations(layer: string): void {
    const run = this.#run;
    if (run === null) return;
    const { model, heldOut, epoch } = run.trainer;
    const values = run.trainer.unwatched(() => forward(model, heldOut.inputs, 0, placeOf(model, layer) + 1));
    const data = values.dataSync().slice() as Float32Array;
    const { shape } = values;
    values.dispose();
    this.#report({ type: "activations", run: run.id, epoch, layer, shape, data });
  }
}

const canGoOn = ({ trainer }: Run) => trainer.epoch < LAST_EPOCH && !trainer.hasDiverged;
