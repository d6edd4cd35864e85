// Any two columns of the matrix beside each other: the answers, and the timeouts that were found. Pure.
import { markup } from "../harness/report/html/markup.ts";
import type { Markup } from "../harness/report/html/markup.ts";
import { duration } from "../harness/report/text.ts";
import type { CanIStream, ServerAnswers } from "./_can-i-stream.ts";
import { nameOf, sitePage } from "./_site-parts.ts";

const keyOf = ({ id, version, node }: ServerAnswers): string => `${id}@${version}${node === null || node === version ? "" : `+${node}`}`;

interface Row {
  title: string;
  of: (server: ServerAnswers) => string | null;
}

const limitOf =
  (kind: string): Row["of"] =>
  ({ measurements }) => {
    const found = [
      ...new Set(
        measurements.flatMap(({ limits, variant }) =>
          limits.filter((one) => one.kind === kind).map(({ ms }) => `${duration(ms)} (${variant})`),
        ),
      ),
    ];
    return found.length === 0 ? null : found.join(", ");
  };

export const comparePage = ({ servers, questions }: CanIStream): string => {
  const kinds = [
    ...new Set(servers.flatMap(({ measurements }) => measurements.flatMap(({ limits }) => limits.map(({ kind }) => kind)))),
  ].toSorted();
  const rows: Row[] = [
    ...Object.entries(questions).map(([question, { title }]): Row => ({
      title,
      of: ({ answers }) => {
        const answer = answers[question];
        return answer ? `${answer.answer === "yes" ? "✓" : "✗"} ${answer.verdict}` : null;
      },
    })),
    ...kinds.map((kind): Row => ({ title: kind, of: limitOf(kind) })),
  ];
  const compared = servers.filter((server) => rows.some(({ of }) => of(server) !== null));
  return sitePage("Compare two servers", "", [
    markup`<form class="compare filters" aria-label="Compare" hidden>${choice("one", compared, 0)}${choice("the other", compared, 3)}<output></output></form>`,
    markup`<div class="scroll" tabindex="0" role="group" aria-label="Comparison"><table class="routes compared">
      <thead><tr><th scope="col">what is asked</th>${compared.map((server) => markup`<th scope="col" data-column="${keyOf(server)}">${nameOf(server)}</th>`)}</tr></thead>
      <tbody>${rows.map(({ title, of }) => markup`<tr><th scope="row">${title}</th>${compared.map((server) => markup`<td data-column="${keyOf(server)}">${of(server) ?? "–"}</td>`)}</tr>`)}</tbody>
    </table></div>`,
  ]);
};

const choice = (name: string, servers: readonly ServerAnswers[], chosen: number): Markup =>
  markup`<label>${name} <select>${servers.map((server, index) => (index === chosen ? markup`<option value="${keyOf(server)}" selected>${nameOf(server)}</option>` : markup`<option value="${keyOf(server)}">${nameOf(server)}</option>`))}</select></label>`;
