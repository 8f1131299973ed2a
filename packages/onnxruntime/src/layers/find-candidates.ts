import { nearestName } from "@delve/stats";
import {
  type Candidate,
  DataType,
  type LayerOptions,
  type OnnxModel,
  type OnnxNode,
} from "../model/types.js";
import { type Finding, findingOf } from "./finding.js";
import { Functions } from "./function-call.js";
import { Names } from "./layer-names.js";
import { Scope } from "./scope.js";

/**
 * Every node of a model that is a layer or might be taken for one, in the order of the model, and then the values
 * that the options name; each with the reason why it is taken or left.
 *
 * @throws {RangeError} If `tensors` names a value that the model does not have or that cannot be recorded.
 */
export function findCandidates(model: OnnxModel, options: LayerOptions = {}): Candidate[] {
  const scope = new Scope(model.graph);
  const names = new Names();
  const findings = findingsOf(scope, new Functions(model), null);
  const given = nameAll(findings, names);
  const found = findings.map((finding) => candidateOf(finding, given.get(finding)!, options));
  return [...found, ...namedTensors(scope, found, names, options)];
}

/** @param unreachable - Why nothing of this graph can be seen; `null` for the main graph. */
function findingsOf(scope: Scope, functions: Functions, unreachable: string | null): Finding[] {
  const findings: Finding[] = [];
  for (const node of scope.graph.nodes) {
    const finding = findingOf(scope, node, functions);
    if (finding !== null) findings.push(unreachable === null ? finding : left(finding, unreachable));
    for (const body of node.subgraphs) {
      const reason = `not reachable: inside the body of ${describeNode(node)}, and ONNX Runtime shows values of the main graph only`;
      for (const inner of findingsOf(new Scope(body, scope), functions, reason)) findings.push(inner);
    }
  }
  return findings;
}

const describeNode = ({ name, opType }: OnnxNode): string =>
  name === "" ? opType : `${opType} ${JSON.stringify(name.length > 80 ? `${name.slice(0, 77)}...` : name)}`;

const left = (finding: Finding, reason: string): Finding => ({
  ...finding,
  taken: false,
  reason,
  source: { via: "nothing" },
});

/** Layers that can be recorded have the first choice of names. */
function nameAll(findings: readonly Finding[], names: Names): Map<Finding, string> {
  const given = new Map<Finding, string>();
  for (const finding of findings) if (finding.taken) given.set(finding, names.give(finding.names));
  for (const finding of findings) if (!finding.taken) given.set(finding, names.give(finding.names));
  return given;
}

/** Field by field, for a rest and a spread of thousands of objects would cost more than finding them. */
function candidateOf(finding: Finding, layer: string, options: LayerOptions): Candidate {
  const { op, nodeName, weight, tensor, source, elemType, layout, features } = finding;
  const leave = finding.taken ? whyLeft(finding, layer, options) : null;
  const taken = finding.taken && leave === null;
  const reason = leave ?? finding.reason;
  return { layer, taken, reason, op, nodeName, weight, tensor, source, elemType, layout, features };
}

/** Which option leaves a layer out; `null` if none does. */
function whyLeft({ isConvolution }: Finding, layer: string, options: LayerOptions): string | null {
  const { layerFilter, ignoreLayerNames, includeConv = true } = options;
  if (isConvolution && !includeConv) return "left out by `includeConv`";
  if (ignoreLayerNames?.includes(layer)) return "left out by `ignoreLayerNames`";
  return layerFilter === undefined || layerFilter(layer) ? null : "left out by `layerFilter`";
}

function namedTensors(
  scope: Scope,
  found: readonly Candidate[],
  names: Names,
  { tensors = [] }: LayerOptions,
): Candidate[] {
  const recorded = new Map(found.filter(({ taken }) => taken).map(({ tensor, layer }) => [tensor, layer]));
  return tensors.map((tensor) => {
    checkTensor(scope, tensor);
    const already = recorded.get(tensor);
    const layer = names.give([tensor]);
    if (already === undefined) recorded.set(tensor, layer);
    return {
      layer,
      taken: already === undefined,
      reason: already === undefined ? "named in `tensors`" : `recorded already as ${already}`,
      op: "",
      nodeName: scope.producer(tensor)?.name ?? "",
      weight: null,
      tensor,
      source: { via: "tensor" },
      elemType: scope.elemType(tensor),
      layout: { kind: "any" },
      features: null,
    };
  });
}

function checkTensor(scope: Scope, tensor: string): void {
  if (!scope.has(tensor)) {
    const near = nearestName(tensor, scope.names());
    const hint = near === undefined ? "" : ` (did you mean "${near}"?)`;
    throw new RangeError(`tensors: must name values of the main graph, got "${tensor}"${hint}`);
  }
  if (scope.isConstant(tensor)) {
    throw new RangeError(`tensors: must name values that depend on the inputs, got the constant "${tensor}"`);
  }
  if (scope.elemType(tensor) === DataType.string) {
    throw new RangeError(`tensors: must name numbers, got the texts "${tensor}"`);
  }
}
