import { createGhmm, type GhmmDefinition, type Process } from "@semifactor/ghmm";
import type { Json, JsonObject } from "./vector.ts";

/** The input of a vector, read field by field; a process is named by its key. */
export class Input {
  readonly raw: JsonObject;
  readonly #processes: Readonly<Record<string, Process>>;

  constructor(raw: JsonObject, processes: Readonly<Record<string, Process>>) {
    this.raw = raw;
    this.#processes = processes;
  }

  #named(key: Json | undefined): Process {
    const process = typeof key === "string" ? this.#processes[key] : undefined;
    if (process === undefined) throw new Error(`${JSON.stringify(key)} is not the key of a process`);
    return process;
  }

  has(name: string): boolean {
    return this.raw[name] !== undefined;
  }

  process(name = "process"): Process {
    return this.#named(this.raw[name]);
  }

  processes(name: string): Process[] {
    return (this.raw[name] as readonly Json[]).map((key) => this.#named(key));
  }

  /** Lists of processes. */
  groups(name: string): Process[][] {
    return (this.raw[name] as readonly (readonly Json[])[]).map((keys) => keys.map((key) => this.#named(key)));
  }

  list(name: string): Input[] {
    return (this.raw[name] as readonly JsonObject[]).map((raw) => new Input(raw, this.#processes));
  }

  /** A process of which only operators and normalizer are given: started in the first state that has an entry of `w`. */
  bare(): Process {
    const { operators, normalizer } = this.raw as unknown as GhmmDefinition & {
      readonly normalizer: readonly number[];
    };
    const start = normalizer.findIndex((value) => value !== 0);
    const initial = normalizer.map((value, s) => (s === start ? 1 / value : 0));
    return createGhmm({ operators, normalizer, initial });
  }

  number(name: string): number {
    return this.raw[name] as number;
  }

  optional(name: string, otherwise: number): number {
    return (this.raw[name] as number | undefined) ?? otherwise;
  }

  text(name: string): string {
    return this.raw[name] as string;
  }

  numbers(name: string): readonly number[] {
    return this.raw[name] as readonly number[];
  }

  matrix(name: string): readonly (readonly number[])[] {
    return this.raw[name] as readonly (readonly number[])[];
  }

  /** The optional fields that are there, as options of a function. */
  given(...names: readonly string[]): Record<string, never> {
    const entries = names.flatMap((name) => (this.has(name) ? [[name, this.raw[name]]] : []));
    return Object.fromEntries(entries) as Record<string, never>;
  }
}
