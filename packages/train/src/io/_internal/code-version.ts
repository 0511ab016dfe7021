/** Version of this package, written into every checkpoint. */
export const codeVersion = "0.1.0";
