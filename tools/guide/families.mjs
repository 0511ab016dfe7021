/** The tables of docs/guide/families.md: what each family is, and its figures, closed forms beside what is computed from the operators. */
import { table } from "./table.mjs";

const DIGITS = 6;

/** Rounded; whole numbers without the zeros that rounding errors would change. */
function shown(value) {
  const text = value.toFixed(DIGITS);
  return Number(text) === Math.round(value) ? String(Math.round(value) + 0) : text;
}

/** Every possible word of a length, with its probability and the belief after it. */
function wordsOf(process, length) {
  let words = [{ probability: 1, belief: process.initial }];
  for (let level = 0; level < length; level++) {
    words = words.flatMap(({ probability, belief }) =>
      process.alphabet.flatMap((_, token) => {
        const next = new Float64Array(process.stateDim);
        const conditional = process.step(belief, token, next);
        return conditional > 0 ? [{ probability: probability * conditional, belief: next }] : [];
      }),
    );
  }
  return words;
}

/** Mean of a measure over the beliefs after words of a length. */
const meanOver = (process, length, measure) =>
  wordsOf(process, length).reduce((sum, { probability, belief }) => sum + probability * measure(belief), 0);

/** What a table has for one family: a column for each set of options, rows of closed forms, and rows that are computed. */
function figuresOf({ ghmm, sfp }) {
  const { families, findBlocks, mutualInformation, schmidt, tokenInformation, blockProcess } = sfp;
  const information = (dimensions) => (belief) => mutualInformation(belief, dimensions);
  const entropy = (dimensions) => (belief) => schmidt(belief, dimensions).entropy;
  const largest = (process, measure) => Math.max(...ghmm.mixedStatePresentation(process).states.map(measure));
  const commutant = ["commutant dimension, computed", (process) => findBlocks(process).commutantDimension];
  const meanInformation = (length, dimensions) => [
    `mean $I(A:C)$ of beliefs, length ${length}`,
    (process) => meanOver(process, length, information(dimensions)),
  ];
  const shared = (length) => [
    `$I(U_{1:L};Y_{1:L})$, L = ${length}`,
    (process) => tokenInformation(process, { tokenSizes: process.tokenSizes, maxLength: length }).information[length],
  ];
  /** Participation ratio of the alignment beliefs after all words of three tokens. */
  const participation = (_, { contexts, alpha }) => {
    const process = families.contextPersonas({ contexts, alpha, epsilon: 0.2 });
    const covariance = Array.from({ length: contexts }, () => new Float64Array(contexts));
    for (const { probability, belief } of wordsOf(process, 3)) {
      const bits = covariance.map((_, k) => belief.reduce((sum, p, i) => sum + ((i >> k) & 1) * p, -1 / 2));
      for (const [k, row] of covariance.entries())
        for (const l of row.keys()) row[l] += probability * bits[k] * bits[l];
    }
    const trace = covariance.reduce((sum, row, k) => sum + row[k], 0);
    return trace ** 2 / covariance.reduce((sum, row) => sum + row.reduce((square, value) => square + value ** 2, 0), 0);
  };
  return {
    phaseLockedZ1r: {
      columns: [
        ["κ 0", {}],
        ["κ .5", { kappa: 0.5 }],
        ["κ 1", { kappa: 1 }],
        ["α .25", { alpha: 0.25 }],
        ["α .5", { alpha: 0.5 }],
        ["α .75", { alpha: 0.75 }],
        ["α 1", { alpha: 1 }],
      ],
      computed: [
        ["mixed states", (process) => ghmm.mixedStatePresentation(process).states.length],
        ["largest $I(A:C)$ of a belief", (process) => Math.max(0, largest(process, information([3, 3])))],
        ["largest $S_{\\rm sqrt}$ of a belief", (process) => largest(process, entropy([3, 3]))],
        shared(7),
        commutant,
      ],
    },
    personaZ1r: {
      columns: ["factored", "semi", "semi-s"].map((variant) => [variant, { variant }]),
      computed: [
        ...[1, 2, 3, 6].map((length) => meanInformation(length, [2, 3])),
        ...[1, 2, 3, 4, 5, 6, 7, 8, 9].map(shared),
        commutant,
      ],
    },
    contextPersonas: {
      columns: [0, 0.1, 0.25, 0.5, 1].map((alpha) => [`α ${alpha}`, { contexts: 4, alpha }]),
      computed: [["participation ratio, words of 3 tokens, ε = 0.2", participation]],
    },
    personaMess3: {
      columns: [0, 0.25, 0.5, 0.75, 1].map((theta) => [`θ ${theta}`, { theta }]),
      computed: [
        meanInformation(5, [2, 3]),
        ["mean $S_{\\rm sqrt}$ of beliefs, length 5", (process) => meanOver(process, 5, entropy([2, 3]))],
        [
          "$h(6)$ of a persona",
          (process) =>
            ghmm.blockEntropies(blockProcess(process, 0), { maxLength: 6, method: "exact", maxStates: 60_000 })
              .conditional[5],
        ],
        commutant,
      ],
    },
    staticLabels: {
      columns: [0, 0.25, 0.5, 0.75, 1].map((alpha) => [`α ${alpha}`, { alpha }]),
      computed: [shared(4), commutant],
    },
    leakySector: {
      columns: [0, 0.1, 0.5, 1].map((leak) => [`λ ${leak}`, { leak }]),
      computed: [],
    },
  };
}

function familyTable(description, { columns, computed }) {
  const { create, quantities } = description;
  const values = columns.map(([, options]) => quantities(options));
  const closed = values[0].map(({ name, unit, matched, formula }, i) => [
    `${name}${unit === "" ? "" : `, ${unit}`}`,
    `$${formula}$`,
    matched ? "yes" : "",
    ...values.map((each) => shown(each[i].value)),
  ]);
  const processes = computed.length === 0 ? [] : columns.map(([, options]) => [create(options), options]);
  const measured = computed.map(([name, compute]) => [
    name,
    "computed",
    "",
    ...processes.map(([process, options]) => shown(compute(process, options))),
  ]);
  const alignment = `lll${"r".repeat(columns.length)}`;
  return table(
    [["quantity", "closed form", "matched", ...columns.map(([label]) => label)], ...closed, ...measured],
    alignment,
  );
}

/** Name and content of every table of the page. */
export function familiesTables(libraries) {
  const list = libraries.sfp.families.list();
  const overview = list.map(({ name, symbol, operators, kind, matched, varies }) => [
    `\`${name}\``,
    `$${symbol}$`,
    `$${operators.replaceAll("|", "\\mid ")}$`,
    kind,
    matched.join("; "),
    varies.join("; "),
  ]);
  const figures = figuresOf(libraries);
  return [
    ["families", table([["family", "", "operators", "blocks", "matched", "varies"], ...overview], "llllll")],
    ...list
      .filter(({ name }) => figures[name] !== undefined)
      .map((description) => [`families ${description.name}`, familyTable(description, figures[description.name])]),
  ];
}
