import { AuthorError, runScenario, EnvironmentError } from "hopwise";

try {
  await runScenario("streams/no-such-file.yaml", { runtime: "process", signal: AbortSignal.timeout(60_000) });
} catch (error) {
  if (error instanceof AuthorError) console.log(`A mistake of mine: ${error.message}`);
  else if (error instanceof EnvironmentError) console.log(`It cannot run here: ${error.message}`);
  else throw error;
}
