declare module "virtual:examples" {
  export const examples: readonly {
    readonly path: string;
    readonly line: number;
    readonly run: () => Promise<unknown>;
  }[];
}
