/**
 * How sure it is who made a rule or table. `certain`: several marks agree that no one else uses together. `likely`: one mark of the
 * owner. `possible`: the shape is usual for it, and for others.
 */
export type OwnerConfidence = "certain" | "likely" | "possible";

/** Who installs such a thing, and why. */
export interface Ownership {
  /** A name that can begin a sentence: `Cilium`, `Tailscale`, `The kernel`. */
  readonly owner: string;
  /** A clause that completes "... installs it ": `to hand packets to its L7 proxy`. */
  readonly purpose: string;
  readonly confidence: OwnerConfidence;
  readonly source: string;
  /** The owner means the rule to take every packet it matches, so nobody misses the routes that these packets do not see. */
  readonly takesAll?: true;
}
