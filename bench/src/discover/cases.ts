import { mixture, type Process } from "@semifactor/ghmm";
import { blockProcess, families, type SemiFactoredProcess } from "@semifactor/sfp";

/** A process of several personas, and what each of them is. */
export interface Case {
  readonly name: string;
  readonly process: Process;
  readonly weights: readonly number[];
  /** The process of each persona alone. */
  readonly personas: readonly Process[];
}

const all = (q: number): readonly [number, number, number] => [q, q, q];

function sectors(name: string, process: SemiFactoredProcess, weights: readonly number[]): Case {
  return { name, process, weights, personas: weights.map((_, block) => blockProcess(process, block)) };
}

/** Three personas over Zero-One-Random, with their own marked bit and random bit. */
function threePersonas(): Case {
  const weights = [0.5, 0.3, 0.2];
  const marked = [0.05, 0.5, 0.95];
  const random = [0.2, 0.5, 0.8];
  const personas = marked.map((mark, i) => {
    const flip = random[i] ?? 0;
    return blockProcess(families.personaZ1r({ marked: [all(mark), all(mark)], random: [flip, flip] }), 0);
  });
  return { name: "three personas over Z1R", process: mixture({ components: personas, weights }), weights, personas };
}

/** One persona alone, in which no blocks are to be found. */
function control(): Case {
  const persona = blockProcess(families.personaMess3({ delta: 0.9, x: 0.05, a: 0.85 }), 0);
  return { name: "one persona over Mess3", process: persona, weights: [1], personas: [persona] };
}

/** The processes of the study, the easy ones first. */
export function cases(): readonly Case[] {
  const half = [0.5, 0.5];
  const sharp = { delta: 0.9, x: 0.05, a: 0.85 };
  return [
    sectors("personaZ1r, semi", families.personaZ1r({ weights: [0.4, 0.6] }), [0.4, 0.6]),
    threePersonas(),
    sectors("personaMess3, delta 0.9", families.personaMess3(sharp), half),
    sectors("personaMess3, delta 0.5", families.personaMess3(), half),
    sectors("personaMess3, delta 0.9, theta 0.5", families.personaMess3({ ...sharp, theta: 0.5 }), half),
    control(),
  ];
}
