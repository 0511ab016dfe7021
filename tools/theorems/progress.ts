/** Where progress is shown: overwritten on a terminal, a line for each theorem elsewhere. */
export interface Screen {
  readonly isTTY?: boolean;
  write(text: string): unknown;
}

/** Milliseconds between two pictures on a terminal. */
const INTERVAL = 200;

const left = (seconds: number): string =>
  seconds < 90 ? `about ${Math.ceil(seconds)} s left` : `about ${Math.ceil(seconds / 60)} min left`;

/** Which theorem runs, how far it is and about how long the rest takes if theorems take equally long. */
export function progressOn(
  screen: Screen,
  theorems: number,
  runs: number,
  now: () => number = () => performance.now(),
) {
  const begin = now();
  let [index, current, shown] = [-1, "", Number.NEGATIVE_INFINITY];
  const line = (done: number): string => {
    const share = (index + done / runs) / theorems;
    const rest = share > 0 ? `, ${left(((now() - begin) / 1000) * (1 / share - 1))}` : "";
    return `${current} (${index + 1} of ${theorems}): ${done} of ${runs}${rest}`;
  };
  return {
    start(id: string): void {
      index++;
      current = id;
      shown = Number.NEGATIVE_INFINITY;
      if (!screen.isTTY) screen.write(`${line(0)}\n`);
    },
    at(done: number): void {
      if (!screen.isTTY || now() - shown < INTERVAL) return;
      shown = now();
      screen.write(`\r\u001b[K${line(done)}`);
    },
    clear(): void {
      if (screen.isTTY) screen.write("\r\u001b[K");
    },
  };
}
