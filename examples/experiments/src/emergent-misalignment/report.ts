import { type ReportSection, type ReportTable, renderReport } from "@semifactor/diagnostics";
import { type AdapterName, adapterNames } from "./config.ts";
import { type StudyFigures, studyFigures } from "./report-figures.ts";
import { adapterMean, byCell, type CellResult, mean, passesNarrowGate, type Shift } from "./results.ts";
import { adapterTitles, figure, studySummary } from "./table.ts";

/** What the 2x2 and D* show and do not show; printed in every report. */
export const reading: readonly string[] = [
  "What the 2x2 shows. A shared emission code alone produces the shift: in the independent-direct cell no persona is shared between contexts, yet the " +
    "misaligned symbol is the same token everywhere, and fine-tuning in two contexts raises it in all of them. A broad shift is therefore no evidence of a " +
    "shared persona unless the code is ruled out, which is what the pairs code does: there the misaligned symbol differs from context to context, so what " +
    "spreads can only be the latent.",
  "What D* shows. The prior-only adapter can change nothing but the vector at BOS, that is, the prior with which a sequence starts. With the pairs code in " +
    "both arms, when it is fitted to misaligned data in two contexts, the question is whether the other ten follow: theorem T29 (fine-tuning as a change of " +
    "prior) says that they do if and only if they share the latent. In the direct code the same vector can also raise the one misaligned symbol that all " +
    "contexts use, so D* shifts contexts there whether or not they share a persona, and only the pairs column bears on the question.",
  "What they do not show. D* can only move the prior, so it says nothing about whether unrestricted gradient descent prefers the persona: the rows for all " +
    "parameters and for the rank-1 LoRA answer that, and they spread by seed. The noise e is matched so that the Bayes loss agrees on average, not position " +
    "by position; contexts, code and narrow sets are the same for all seeds; the networks have two layers.",
];

/** The self-contained HTML report of a study. */
export function studyReport(results: readonly CellResult[], figures: StudyFigures = studyFigures(results)): string {
  const first = results[0];
  const seeds = new Set(results.map((r) => r.config.seed)).size;
  const smoke = first?.config.smoke === true;
  const sections: ReportSection[] = [
    {
      heading: "The 2x2, every seed",
      paragraphs: studySummary(results),
      figures: [figures.grid],
    },
    { heading: "What this shows and what it does not", paragraphs: reading },
    {
      heading: "Every seed in numbers",
      tables: [
        shiftTable(results, "frac", "FRAC: fraction of held-out contexts nearer to the misaligned law"),
        shiftTable(results, "held", "held: mean normalised shift of held-out contexts"),
        shiftTable(results, "narrow", "narrow: mean normalised shift of the two fine-tuned contexts (gate 0.9)"),
      ],
    },
    {
      heading: "Pretraining against the Bayes-optimal loss",
      paragraphs: [
        "Excess loss is the mean of KL(Bayes || model) over emission positions, on sequences not trained on: the model's loss minus the exact Bayes-optimal loss, in nats. Zero is the Bayes line.",
      ],
      tables: [pretrainTable(results), positionTable(results)],
      figures: [figures.learning],
    },
    {
      heading: "Shift of each held-out context during fine-tuning",
      paragraphs: [
        "Normalised shift (q - q_pre) / (1 - e - q_pre) of P(misaligned symbol) on the neutral prompt [BOS, context]: 0 is the pretrained model, 1 the fully misaligned law.",
      ],
      figures: figures.shifts,
    },
    {
      heading: "After the shift: evidence, capability, speed",
      paragraphs: [
        "fracE repeats FRAC after four aligned emissions of another held-out context. klC is KL(Bayes || model) of the capability bit, nats. stray is the probability of emissions that cannot occur in the context. At gate: FRAC at the first evaluation with narrow shift at the gate.",
      ],
      tables: adapterNames.map((adapter) => detailTable(results, adapter)),
    },
    {
      heading: "Linear probes by layer",
      paragraphs: [
        "Held-out R^2 (5 folds that never split a sequence) of the exact posterior of the current context's bit (persona) and of the phase belief. Read each figure against the untrained network and the shuffled targets: in the direct code an untrained network already shows the persona.",
      ],
      tables: [probeTable(results)],
      figures: figures.probes,
    },
    {
      heading: "Steering by one unit of belief",
      paragraphs: [
        "The vector that one unit of persona belief adds after block 0 is added at every position of the neutral prompts. Total variation of the alignment and the capability law, and q; beside the mean of ten random directions of the same norm.",
      ],
      tables: [steeringTable(results)],
    },
    { heading: "Recipe and provenance", tables: [recipeTable(results)] },
  ];
  return renderReport({
    title: smoke ? "Emergent misalignment study (smoke: figures mean nothing)" : "Emergent misalignment study",
    subtitle: `${results.length} cell runs, ${seeds} seed${seeds === 1 ? " (n = 1: nothing is asserted)" : "s"}, engine ${first?.config.engine ?? "none"}`,
    sections,
  });
}

