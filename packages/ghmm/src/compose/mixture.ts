import { InvalidArgumentError, ShapeError } from "../numeric/errors.ts";
import { unitRays } from "../process/certificate.ts";
import { type Certificate, HMM_CERTIFICATE, type Process } from "../process/process.ts";
import { storeProcess } from "../process/store.ts";
import { checkList, checkProcess, readAlphabet } from "../process/validate.ts";
import { checkWords } from "./_internal/composite-certificate.ts";
import { checkWeights } from "./_internal/weights.ts";
import { checkWrittenSize } from "./_internal/written-out.ts";

/** What {@link mixture} takes. */
export interface MixtureOptions {
  readonly components: readonly Process[];
  /** Probability of each component, `[K]`. */
  readonly weights: readonly number[];
  /** Joint token of every token of every component, `[K][V_k]`; by default components have the same alphabet. */
  readonly tokenMaps?: readonly (readonly number[])[];
  /** Names of the joint tokens; with `tokenMaps` and without names they are called "0", "1", ... */
  readonly alphabet?: readonly string[];
}

/** The joint token of every token of every component, and the names of the joint tokens. */
function readTokens(source: string, { components, tokenMaps, alphabet }: MixtureOptions, d: number) {
  const [first] = components;
  if (tokenMaps === undefined) {
    components.forEach((component, k) => {
      const own = component.alphabet;
      if (own.length === first?.alphabet.length && own.every((name, x) => name === first.alphabet[x])) return;
      throw new InvalidArgumentError({
        source,
        problem: `components[${k}] has the tokens ${component.alphabet.join(", ")} and components[0] ${first?.alphabet.join(", ")}`,
        remedy: "Pass tokenMaps: the joint token of every token of every component",
      });
    });
    const own = first?.alphabet ?? [];
    return { names: readAlphabet(source, own.length, alphabet ?? own), maps: components.map(() => [...own.keys()]) };
  }
  checkList(source, "tokenMaps", tokenMaps);
  Array.from(tokenMaps, (map, k) => checkList(source, `tokenMaps[${k}]`, map));
  if (tokenMaps.length !== components.length) {
    throw new ShapeError({
      source,
      problem: `tokenMaps has ${tokenMaps.length} entries for ${components.length} components`,
      remedy: "Give a map for every component",
    });
  }
  const largest =
    alphabet?.length ??
    1 +
      Array.from(tokenMaps, (map) => Array.from(map))
        .flat()
        .reduce((max, token) => Math.max(max, token), 0);
  if (Number.isInteger(largest)) checkWrittenSize(source, largest, d);
  tokenMaps.forEach((given, k) => {
    const map = Array.from(given);
    const tokens = components[k]?.alphabet.length ?? 0;
    const bad = map.findIndex((token, x) => !(token >>> 0 === token && token < largest) || map.indexOf(token) < x);
    if (map.length === tokens && bad === -1) return;
    throw new InvalidArgumentError({
      source,
      problem:
        bad === -1
          ? `tokenMaps[${k}] has ${map.length} entries for ${tokens} tokens`
          : `tokenMaps[${k}][${bad}] is ${map[bad]}`,
      remedy: `Give every token of the component its own joint token from 0 to ${largest - 1}`,
    });
  });
  return { names: readAlphabet(source, largest, alphabet), maps: tokenMaps };
}

/** What proves a direct sum valid: proofs of one kind, beside HMMs, hold on every block. */
function directSumCertificate(options: MixtureOptions, offsets: readonly number[]): Certificate | undefined {
  const { components } = options;
  const kinds = new Set(components.map(({ certificate }) => certificate.kind));
  const d = components.reduce((sum, { stateDim }) => sum + stateDim, 0);
  kinds.delete("hmm");
  if (kinds.size === 0) return HMM_CERTIFICATE;
  if (kinds.size > 1 || kinds.has("unchecked")) return undefined;
  if (kinds.has("similar-to-hmm")) {
    const hmms = components.map((component) =>
      component.certificate.kind === "similar-to-hmm" ? component.certificate.hmm : component,
    );
    return { kind: "similar-to-hmm", hmm: mixture({ ...options, components: hmms }) };
  }
  if (kinds.has("kraus")) {
    const dimensions = components.map(({ certificate, stateDim }) =>
      certificate.kind === "kraus" ? certificate.dimension : stateDim,
    );
    return { kind: "kraus", dimension: dimensions.reduce((sum, dimension) => sum + dimension, 0) };
  }
  const rays = components.flatMap(({ certificate, stateDim }, k) =>
    (certificate.kind === "cone" ? certificate.rays : unitRays(stateDim)).map((ray) => {
      const padded = new Float64Array(d);
      padded.set(ray, offsets[k] ?? 0);
      return padded;
    }),
  );
  return { kind: "cone", rays };
}

/**
 * A process that is one of several, chosen once at the start: the direct sum of the components, started in
 * `sum_k weights[k] eta_k`.
 *
 * `P(h) = sum_k weights[k] P_k(h)`, and the weight of component `k` in a belief is its posterior probability. The states of
 * component `k` follow those of the components before it. Every mixture of the components' stationary states is stationary, so
 * {@link stationaryState} refuses, unless just one component is given.
 *
 * @throws InvalidArgumentError if a weight is not a probability, alphabets differ without `tokenMaps`, or two tokens of a component
 * are mapped to one
 * @throws NotNormalizedError if the weights do not sum to one
 * @throws ShapeError if there are no components, or not as many weights or maps as components
 * @throws UnsupportedError if the operators have more than 2^26 entries
 * @example
 * ```ts
 * import { beliefState, coin, mixture } from "@semifactor/ghmm";
 *
 * const either = mixture({ components: [coin({ p: 0.7 }), coin({ p: 0.3 })], weights: [0.6, 0.4] });
 * expect(beliefState(either, [0])[0]).toBeCloseTo(7 / 9, 14);
 * ```
 *
 * Source: T17.
 */
export function mixture(options: MixtureOptions): Process {
  const source = "mixture";
  const { components, weights } = options;
  checkList(source, "components", components);
  Array.from(components, (component, k) => checkProcess(source, `components[${k}]`, component));
  checkWeights(source, "weights", weights, components.length);
  const d = components.reduce((sum, { stateDim }) => sum + stateDim, 0);
  const { names, maps } = readTokens(source, options, d);
  checkWrittenSize(source, names.length, d);
  const operators = names.map(() => new Float64Array(d * d));
  const [initial, normalizer] = [new Float64Array(d), new Float64Array(d)];
  const offsets: number[] = [];
  let offset = 0;
  components.forEach((component, k) => {
    const own = component.stateDim;
    offsets.push(offset);
    component.alphabet.forEach((_, x) => {
      const operator = component.operator(x);
      const target = operators[maps[k]?.[x] ?? 0];
      for (let s = 0; s < own; s++) target?.set(operator.subarray(s * own, (s + 1) * own), (offset + s) * d + offset);
    });
    initial.set(
      component.initial.map((value) => value * (weights[k] ?? 0)),
      offset,
    );
    normalizer.set(component.normalizer, offset);
    offset += own;
  });
  const parts = { operators, initial, normalizer, alphabet: names };
  return storeProcess({ ...parts, certificate: directSumCertificate(options, offsets) ?? checkWords(source, parts) });
}
