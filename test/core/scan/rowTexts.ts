import { columnNames } from "../../../server/src/core/capture/columns/columnsBuilder.js";
import type { ColumnArrays, EventColumns } from "../../../server/src/core/capture/columns/eventColumns.js";
import type { Names } from "../../../server/src/core/capture/columns/names.js";

const named: ReadonlySet<keyof ColumnArrays> = new Set(["reason", "src", "dst", "device", "srcMac", "dstMac"]);

/** The rows as text, with names in the place of their numbers, which depend on the order of reading. */
export function rowTexts(columns: EventColumns, names: Names): string[] {
  return Array.from({ length: columns.length }, (_, row) => {
    const isIcmp = columns.protocol[row] === 1 || columns.protocol[row] === 58;
    const fields = columnNames.map((name) => {
      const value = columns[name][row] ?? 0;
      return `${name}=${named.has(name) || (name === "detail" && isIcmp) ? names.text(value) : value}`;
    });
    const rare = columns.rare.get(row);
    return `${fields.join(" ")} ${rare ? `${rare.ipTraceId} ${names.text(rare.origIp ?? 0)} ${rare.fragmentOffset}` : ""}`;
  });
}
