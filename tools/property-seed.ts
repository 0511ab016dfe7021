import fc from "fast-check";

// Property tests draw the same instances in every run, so that a red run is about the change at hand. To look at other
// instances: FAST_CHECK_SEED=123 npm test (any integer), as often as one likes; a failure prints the seed and the counterexample.
fc.configureGlobal({
  ...fc.readConfigureGlobal(),
  seed: Number.parseInt(process.env.FAST_CHECK_SEED ?? "20261121", 10),
});
