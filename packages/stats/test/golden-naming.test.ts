import { readCase } from "@delve/conformance";
import { referenceBackend } from "@delve/kernel/reference";
import { layerName, memoryStorage, SaturationTracker } from "@delve/stats";
import { describe, expect, test } from "vitest";

/** A module of PyTorch, by the name of its class. */
interface Tree {
  readonly type: string;
  readonly children?: readonly [name: string, child: Tree][];
}

/** Module trees, and the names that Delve's layers and columns get. */
interface NamingCase {
  readonly id: string;
  readonly tree?: Tree | readonly Tree[] | string;
  readonly options?: Readonly<Record<string, unknown>>;
  readonly stats: readonly string[];
  readonly layers?: readonly string[];
  /** Names used in columns. */
  readonly hook_names?: readonly string[];
  readonly csv_header?: string;
}

const { cases } = readCase<{ cases: NamingCase[] }>("naming/naming.json");

describe("columns", () => {
  const withHeader = cases.filter(({ csv_header }) => csv_header !== undefined);

  test.each(withHeader)("$id", async ({ stats, options = {}, hook_names: names = [], csv_header }) => {
    const storage = memoryStorage();
    const ignoreLayerNames = (options["ignore_layer_names"] ?? []) as string[];
    const tracker = await SaturationTracker.open({
      ...{ backend: referenceBackend(), savePath: "run", saveTo: "csv", storage, stats, ignoreLayerNames },
    });
    for (const phase of ["train", "eval"] as const) {
      for (const name of names)
        tracker.record(name, { data: Float64Array.of(1, 2, 3, 5), shape: [2, 2] }, { phase });
    }
    tracker.addScalar("accuracy", 0.5);
    await tracker.addSaturations();
    await tracker.close();
    const text = new TextDecoder().decode((await storage.read("run.csv"))!);
    expect(text.split("\n")[0]).toBe(csv_header);
  });

  test(`of ${cases.length} cases, ${withHeader.length} have columns`, () => {
    const without = cases.filter((golden) => !withHeader.includes(golden)).map(({ id }) => id);
    expect(without).toEqual([
      "container_with_out_features",
      "bare_linear",
      "two_trackers_same_model",
      "bare_conv_twice",
    ]);
  });
});

describe("layers in nested modules", () => {
  const RECORDED = ["Linear", "Conv2d", "LSTM"];

  /** Where names differ from Delve's, and what they are here. */
  const DIFFERENCES: Readonly<Record<string, { reason: string; names: readonly string[] }>> = {
    subclass_lazy_like_container: {
      reason: "what PyTorch has inside MultiheadAttention is not in the tree",
      names: ["ff"],
    },
    container_with_out_features: { reason: "Delve raises TypeError for the attribute", names: ["a"] },
    sequential_with_out_features: {
      reason: "Delve loses the nested names for the attribute",
      names: ["0", "2"],
    },
    bare_linear: { reason: "Delve raises TypeError for a layer that stands alone", names: ["layer"] },
    bare_conv: { reason: "Delve's name is empty", names: ["layer"] },
    bare_lstm: { reason: "Delve's name is empty", names: ["layer"] },
    list_of_layers: {
      reason: "layers of a list go by their own names, if they have any",
      names: ["layer", "layer-2", "layer-3"],
    },
    list_of_sequentials_collide: { reason: "Delve drops layers of the same name", names: ["0", "1", "0-2"] },
    list_mixed: {
      reason: "layers of a list go by their own names, if they have any",
      names: ["layer", "0", "x"],
    },
    layer_filter_keep_fc: {
      reason: "a filter is applied to the names that were found",
      names: ["conv", "fc"],
    },
  };
  const trees = cases.filter(({ tree }) => typeof tree === "object");

  function namesIn(tree: Tree | readonly Tree[]): string[] {
    const taken = new Set<string>();
    const visit = ({ type, children = [] }: Tree, path: readonly string[]): string[] => {
      if (RECORDED.includes(type)) return [layerName(path, taken)];
      return children.flatMap(([name, child]) => visit(child, [...path, name]));
    };
    return [tree].flat().flatMap((module) => visit(module as Tree, []));
  }

  test.each(trees)("$id", ({ id, tree, layers }) => {
    expect(namesIn(tree as Tree)).toEqual(DIFFERENCES[id]?.names ?? layers);
  });

  test(`${trees.length} trees, ${Object.keys(DIFFERENCES).length} named differently on purpose`, () => {
    const ids = trees.map(({ id }) => id);
    for (const id of Object.keys(DIFFERENCES)) expect(ids).toContain(id);
  });
});
