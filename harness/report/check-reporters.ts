// Every output of `hopwise check`, by the name that `--reporter` knows it by.
import { checkGithub } from "./check-github.ts";
import { checkJson } from "./check-json.ts";
import { checkJunit } from "./check-junit.ts";
import { checkMarkdown } from "./check-markdown.ts";
import { checkPretty } from "./check-pretty.ts";
import type { CheckReport } from "./check-report.ts";
import { checkSarif } from "./check-sarif.ts";
import type { Look } from "./look.ts";

export const checkReporters = {
  pretty: checkPretty,
  json: checkJson,
  junit: checkJunit,
  sarif: checkSarif,
  github: checkGithub,
  markdown: checkMarkdown,
} satisfies Record<string, (report: CheckReport, look: Look) => string>;
