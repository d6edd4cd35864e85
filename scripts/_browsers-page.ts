// docs/browsers.md, from the answers of a real browser. Pure.

export interface BrowserAnswer {
  /** What the page and its streams came through. */
  through: string;
  id: string;
  question: string;
  /** Written down before it was first asked. */
  expected: string;
  measured: string;
}

export interface BrowserAnswers {
  browser: string;
  measuredOn: string;
  answers: BrowserAnswer[];
}

const introduction = `# What a browser does with a stream

Asked of a real browser in lock-step: the origin writes the next record when the page has acknowledged the last one, so that no answer depends on how fast the machine is. Only that a seventh stream waits follows from time: it was not sent for a second, and then when another one ended. An answer of
"8 of 8 before the next was written" means that each record could be used when it had come; "0 of 3" that the page had none of them before the end.

The questions are in [\`test/browser/\`](../test/browser/), each with the answer that was expected before it was first asked. \`npm test\` asks them where there is a Chromium,
\`npm run browsers\` writes this page. What no test can ask a browser here: other browsers than Chromium, and HTTP/3.

## What follows

- **Six streams per host over HTTP/1.1, for all tabs together.** A seventh EventSource is not refused: its request is not sent until another one has ended. Over HTTP/2 all are open at once.
- **A streamed JSON list cannot be used before its end**, by \`JSON.parse\` or \`response.json()\`; the same list as lines (NDJSON) can, element by element.
- **A gzip member for each record shows the first record only**, without an error. gzip, br and zstd that are flushed after each record show each of them.
- **Leaving a page closes the connection over HTTP/1.1, and only the stream over HTTP/2**: a proxy that watches its connections sees nothing.
- **EventSource resumes** with the id of the last event that was complete, ignores comments and an event without its blank line, and stops for good at 204.
`;

const cell = (text: string): string => text.replaceAll("|", "\\|");

export const browsersPage = ({ browser, measuredOn, answers }: BrowserAnswers): string => {
  const byThrough = Map.groupBy(answers, ({ through }) => through);
  const sections = [...byThrough].map(([through, ofIt]) =>
    [
      `## ${through}`,
      "",
      "| question | answer |",
      "|---|---|",
      ...ofIt.map(({ question, measured, expected }) => {
        const otherwise = measured === expected ? "" : ` (*expected otherwise*: ${cell(expected)})`;
        return `| ${cell(question)} | ${cell(measured)}${otherwise} |`;
      }),
      "",
    ].join("\n"),
  );
  return `${introduction}\nMeasured with ${browser} on ${measuredOn}.\n\n${sections.join("\n")}`;
};
