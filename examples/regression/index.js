// Two linear layers learn random numbers by heart, once with 3 and once with 32 hidden units; delve follows the
// saturation of both layers, in training and on a test batch, from step to step of a training loop of one's own.
//
//   node examples/regression/index.js [steps]
//
// Delve's own example takes 2000 steps and draws every one of them. Here 500 are the default, and every hundredth
// is drawn; 2000 take about two minutes on tfjs's cpu backend.
import { createProgress, SaturationTracker } from "@delve/tfjs";
import * as tf from "@tensorflow/tfjs";

const steps = Number(process.argv[2] ?? 500);
const PLOT_EVERY = 100;

// N is the batch size, D_IN and D_OUT are the dimensions of input and output.
const [N, D_IN, D_OUT] = [64, 1000, 10];

// Production mode: tfjs leaves out its debugging checks, and its advice to use another backend in Node.
tf.enableProdMode();
await tf.setBackend("cpu");

const normal = (shape, seed) => tf.randomNormal(shape, 0, 1, "float32", seed);
const [x, y] = [normal([N, D_IN], 1), normal([N, D_OUT], 2)];
const [xTest, yTest] = [normal([N, D_IN], 3), normal([N, D_OUT], 4)];

const sumOfSquares = (prediction, target) => prediction.sub(target).square().sum();

for (const hidden of [3, 32]) {
  console.log(`\nTwoLayerNet, ${hidden} hidden units`);
  const model = twoLayerNet(hidden);
  const optimizer = tf.train.momentum(1e-4, 0.9);
  const tracker = await SaturationTracker.open({
    tf,
    model,
    savePath: `runs/regression/h${hidden}`,
    saveTo: "csvplot",
    stats: ["lsat"],
    // Every step is a row of the CSV; every hundredth, and the last, is drawn.
    writerArgs: { plotEvery: PLOT_EVERY },
  });

  const progress = createProgress({ total: steps, label: "step" });
  for (let step = 0; step < steps; step++) {
    const train = optimizer.minimize(() => sumOfSquares(model.apply(x, { training: true }), y), true);
    const test = tf.tidy(() => sumOfSquares(model.predict(xTest), yTest));
    const [trainLoss, testLoss] = [train.dataSync()[0], test.dataSync()[0]];
    tf.dispose([train, test]);

    tracker.addScalar("train-loss", trainLoss);
    tracker.addScalar("test-loss", testLoss);
    await tracker.addSaturations();
    progress.update(step + 1, { "train-loss": trainLoss, "test-loss": testLoss });
  }
  progress.finish();
  await tracker.close();
  report(tracker);
}

function twoLayerNet(hidden) {
  return tf.sequential({
    layers: [
      linear("linear1", hidden, { inputs: D_IN, seed: 5, inputShape: [D_IN], activation: "relu" }),
      linear("linear2", D_OUT, { inputs: hidden, seed: 7 }),
    ],
  });
}

/** A dense layer with PyTorch's initial weights: uniform in ±1/√inputs. */
function linear(name, units, { inputs, seed, ...rest }) {
  const bound = 1 / Math.sqrt(inputs);
  const uniform = (from) => tf.initializers.randomUniform({ minval: -bound, maxval: bound, seed: from });
  return tf.layers.dense({
    name,
    units,
    kernelInitializer: uniform(seed),
    biasInitializer: uniform(seed + 1),
    ...rest,
  });
}

function report({ latest, savePath }) {
  for (const { kind, phase, layer, value } of latest.records) {
    if (kind === "stat") console.log(`saturation of ${layer}, ${phase.padEnd(5)}  ${value.toFixed(2)}`);
  }
  console.log(`${savePath}.csv has every step, ${savePath}/ the plots`);
}
