// Run by the action: one comment on a pull request, with the report in Markdown, which later runs update.
// Its environment: COMMENT_TOKEN, COMMENT_FILE, COMMENT_ABOUT (what was checked: each has a comment of its own), and what a workflow sets.
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";

const variable = (name: string): string => {
  const value = process.env[name] ?? "";
  if (value === "") throw new Error(`${name} is not set`);
  return value;
};

interface Comment {
  id: number;
  body: string;
}

/** Comments on a page of the list, the most that GitHub gives. */
const perPage = 100;

const api = async (method: string, path: string, body?: object): Promise<unknown> => {
  const answer = await fetch(`${variable("GITHUB_API_URL")}/repos/${variable("GITHUB_REPOSITORY")}/${path}`, {
    method,
    headers: {
      accept: "application/vnd.github+json",
      authorization: `Bearer ${variable("COMMENT_TOKEN")}`,
      "content-type": "application/json",
      "user-agent": "hopwise",
    },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  if (!answer.ok) throw new Error(`${method} ${path} was answered with ${answer.status}: does the token have "pull-requests: write"?`);
  return answer.json();
};

const earlier = async (number: number, marker: string): Promise<Comment | null> => {
  for (let page = 1; ; page += 1) {
    // oxlint-disable-next-line no-await-in-loop
    const comments = (await api("GET", `issues/${number}/comments?per_page=${perPage}&page=${page}`)) as Comment[];
    const found = comments.find(({ body }) => body.startsWith(marker));
    if (found || comments.length < perPage) return found ?? null;
  }
};

const event = JSON.parse(await readFile(variable("GITHUB_EVENT_PATH"), "utf8")) as { pull_request?: { number: number } };
const number = event.pull_request?.number;
if (number === undefined) console.log("This is no pull request: there is nothing to comment on.");
else {
  const marker = `<!-- hopwise ${createHash("sha256").update(variable("COMMENT_ABOUT")).digest("hex").slice(0, 16)} -->`;
  const body = `${marker}\n${await readFile(variable("COMMENT_FILE"), "utf8")}`;
  const known = await earlier(number, marker);
  if (known) await api("PATCH", `issues/comments/${known.id}`, { body });
  else await api("POST", `issues/${number}/comments`, { body });
  console.log(known ? "The comment on the pull request was updated." : "The report was posted on the pull request.");
}
