import { trainBriefly } from "./train-briefly.ts";

// Entry of the page of ../browser.test.ts.
Object.assign(globalThis, { trainBriefly });
