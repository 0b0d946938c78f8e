import { type SettingMeaning, settingMeanings } from "../cilium/settingMeanings.js";
import type { Setting } from "../monitor/settings/setting.js";
import { statedVersion } from "../monitor/settings/statedVersion.js";
import type { SetUp, SetUpName } from "./datapathFacts.js";
import type { Vote } from "./vote.js";

/** IPsec encrypts at the native device since 1.18 (bpf/bpf_host.c: ipsec_maybe_redirect_to_encrypt). */
const ipsecAtDevice = 18;

/** The value of a fact that a setting states; `undefined` where it depends on a version that is not known. */
function statedValue({ value }: SettingMeaning, minor: number | undefined): SetUp[SetUpName] {
  if (value !== "ipsec") return value as SetUp[SetUpName];
  if (minor === undefined) return undefined;
  return minor < ipsecAtDevice ? "ipsec" : "ipsec-at-device";
}

function words({ source, name, value }: Setting): string {
  const printed = `${name.replace(/^- /, "")}: ${value}`;
  return source === "status" ? `\`cilium status\` says "${printed}".` : `Cilium is configured with \`${printed}\`.`;
}

/**
 * What the settings in a node's files say of one side of its set-up: those that tell it best, one vote for each line that states them.
 *
 * @param settings of all files of the node
 */
export function statedVotes(settings: readonly Setting[], wanted: SetUpName): Vote[] {
  const minor = statedVersion(settings)?.minor;
  const meanings = settingMeanings.filter(({ fact }) => fact === wanted);
  for (const { source, name } of meanings) {
    const votes = settings
      .filter((setting) => setting.source === source && setting.name === name)
      .flatMap((setting): Vote[] => {
        const meaning = meanings.find(
          (each) => each.source === source && each.name === name && each.values.test(setting.value),
        );
        const value = meaning && statedValue(meaning, minor);
        return value === undefined ? [] : [{ value, statement: words(setting), place: setting.place }];
      });
    if (votes.length > 0) return votes;
  }
  return [];
}
