// Runs in the site's page "look": a report or a trace that is dropped there is rendered there, by the code that renders it elsewhere.
import { checkPage } from "../../harness/report/html/check-page.ts";
import { predictedPage } from "../../harness/report/html/predicted-page.ts";
import { probePage } from "../../harness/report/html/probe-page.ts";
import { runPage } from "../../harness/report/html/run-page.ts";
import { isPredicted } from "../../harness/report/predicted-report.ts";
import { traceReport } from "../../harness/report/trace-report.ts";

const input = document.querySelector("#look-file");
const place = document.querySelector("#look-place");
const said = document.querySelector("#look-said");

const about = (modified) => ({
  tool: { name: "hopwise", version: "" },
  machine: { platform: "", cores: 0, node: "", labNode: "" },
  startedAt: new Date(modified).toISOString(),
});

/** By the schema that each file names. */
const pages = {
  "hopwise.report/1": (report) => runPage(report),
  "hopwise.check/1": (report) => (isPredicted(report) ? predictedPage(report) : checkPage(report)),
  "hopwise.probe/1": (report) => probePage(report),
  "hopwise.trace/1": (trace, { name, lastModified }) =>
    runPage(traceReport([{ name: name.replace(/\.json$/, ""), trace }], about(lastModified))),
};

const pageOf = async (file) => {
  const value = JSON.parse(await file.text());
  const schema = value?.schema;
  const make = typeof schema === "string" && Object.hasOwn(pages, schema) ? pages[schema] : null;
  if (make === null) throw new Error(`its schema is not one of ${Object.keys(pages).join(", ")}`);
  return make(value, file);
};

const show = async (file) => {
  if (!file) return;
  place.replaceChildren();
  try {
    const frame = document.createElement("iframe");
    frame.title = file.name;
    // What a file says is hostile: its page runs its own scripts, and reaches nothing of this one.
    frame.sandbox.add("allow-scripts");
    frame.srcdoc = await pageOf(file);
    place.append(frame);
    said.textContent = `${file.name}, as it is on this computer:`;
  } catch (error) {
    said.textContent = `${file.name} cannot be shown: ${error.message}`;
  }
};

input.addEventListener("change", () => void show(input.files[0]));
document.addEventListener("dragover", (event) => event.preventDefault());
document.addEventListener("drop", (event) => {
  event.preventDefault();
  void show(event.dataTransfer.files[0]);
});
