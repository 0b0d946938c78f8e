import { findSocketPoint, socketPointSource } from "../../cilium/socketPoints.js";
import type { SocketEvent } from "../../monitor/event.js";
import type { EventField, FieldExplanation } from "./explainEventField.js";

/** The fields of a socket translation's line (pkg/monitor/datapath_sock_trace.go), by the names that `textFieldAt` gives them. */
export function explainSocketField(event: SocketEvent, field: EventField): FieldExplanation | undefined {
  const sources = [socketPointSource];
  switch (field.path[0]) {
    case "point":
      return {
        sentences: [
          findSocketPoint(event.point)?.meaning ?? "No version of Cilium known here has this point.",
          "With socket load balancing a service's address is replaced when the socket connects, so no packet ever carries it.",
        ],
        sources,
      };
    case "cgroupId":
      return { sentences: ["The control group of the program that owns the socket, which tells its pod."], sources };
    case "cookie":
      return {
        sentences: ["The kernel's number of the socket: lines with the same one are of one socket."],
        sources,
      };
    case "peer":
      return {
        sentences: ["The address and port of the socket's peer, at this point of the translation."],
        sources,
      };
    case "protocol":
      return { sentences: ["The socket's protocol."], sources };
    default:
      return undefined;
  }
}
