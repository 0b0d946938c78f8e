/** The names of TCP's flags, in the order that `TransportHeader.flags` promises. */
export const tcpFlagNames = ["SYN", "ACK", "FIN", "RST", "PSH", "URG", "ECE", "CWR", "NS"] as const;
