import { type HookPoint, hookLayout, hookShape, isPattern } from "../../model/hook-points.ts";
import type { BufferReference } from "../types.ts";
import { shifted } from "./builder.ts";
import type { Activation, CompileInput, Emitter } from "./compile-input.ts";
import { interventionModes } from "./intervention-modes.ts";

/** What happens at the hook points of a plan. */
export interface Hooks {
  /** The activation after the interventions at this hook point, then captured if asked. Its gradient is needed where it is captured. */
  hook(name: HookPoint, activation: Activation): Activation;
  /** In the backward pass: turns the gradient of what `hook` returned into that of what it was given, in place. */
  backwardHook(name: HookPoint, gradient: BufferReference): void;
  /** Whether the activation must exist on its own, because it is changed or its gradient is used. */
  isActive(name: HookPoint): boolean;
  /** Where a captured activation goes; undefined when it is not captured. */
  captured(name: HookPoint): BufferReference | undefined;
}

/** The hooks of one compilation. */
export function createHooks(input: CompileInput, { builder, emit, activation, constant }: Emitter): Hooks {
  const { config, adapters, batch, length, capturePositions, captureGradients, injectGradients } = input;
  const rows = batch * length;
  const layout = (name: HookPoint) => {
    const { groups, width } = hookLayout(config, adapters, name, length);
    return { batch, groups, length, width, count: rows * groups * width };
  };
  const shape = (name: HookPoint): readonly number[] => [batch, ...hookShape(config, adapters, name, length)];

  const interventions = input.interventions.map(({ hook, kind }, index) => ({ hook, kind, index }));
  const isActive = (name: HookPoint): boolean =>
    captureGradients.includes(name) ||
    injectGradients.includes(name) ||
    interventions.some(({ hook }) => hook === name);

  /** The buffers and numbers of an intervention, as the kernels take them. */
  const planned = ({ hook, kind, index }: (typeof interventions)[number]) => {
    const { count: _, ...sizes } = layout(hook);
    const name = `intervention.${index}.values`;
    const values =
      kind === "patch"
        ? builder.allocate(name, "shard", shape(hook))
        : builder.allocate(name, "shared", [sizes.width + 1]);
    const strength = builder.allocate(`intervention.${index}.strength`, "shard", [rows]);
    return { values, strength, ...sizes, mode: interventionModes.indexOf(kind) };
  };

  const captured = (name: HookPoint): BufferReference | undefined => {
    if (!input.capture.includes(name)) return undefined;
    if (capturePositions === undefined) return builder.allocate(`capture.${name}`, "shard", shape(name));
    const kept = hookShape(config, adapters, name, length).map((size, axis) =>
      axis === (isPattern(name) ? 1 : 0) ? capturePositions.length : size,
    );
    return builder.allocate(`capture.${name}`, "shard", [batch, ...kept]);
  };

  const store = (name: HookPoint, src: BufferReference): void => {
    const dst = captured(name);
    if (dst === undefined) return;
    const { count, ...sizes } = layout(name);
    if (capturePositions === undefined) {
      if (dst.region !== src.region || dst.offset !== src.offset) emit("copy", { src, dst, n: count });
      return;
    }
    const positions = constant("capture.positions", [capturePositions.length], capturePositions, "i32");
    emit("gather_positions", { src, positions, dst, ...sizes, count: capturePositions.length });
  };

  return {
    isActive,
    captured,
    hook(name, { data, needsGradient }) {
      let current = data;
      for (const intervention of interventions) {
        if (intervention.hook !== name) continue;
        if (current === data) {
          current = activation(`${name}.changed`, [layout(name).count]);
          emit("copy", { src: data, dst: current, n: layout(name).count });
        }
        emit("intervene_forward", { x: current, ...planned(intervention) });
      }
      store(name, current);
      return { data: current, needsGradient: needsGradient || captureGradients.includes(name) };
    },
    backwardHook(name, gradient) {
      const { count } = layout(name);
      if (injectGradients.includes(name)) {
        const src = builder.allocate(`inject.${name}`, "shard", shape(name));
        emit("add", { src, dst: gradient, n: count });
      }
      if (captureGradients.includes(name)) {
        const dst = builder.allocate(`gradient.at.${name}`, "shard", shape(name));
        emit("copy", { src: gradient, dst: shifted(dst, 0), n: count });
      }
      for (const intervention of interventions.toReversed()) {
        if (intervention.hook === name) emit("intervene_backward", { d: gradient, ...planned(intervention) });
      }
    },
  };
}
