import { MultiBar, type SingleBar } from "cli-progress";

/** One line of progress of a job. */
export interface ProgressState {
  readonly done: number;
  readonly total: number;
  readonly stage: string;
  /** What the stage measures, ready to print, for example `excess 0.013`. */
  readonly note: string;
}

/** Shows the progress of several jobs at once. */
export interface ProgressView {
  update(job: string, state: ProgressState): void;
  end(job: string, note: string): void;
  /** Shows a line that stays, above the bars. */
  note(text: string): void;
  close(): void;
}

/** `75` -> `1m15s`. */
export function formatDuration(seconds: number): string {
  if (!Number.isFinite(seconds) || seconds < 0) return "--";
  const whole = Math.round(seconds);
  const minutes = Math.floor(whole / 60);
  if (minutes === 0) return `${whole}s`;
  if (minutes < 60) return `${minutes}m${String(whole % 60).padStart(2, "0")}s`;
  return `${Math.floor(minutes / 60)}h${String(minutes % 60).padStart(2, "0")}m`;
}

/** Seconds of progress that the rate is measured over. */
const rateWindow = 60;

/**
 * Seconds to go at the rate of the last minute.
 *
 * Only what this process does counts: steps found done on disk come before the first call, and a leap over finished work is soon forgotten.
 */
export class EtaClock {
  readonly #samples: { readonly time: number; readonly done: number }[] = [];
  readonly #now: () => number;
  constructor(now: () => number = () => performance.now() / 1000) {
    this.#now = now;
  }
  remaining(done: number, total: number): number {
    const time = this.#now();
    this.#samples.push({ time, done });
    while (this.#samples.length > 2 && (this.#samples[1]?.time ?? time) < time - rateWindow) this.#samples.shift();
    const [first] = this.#samples;
    if (first === undefined || done <= first.done || time <= first.time) return Number.POSITIVE_INFINITY;
    return ((total - done) * (time - first.time)) / (done - first.done);
  }
}

/** Bars on a terminal, or a line per job every 20 seconds where there is none. */
export function createProgressView(stream: NodeJS.WriteStream, jobs: readonly string[]): ProgressView {
  return stream.isTTY ? barView(stream, jobs) : lineView(stream);
}

function barView(stream: NodeJS.WriteStream, jobs: readonly string[]): ProgressView {
  const width = Math.max(...jobs.map((job) => job.length));
  const bars = new MultiBar({
    stream,
    format: "{job} {bar} {percentage}% | step {value}/{total} | {stage} {note} | ETA {left}",
    barsize: 18,
    hideCursor: true,
    clearOnComplete: false,
    autopadding: true,
    gracefulExit: false,
  });
  const clocks = new Map<string, EtaClock>();
  const lines = new Map<string, SingleBar>();
  const line = (job: string, total: number): SingleBar => {
    const known = lines.get(job);
    if (known !== undefined) return known;
    const created = bars.create(total, 0, { job: job.padEnd(width), stage: "waiting", note: "", left: "--" });
    lines.set(job, created);
    clocks.set(job, new EtaClock());
    return created;
  };
  return {
    update(job, state) {
      const bar = line(job, state.total);
      const left = formatDuration(clocks.get(job)?.remaining(state.done, state.total) ?? Number.NaN);
      bar.update(state.done, { stage: state.stage, note: state.note, left });
    },
    end(job, note) {
      const bar = lines.get(job);
      bar?.update(bar.getTotal(), { stage: "done", note, left: "0s" });
    },
    note(text) {
      bars.log(`${text}\n`);
      bars.update();
    },
    close: () => bars.stop(),
  };
}

function lineView(stream: NodeJS.WriteStream): ProgressView {
  const clocks = new Map<string, EtaClock>();
  const last = new Map<string, number>();
  return {
    update(job, { done, total, stage, note }) {
      const clock = clocks.get(job) ?? new EtaClock();
      clocks.set(job, clock);
      const left = clock.remaining(done, total);
      const now = performance.now();
      if (now - (last.get(job) ?? Number.NEGATIVE_INFINITY) < 20_000) return;
      last.set(job, now);
      stream.write(`${job}  step ${done}/${total}  ${stage}  ${note}  ETA ${formatDuration(left)}\n`);
    },
    end: (job, note) => void stream.write(`${job}  ${note}\n`),
    note: (text) => void stream.write(`${text}\n`),
    close: () => undefined,
  };
}
