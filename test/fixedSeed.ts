import * as fc from "fast-check";

/**
 * Properties are tried with the same examples in every run, so that a test that passed passes again. PACKETWALK_SEED tries others; what it
 * finds belongs into a drawn case.
 */
fc.configureGlobal({ seed: Number(process.env.PACKETWALK_SEED ?? 20260) });
