// The README's matrix as a picture: a mark for each answer, of its own shape. Pure.
import { markup, ownCode } from "../harness/report/html/markup.ts";
import type { Markup } from "../harness/report/html/markup.ts";
import { colors } from "../harness/report/html/picture-style.ts";
import type { CanIStream, ServerAnswers } from "./_can-i-stream.ts";
import { nameOf } from "./_site-parts.ts";

const names = 300;
const column = 106;
const line = 30;
const head = 84;

const style = `${colors("svg")}
.page{fill:var(--page)}
text{font:14px system-ui,sans-serif;fill:var(--ink)}
.title{font:700 18px system-ui,sans-serif}
.question{font:12px system-ui,sans-serif;fill:var(--soft);text-anchor:middle}
.dates{font:12px system-ui,sans-serif;fill:var(--soft);text-anchor:end}
.row{fill:var(--panel)}
.yes{fill:var(--good)}
.no{stroke:var(--harm);stroke-width:3;stroke-linecap:round}
.none{stroke:var(--line);stroke-width:2}`;

export const matrixPicture = ({ servers, questions, measured: { from, to } }: CanIStream): string => {
  const asked = Object.entries(questions);
  const rows = newest(servers.filter(({ answers }) => Object.keys(answers).length > 0));
  const width = names + asked.length * column + 20;
  const height = head + rows.length * line + 16;
  const x = (index: number): number => names + column * (index + 0.5);
  return `${markup`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img" aria-label="What streams through each server in its default configuration">
    ${ownCode("style", style)}<rect class="page" width="100%" height="100%" rx="8" />
    <text class="title" x="16" y="28">Can I stream through …?</text>
    ${asked.map(([, { title }], index) => markup`<text class="question" x="${x(index)}" y="${head - 12}">${title}</text>`)}
    ${rows.map((server, row) => {
      const y = head + row * line;
      return markup`${row % 2 === 0 && markup`<rect class="row" x="8" width="${width - 16}" y="${y}" height="${line}" rx="3" />`}<text x="16" y="${y + 20}">${nameOf(server)}</text>${asked.map(([question], index) => mark(server.answers[question]?.answer, x(index), y + line / 2))}`;
    })}
    <text class="dates" x="${width - 16}" y="28">default configurations, ${from} to ${to}</text>
  </svg>`.toString()}\n`;
};

/** Of each server and version that with the newest Node. */
const newest = (servers: readonly ServerAnswers[]): ServerAnswers[] => {
  const major = ({ node }: ServerAnswers): number => Number(node?.split(".")[0] ?? 0);
  return servers.filter((one) =>
    servers.every((other) => other.id !== one.id || other.version !== one.version || major(other) <= major(one)),
  );
};

const mark = (answer: "yes" | "no" | undefined, x: number, y: number): Markup => {
  if (answer === "yes") return markup`<circle class="yes" cx="${x}" cy="${y}" r="7" />`;
  if (answer === "no") return markup`<path class="no" d="M${x - 6} ${y - 6}l12 12m0-12l-12 12" />`;
  return markup`<path class="none" d="M${x - 5} ${y}h10" />`;
};