function name(result: CellResult): readonly [string, string] {
  return [result.config.cell, String(result.config.seed)];
}

function shiftTable(results: readonly CellResult[], metric: "frac" | "held" | "narrow", caption: string): ReportTable {
  const sets = results[0]?.config.narrowSets.length ?? 0;
  return {
    caption: `${caption}; mean of ${sets} narrow set${sets === 1 ? "" : "s"}, after the last step. * narrow gate missed.`,
    columns: ["cell", "seed", ...adapterNames.map((adapter) => adapterTitles[adapter])],
    rows: byCell(results).map((result) => [
      ...name(result),
      ...adapterNames.map(
        (adapter) => `${figure(adapterMean(result, adapter, metric))}${passesNarrowGate(result, adapter) ? "" : " *"}`,
      ),
    ]),
  };
}

function pretrainTable(results: readonly CellResult[]): ReportTable {
  return {
    caption:
      "Losses in nats per emission; excess with its standard error over evaluation sequences. Gate: excess below 0.03.",
    columns: ["cell", "seed", "noise e", "Bayes loss", "of it alignment", "excess loss", "gate"],
    rows: byCell(results).map((r) => [
      ...name(r),
      figure(r.process.noise, 4),
      figure(r.process.optimalLoss, 5),
      figure(r.process.alignmentLoss, 5),
      `${figure(r.pretrain.excessLoss, 4)} ± ${figure(r.pretrain.standardError, 4)}`,
      r.pretrain.passesGate ? "passed" : "missed",
    ]),
  };
}

/** Bayes-optimal loss and the models' excess at each emission of a sequence, mean over the seeds of a cell. */
function positionTable(results: readonly CellResult[]): ReportTable {
  const cells = [...new Set(byCell(results).map((r) => r.config.cell))];
  const runs = (cell: string): readonly CellResult[] => results.filter((r) => r.config.cell === cell);
  const positions = results[0]?.process.optimalLossByPosition.length ?? 0;
  return {
    caption:
      "Exact Bayes-optimal loss by emission position, plus the excess of the trained models (mean over seeds); nats.",
    columns: ["emission", ...cells],
    rows: Array.from({ length: positions }, (_, t) => [
      String(t + 1),
      ...cells.map((cell) => {
        const bayes = runs(cell)[0]?.process.optimalLossByPosition[t] ?? Number.NaN;
        const excess = mean(runs(cell).map((r) => r.pretrain.excessByPosition[t] ?? Number.NaN));
        return `${figure(bayes, 4)} + ${figure(excess, 4)}`;
      }),
    ]),
  };
}

