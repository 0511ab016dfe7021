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
