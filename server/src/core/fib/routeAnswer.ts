import type { Route, RouteType } from "../iproute/route.js";
import type { TableRef } from "../iproute/rule.js";
import type { Address } from "../net/address.js";
import type { Assumption, Decision } from "./decision.js";
import type { RouteQuery } from "./routeQuery.js";
import type { SourceValidation } from "./validateSource.js";

/** Why `ip route get` answers with an error. */
export type RouteGetError =
  | "no-route"
  | "unreachable"
  | "prohibit"
  | "blackhole"
  | "invalid-source"
  | "missing-evidence";

/** One way the packet may take. */
export interface AnswerHop {
  /** Left out where it is one of the node's own addresses: the destination is then on the link. */
  readonly gateway?: Address;
  readonly dev?: string;
  /** The source the kernel chooses where none was given; undefined where the dumps don't tell. */
  readonly prefsrc?: Address;
}

/** What `ip route get` prints, or why it does not. */
export type RouteAnswer = {
  readonly query: RouteQuery;
  /** The walk through the rules; absent where the kernel answers without it. */
  readonly decision?: Decision;
  /** With `iif`: the check of the source. */
  readonly validation?: SourceValidation;
  readonly assumptions: readonly Assumption[];
} & (
  | {
      readonly type: "route";
      readonly routeType: RouteType;
      /** More than one where a flow hash chooses, which can't be known. */
      readonly hops: readonly AnswerHop[];
      /** Absent for main, which `ip` does not print, and where no table was asked. */
      readonly table?: TableRef;
      /** The entry that matched; absent where no table was asked. */
      readonly route?: Route;
      /** Words of the `cache` line. */
      readonly cache: readonly string[];
    }
  | {
      readonly type: "error";
      readonly error: RouteGetError;
      /** A sentence that says more than the error's name. */
      readonly message: string;
      /** What to run to know, for missing evidence. */
      readonly command?: string;
    }
);
