import type { HookPoint } from "../../model/hook-points.ts";

/** The modes of the kernel `intervene_forward`, in its numbering. */
export const interventionModes = ["add", "project", "clamp", "patch", "scale"] as const;

/**
 * A change of an activation while the plan runs. Its numbers are uploaded: `intervention.<index>.strength` [rows], 0 where nothing changes, and
 * `intervention.<index>.values`, [width + 1] (the last is the target of `clamp`) or, for `patch`, one value per element of the activation.
 */
export interface PlannedIntervention {
  readonly hook: HookPoint;
  readonly kind: (typeof interventionModes)[number];
}
