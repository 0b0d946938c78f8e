/** Prints `{"version":1,NAME:[...]}` item by item, indented as `JSON.stringify` does it, so that a long list is never held. */
export interface PrintedList {
  readonly add: (item: unknown) => void;
  readonly end: () => void;
}

/** @param format prints nothing unless it is `json` */
export function printList(name: string, format: "text" | "json", print: (line: string) => void): PrintedList {
  if (format === "text") return { add: () => {}, end: () => {} };
  let held: string | undefined;
  print(`{\n  "version": 1,`);
  return {
    add(item) {
      if (held === undefined) print(`  "${name}": [`);
      else print(`${held},`);
      held = JSON.stringify(item, null, 2).replace(/^/gm, "    ");
    },
    end() {
      print(held === undefined ? `  "${name}": []\n}` : `${held}\n  ]\n}`);
    },
  };
}
