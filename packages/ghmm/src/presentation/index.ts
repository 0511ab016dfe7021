export {
  type MixedStatePresentation,
  type MixedStatePresentationOptions,
  mixedStatePresentation,
  type PresentationTransition,
} from "./mixed-state-presentation.ts";
