import { columnNames, createColumnsBuilder } from "../../capture/columns/columnsBuilder.js";
import type { EventColumns, Loss, RareFields } from "../../capture/columns/eventColumns.js";

/** Some rows of a capture that follow each other: new ones come at the end, and old ones go at the beginning. */
export interface RowWindow {
  /** The rows, valid until some are added or dropped. */
  readonly columns: EventColumns;
  add(columns: EventColumns): void;
  /** Drops the first rows, and the losses before them. */
  drop(count: number): void;
}

/** @param capacity for how many rows there is room at once */
export function rowWindow(capacity?: number): RowWindow {
  const { columns, addRows } = createColumnsBuilder(capacity);
  const { rare } = columns;
  let losses: Loss[] = [];
  return {
    get columns() {
      return { ...columns, rare, losses };
    },
    add(added) {
      const from = columns.length;
      addRows(added, 0, added.length);
      for (const [row, fields] of added.rare) rare.set(from + row, fields);
      for (const loss of added.losses) losses.push({ ...loss, row: from + loss.row });
    },
    drop(count) {
      for (const name of columnNames) columns[name].copyWithin(0, count, columns.length);
      columns.length -= count;
      losses = losses.filter(({ row }) => row >= count).map((loss) => ({ ...loss, row: loss.row - count }));
      const kept = [...rare].filter(([row]) => row >= count);
      rare.clear();
      for (const [row, fields] of kept) rare.set(row - count, fields);
    },
  };
}

/** Some rows of a capture, without the losses between them. @param rows ascending */
export function pickRows(columns: EventColumns, rows: Uint32Array): EventColumns {
  const builder = createColumnsBuilder(rows.length);
  for (let at = 0; at < rows.length; ) {
    const from = rows[at] ?? 0;
    let to = from;
    for (; at < rows.length && rows[at] === to; at++) to++;
    builder.addRows(columns, from, to);
  }
  const rare: Map<number, RareFields> = builder.columns.rare;
  if (columns.rare.size > 0) {
    rows.forEach((row, index) => {
      const fields = columns.rare.get(row);
      if (fields) rare.set(index, fields);
    });
  }
  return builder.finish();
}
