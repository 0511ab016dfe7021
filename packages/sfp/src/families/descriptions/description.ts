import type { Process } from "@semifactor/ghmm";
import type { PartitionKind } from "../../structure/partition.ts";

/**
 * One parameter of a family: the values it takes and what it means.
 *
 * @example
 * ```ts
 * import { families } from "@semifactor/sfp";
 *
 * const leaky = families.list().find(({ name }) => name === "leakySector");
 * expect(leaky?.parameters[0]).toMatchObject({ name: "leak", range: [0, 1], example: 0.1 });
 * ```
 */
export interface FamilyParameter {
  /** Its name in the options object. */
  readonly name: string;
  /** Smallest and largest value; of every entry, if the parameter is a list. */
  readonly range?: readonly [min: number, max: number];
  /** The values, where they are names. */
  readonly choices?: readonly string[];
  /** Whether values are whole numbers. */
  readonly integer?: true;
  /** The value taken when the parameter is left out, where it is one number or name. */
  readonly default?: number | string;
  /** A value to start from. */
  readonly example: number | string | readonly number[] | readonly (readonly number[])[];
  /** What it means, in words. */
  readonly meaning: string;
}

/**
 * A number that a family has in closed form.
 *
 * @example
 * ```ts
 * import { type FamilyQuantity, families } from "@semifactor/sfp";
 *
 * const labels = families.list().find(({ name }) => name === "staticLabels");
 * const quantities: readonly FamilyQuantity[] = labels?.quantities({ alpha: 0.6 }) ?? [];
 * expect(quantities.find(({ name }) => name === "negativity of the start")?.value).toBeCloseTo(0.3, 14);
 * ```
 */
export interface FamilyQuantity {
  readonly name: string;
  /** Unit of the value; empty for a pure number. */
  readonly unit: "bits" | "bits per token" | "";
  readonly value: number;
  /** Whether none of the parameters that the family compares changes it: `varies` is empty. */
  readonly matched: boolean;
  /** The parameters among `compares` that change it at these options. */
  readonly varies: readonly string[];
  /** The closed form, in TeX. */
  readonly formula: string;
}

/**
 * A family as data: what a menu, a table or a sweep over families needs.
 *
 * @example
 * ```ts
 * import { type FamilyDescription, families } from "@semifactor/sfp";
 *
 * const rows = families.list().map(({ name, kind, compares }: FamilyDescription) => [name, kind, compares.join()]);
 * expect(rows[0]).toEqual(["phaseLockedZ1r", "graph", "kappa,alpha"]);
 * ```
 */
export interface FamilyDescription {
  /** Its name in `families`. */
  readonly name: string;
  /** What it is, in one sentence. */
  readonly summary: string;
  /** Its operators, in TeX. */
  readonly operators: string;
  /** Its symbol in the notes, in TeX. */
  readonly symbol: string;
  /** Shape of its blocks; `leaky` where they are not closed, `segments` for sequences that are not of a stationary process. */
  readonly kind: PartitionKind | "leaky" | "segments";
  readonly parameters: readonly FamilyParameter[];
  /** The parameters along which members of the family are compared. */
  readonly compares: readonly string[];
  /** What is the same for all members compared, in words. */
  readonly matched: readonly string[];
  /** What differs, in words. */
  readonly varies: readonly string[];
  /** What the family is for, in one sentence. */
  readonly use: string;
  /** The function itself, `families[name]`. */
  create(options: object): Process | { readonly process: Process } | { readonly length: number };
  /**
   * What has a closed form, at these options.
   *
   * @throws what `create` throws
   */
  quantities(options?: object): readonly FamilyQuantity[];
}

/** A quantity that changes with some of the compared parameters, or with none. */
export function quantity(
  fields: Omit<FamilyQuantity, "matched" | "varies">,
  ...varies: readonly string[]
): FamilyQuantity {
  return Object.freeze({ ...fields, matched: varies.length === 0, varies: Object.freeze(varies) });
}

/** A description that cannot be changed. */
export function familyDescription(fields: FamilyDescription): FamilyDescription {
  for (const parameter of fields.parameters) {
    for (const part of [parameter.range, parameter.choices, parameter.example]) Object.freeze(part);
    Object.freeze(parameter);
  }
  for (const list of [fields.parameters, fields.compares, fields.matched, fields.varies]) Object.freeze(list);
  return Object.freeze(fields);
}
