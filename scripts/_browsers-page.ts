// docs/browsers.md, from the answers of a real browser. Pure.

export interface BrowserAnswer {
  /** What the page and its streams came through. */
  through: string;
  id: string;
  question: string;
  /** Written down before it was first asked. */
  expected: string;
  measured: string;
  /** The versions of the servers of its chain. */
  ran?: string[];
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
- **A reload of nginx, Varnish or Caddy is not noticed by an EventSource**, except where nginx has a \`worker_shutdown_timeout\`: then each stream is cut after it, and asked for again after what \`retry:\`
  says. An application that answers from \`Last-Event-ID\` on loses nothing; one that does not loses what it would have written meanwhile.
- **Caddy's \`grace_period\` does not cut streams at a reload**, although its [page](https://caddyserver.com/docs/caddyfile/options#grace-period) says so. A reload does not wait for the old server, and ends the time
  that it gave it at once (\`server shutdown … context canceled\` in its log, [App.Stop](https://github.com/caddyserver/caddy/blob/master/modules/caddyhttp/app.go)); Go's
  [Server.Shutdown](https://pkg.go.dev/net/http#Server.Shutdown) then leaves open connections as they are. 2.6 does the same.
- **While an application is away, all three answer with an error of their own (502, 503), and the EventSource gives up.**
`;

const cell = (text: string): string => text.replaceAll("|", "\\|");

/** Of Node hops only what the versions of npm packages say, which the lock file has. */
const serversOf = (answers: readonly BrowserAnswer[]): string => {
  const ran = new Set(answers.flatMap(({ ran: versions = [] }) => versions).filter((version) => !version.startsWith("node ")));
  return [...ran].map((version) => `, ${version}`).join("");
};

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
  return `${introduction}\nMeasured with ${browser}${serversOf(answers)} on ${measuredOn}.\n\n${sections.join("\n")}`;
};
