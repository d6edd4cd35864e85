// The card of a probed response on a page: what was found, the picture, and the numbers.
import type { Level } from "../../probe/judge/findings.ts";
import { nameOf } from "../../probe/variation-name.ts";
import type { ProbeReport, ProbeResponse } from "../probe-report.ts";
import { probeMarks, sameAs, sorted } from "../probe-summary.ts";
import { directOf, probeWaterfall } from "../probe-waterfall.ts";
import { duration } from "../text.ts";
import { drawnAs, figure } from "./figure.ts";
import { markup } from "./markup.ts";
import type { Markup, Value } from "./markup.ts";
import { listed } from "./parts.ts";
import { bytesInWords } from "./scale.ts";

/** The looks of other cards, by how urgent it is. */
const looks: Record<Level, { card: string; text: string; word: string }> = {
  error: { card: "error", text: "bad", word: "error" },
  warning: { card: "warning", text: "open", word: "warning" },
  open: { card: "inconclusive", text: "open", word: "not judged" },
  ok: { card: "pass", text: "good", word: "fine" },
  note: { card: "note", text: "soft", word: "note" },
};

/** The most urgent of a response. */
export const levelOf = ({ findings }: ProbeResponse): Level => sorted(findings)[0]?.level ?? "open";

export const lookOf = (level: Level): { card: string; text: string; word: string } => looks[level];

export const statusOf = ({ status, contentType }: ProbeResponse): string =>
  status === null ? "no response" : `${status}${contentType === null ? "" : ` ${contentType}`}`;

interface Around {
  name: string;
  /** Those that are shown already. */
  before: readonly ProbeResponse[];
  report: ProbeReport;
  /** Of the origin, which is compared with nothing. */
  isOrigin: boolean;
}

export const probeCard = (response: ProbeResponse, { name, before, report, isOrigin }: Around): Markup => {
  const level = levelOf(response);
  const direct = isOrigin ? null : directOf(response, report);
  const waterfall = probeWaterfall(response, direct, report);
  const same = sameAs(response, before);
  const [first, ...more] = sorted(response.findings);
  return markup`<article class="card ${looks[level].card}" id="${name}" aria-labelledby="${name}t" data-card>
    <div class="top">
      <span class="mark">${probeMarks[level]} ${looks[level].word}</span>
      <h3 id="${name}t">${nameOf(response)}</h3>
      <code class="soft">${statusOf(response)}</code>
    </div>
    ${same ? markup`<p class="good">✓ the same as ${nameOf(same)}</p>` : sentence(first)}
    ${waterfall ? figure(drawnAs(waterfall, null, wordOf(waterfall.mark?.text))) : markup`<p class="soft">No header section arrived: there is nothing to draw.</p>`}
    ${!same && more.map(sentence)}
    <details>
      <summary>Details</summary>
      ${listed(numbersOf(response))}
    </details>
  </article>`;
};

const sentence = (finding: ProbeResponse["findings"][number] | undefined): Markup | null =>
  finding ? markup`<p class="${looks[finding.level].text}">${probeMarks[finding.level]} ${finding.says}</p>` : null;

/** Beside the bracket, which has the number. */
const wordOf = (text = ""): string => (text.startsWith("cut") ? "cut" : "held");

const numbersOf = ({ connectMs, version, headersMs, records, unit, bytes, coding, end }: ProbeResponse): [string, Value][] => [
  ["connected after", duration(connectMs)],
  ["answered by", version === null ? "nothing" : `HTTP/${version}`],
  ["header section after", headersMs === null ? "never" : duration(headersMs)],
  [`${unit}s`, records],
  ["content", `${bytesInWords(bytes)}${coding === "identity" ? "" : `, coded with ${coding}`}`],
  [end.how === "open" ? "watched for" : "ended after", duration(end.atMs)],
];
