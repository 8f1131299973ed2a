import { consoleLog } from "@delve/stats";
import { type FoundGraph, findGraphNodes } from "./graph-model/find-graph-nodes.js";
import { type Found, findLayers, graphModelsOf } from "./layers.js";
import type { Settings } from "./options.js";
import type { TensorFlow } from "./types.js";

/** All that a tracker records: layers, and nodes of graph models. */
export interface Recordable extends Found {
  readonly graphs: readonly FoundGraph[];
}

/**
 * Finds what the options let through.
 *
 * @throws {RangeError} If that is nothing, or a name is unknown.
 */
export async function findRecordable<T extends TensorFlow>(settings: Settings<T>): Promise<Recordable> {
  const { modules, includeLayers, accepts } = settings;
  const { layers: all, repeated } = findLayers(modules, includeLayers);
  const allGraphs = await findGraphs(settings, new Set(all.flatMap(({ streams }) => streams.map(nameOf))));
  const layers = all.flatMap((layer) => {
    const isConv = layer.kind.places !== undefined;
    const streams = layer.streams.filter(({ name }) => accepts(isConv, name));
    return streams.length > 0 ? { ...layer, streams } : [];
  });
  const graphs = allGraphs.flatMap((graph) => {
    const nodes = graph.nodes.filter(({ name, node }) => accepts(node.family === "conv", name));
    return nodes.length > 0 ? { ...graph, nodes } : [];
  });
  if (layers.length + graphs.length > 0) return { layers, repeated, graphs };
  const left = all.length + allGraphs.reduce((sum, { nodes }) => sum + nodes.length, 0);
  const got = left === 0 ? "none" : `${left} that the options leave out`;
  const kinds = "dense, convolutional or recurrent, or named by includeLayers";
  throw new RangeError(`SaturationTracker.open: model must have a layer to record (${kinds}), got ${got}`);
}

const nameOf = ({ name }: { readonly name: string }): string => name;

async function findGraphs<T extends TensorFlow>(
  { modules, nodes, activations, rest }: Settings<T>,
  taken: Set<string>,
): Promise<FoundGraph[]> {
  const graphs: FoundGraph[] = [];
  for (const model of graphModelsOf(modules)) {
    graphs.push(
      await findGraphNodes(model, { nodes, activations, taken, logger: rest.logger ?? consoleLog }),
    );
  }
  return graphs;
}
