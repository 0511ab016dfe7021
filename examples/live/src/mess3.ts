import { learningCurves } from "@semifactor/diagnostics";
import { simplexPlot } from "@semifactor/ghmm/figures";
import { createSession, type Session, type SessionOptions, type Snapshot } from "./session.ts";

const style = `
.semifactor-live { font: inherit; }
.semifactor-live .figures { display: flex; flex-wrap: wrap; gap: 1rem; align-items: flex-end; margin-top: 0.5rem; }
.semifactor-live .figures > div { flex: 1 1 20rem; min-width: 0; background: #fff; }
.semifactor-live svg { max-width: 100%; height: auto; }
.semifactor-live button { font: inherit; padding: 0.3rem 0.9rem; border: 1px solid #57606a; border-radius: 0.4rem; background: #f6f8fa; color: #1b1f24; cursor: pointer; }
.semifactor-live progress { width: 10rem; vertical-align: middle; margin: 0 0.5rem; }
.semifactor-live .notes { color: #57606a; font-size: 0.9em; }
`;

/** The parts of the page that change. */
interface View {
  readonly button: HTMLButtonElement;
  readonly status: HTMLElement;
  readonly progress: HTMLProgressElement;
  readonly notes: HTMLElement;
  readonly simplex: HTMLElement;
  readonly curve: HTMLElement;
}

function element<Name extends keyof HTMLElementTagNameMap>(
  parent: HTMLElement,
  name: Name,
  className = "",
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  made.className = className;
  parent.append(made);
  return made;
}

function createView(root: HTMLElement): View {
  const box = element(root, "div", "semifactor-live");
  element(box, "style").textContent = style;
  const bar = element(box, "div");
  const button = element(bar, "button");
  button.type = "button";
  const progress = element(bar, "progress");
  const status = element(bar, "span", "status");
  status.setAttribute("aria-live", "polite");
  const notes = element(box, "p", "notes");
  const figures = element(box, "div", "figures");
  return { button, status, progress, notes, simplex: element(figures, "div"), curve: element(figures, "div") };
}

/** Decoded beliefs are near the simplex, not in it: coordinates below 0 are cut off and the rest scaled to sum 1. */
function ontoSimplex(decoded: Float64Array): Float64Array {
  const points = decoded.map((value) => Math.max(value, 0));
  for (let row = 0; row < points.length; row += 3) {
    const sum = (points[row] ?? 0) + (points[row + 1] ?? 0) + (points[row + 2] ?? 0);
    for (let k = 0; k < 3; k++) points[row + k] = sum > 0 ? (points[row + k] ?? 0) / sum : 1 / 3;
  }
  return points;
}

function draw(view: View, snapshot: Snapshot, steps: number): void {
  const { step, decoded, symbols, r2, curve, tokensPerSecond } = snapshot;
  view.progress.max = steps;
  view.progress.value = step;
  const excess = curve.excess.at(-1);
  view.status.textContent = [
    `step ${step} of ${steps}`,
    ...(excess === undefined ? [] : [`${excess.toFixed(4)} nats above the optimal loss`]),
    `R² ${r2.toFixed(3)}`,
    ...(Number.isFinite(tokensPerSecond) && tokensPerSecond > 0
      ? [`${Math.round(tokensPerSecond / 1000)} k tokens/s`]
      : []),
  ].join(" · ");
  view.simplex.innerHTML = simplexPlot(
    { points: ontoSimplex(decoded), dimension: 3 },
    {
      groups: symbols,
      groupNames: ["after symbol 0", "after symbol 1", "after symbol 2"],
      width: 400,
      title: "Decoded beliefs",
    },
  );
  if (curve.steps.length < 2) return;
  const curves = [{ cell: "Mess3", steps: curve.steps, excessLoss: curve.excess }];
  view.curve.innerHTML = learningCurves({ document, curves, title: "Loss above the optimum" }).svg;
}

/**
 * Builds the page in an element: a button, the state of the run, the decoded simplex and the learning curve. Training runs in this tab and can be paused.
 *
 * @returns the session once the engine is there
 */
export async function mountMess3(
  root: HTMLElement | null,
  options: Omit<SessionOptions, "onSnapshot"> = {},
): Promise<Session> {
  if (root === null) throw new Error("mountMess3: there is no element to build the page in");
  const view = createView(root);
  view.button.textContent = "Loading";
  view.button.disabled = true;
  const onSnapshot = (snapshot: Snapshot): void => draw(view, snapshot, session.steps);
  const session = await createSession({ ...options, onSnapshot }).catch((error: unknown) => {
    view.button.textContent = "Train";
    view.status.textContent = error instanceof Error ? error.message : String(error);
    throw error;
  });
  const { variant, threads, notes = [] } = session.engine;
  view.notes.textContent = [`Engine ${variant}, ${threads} ${threads === 1 ? "thread" : "threads"}.`, ...notes].join(
    " ",
  );
  view.status.textContent = "not trained yet";
  let running = false;
  view.button.textContent = "Train";
  view.button.disabled = false;
  view.button.onclick = async () => {
    if (running) return session.pause();
    running = true;
    view.button.textContent = "Pause";
    try {
      const completed = await session.resume();
      view.button.textContent = completed ? "Done" : "Go on";
      view.button.disabled = completed;
    } catch (error) {
      view.status.textContent = error instanceof Error ? error.message : String(error);
      view.button.disabled = true;
    } finally {
      running = false;
    }
  };
  return session;
}