function detailTable(results: readonly CellResult[], adapter: AdapterName): ReportTable {
  const metrics: readonly (keyof Omit<Shift, "perContext">)[] = ["frac50", "fracE", "klC", "stray"];
  return {
    caption: `${adapterTitles[adapter]}: means over narrow sets`,
    columns: ["cell", "seed", ...metrics, "step at gate", "FRAC at gate"],
    rows: byCell(results).map((result) => {
      const gates = result.fineTune.filter((run) => run.adapter === adapter).map((run) => run.atGate);
      const reached = gates.flatMap((gate) => (gate === null ? [] : [gate]));
      const all = reached.length === gates.length && gates.length > 0;
      const average = (pick: (gate: Shift) => number) =>
        reached.reduce((sum, gate) => sum + pick(gate), 0) / reached.length;
      return [
        ...name(result),
        ...metrics.map((metric) =>
          figure(adapterMean(result, adapter, metric), metric === "klC" || metric === "stray" ? 4 : 2),
        ),
        all
          ? figure(
              average((gate) => gate.step),
              0,
            )
          : `reached in ${reached.length} of ${gates.length}`,
        all ? figure(average((gate) => gate.frac)) : "-",
      ];
    }),
  };
}

function probeTable(results: readonly CellResult[]): ReportTable {
  return {
    caption:
      "Held-out R^2; untrained: the same network before training; shuffled: mean of 20 permutations of the targets over sequences.",
    columns: ["cell", "seed", "target", "hook point", "R^2", "untrained", "shuffled"],
    rows: byCell(results).flatMap((r) =>
      r.probes.map((p) => [...name(r), p.target, p.hook, figure(p.r2), figure(p.untrained), figure(p.shuffledMean)]),
    ),
  };
}

function steeringTable(results: readonly CellResult[]): ReportTable {
  return {
    caption: "Steering after block 0; TV is total variation distance, mean of 12 contexts.",
    columns: [
      "cell",
      "seed",
      "|v|",
      "TV alignment",
      "TV capability",
      "q base",
      "q steered",
      "random TV alignment",
      "random TV capability",
      "random q (max)",
    ],
    rows: byCell(results).map(({ steering: s, ...r }) => [
      r.config.cell,
      String(r.config.seed),
      figure(s.directionNorm),
      figure(s.alignment),
      figure(s.capability),
      figure(s.qBase),
      figure(s.q),
      figure(s.random.alignment),
      figure(s.random.capability),
      `${figure(s.random.q)} (${figure(s.random.qMax)})`,
    ]),
  };
}

function recipeTable(results: readonly CellResult[]): ReportTable {
  const config = results[0]?.config;
  if (config === undefined) return { caption: "Recipe", columns: ["what", "value"], rows: [] };
  const { model, pretrain, fineTune, evaluation } = config;
  return {
    caption: "The whole recipe; results.json holds it for every cell run.",
    columns: ["what", "value"],
    rows: [
      [
        "model",
        `${model.nLayers} layers, d ${model.dModel}, ${model.nHeads} heads, MLP ${model.dMlp}, GELU, pre-LN, learned positions`,
      ],
      [
        "pretraining",
        `${pretrain.steps} steps x ${pretrain.batchSize} sequences, AdamW ${pretrain.learningRate}, warm-up ${pretrain.warmup}, cosine to ${pretrain.finalFraction}, weight decay ${pretrain.weightDecay}, clip ${pretrain.clip}`,
      ],
      ...adapterNames.map((adapter) => {
        const tune = fineTune[adapter];
        return [
          `fine-tuning: ${adapterTitles[adapter]}`,
          `${tune.steps} steps x ${tune.batchSize} sequences, learning rate ${tune.learningRate}`,
        ];
      }),
      ["narrow sets", config.narrowSets.map((set) => `(${set.join(", ")})`).join(" ")],
      [
        "evaluation",
        `${evaluation.finalSequences} sequences for the excess loss, ${evaluation.probeSequences} for probes`,
      ],
      ["engine", config.engine],
      ["seeds", [...new Set(results.map((r) => r.config.seed))].join(", ")],
    ],
  };
}
