import { literal, skip } from "./literal";
import { readDigits, skipDigits } from "./numbers";
import { skipList } from "./runs";

/** Pieces that layers of gopacket's text share (`LayerString`). */
const contents = literal("Contents=");
const payload = literal(" Payload=");

/** Passes over `Contents=[..14..] Payload=[..84..]`, with which each layer begins. */
export function skipContents(at: usize): usize {
  at = skipList(skip(at, contents));
  return skipList(skip(at, payload));
}

/** Reads ` Name=` and a decimal number of at most `most` digits. */
export function readField(at: usize, name: usize, most: i32): usize {
  return readDigits(skip(at, name), most);
}

/** Passes over ` Name=` and a decimal number. */
export function skipField(at: usize, name: usize): usize {
  return skipDigits(skip(at, name));
}
