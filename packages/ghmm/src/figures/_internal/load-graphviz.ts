import { UnsupportedError } from "../../numeric/errors.ts";

/** Graphviz, loaded at the first call; or a named error where the optional package is not installed. */
export async function loadGraphviz(source: string, load = () => import("@hpcc-js/wasm-graphviz")) {
  try {
    const { Graphviz } = await load();
    return await Graphviz.load();
  } catch (cause) {
    throw new UnsupportedError(
      {
        source,
        problem: "@hpcc-js/wasm-graphviz cannot be loaded",
        remedy: "Install it, or draw the text of presentationToDot with another Graphviz",
      },
      { cause },
    );
  }
}
