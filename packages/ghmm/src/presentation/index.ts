export type { ScalingDimension } from "./_internal/scaling.ts";
export { type BeliefPointCloud, type BeliefPointCloudOptions, beliefPointCloud } from "./belief-point-cloud.ts";
export { boxCountingDimension, type ScaleRangeOptions } from "./box-counting-dimension.ts";
export { type CorrelationDimensionOptions, correlationDimension } from "./correlation-dimension.ts";
export {
  type MixedStatePresentation,
  type MixedStatePresentationOptions,
  mixedStatePresentation,
  type PresentationTransition,
} from "./mixed-state-presentation.ts";
export {
  type MixedStateTree,
  type MixedStateTreeOptions,
  mixedStateTree,
  nodeOfWord,
  type TreeCut,
  wordOfNode,
} from "./mixed-state-tree.ts";
export type { PointSet } from "./point-set.ts";
export { type PresentationDotOptions, presentationToDot } from "./presentation-dot.ts";
export { presentationFromJson } from "./presentation-from-json.ts";
export { type PresentationJson, presentationToJson } from "./presentation-to-json.ts";
export { type TreeJson, treeToJson } from "./tree-json.ts";
