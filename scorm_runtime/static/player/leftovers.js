// @ts-check
/**
 * What an earlier window left comes along with /open; more than that request may carry is delivered
 * before, in the earlier window's name, commit by commit. A long time without a network leaves many
 * megabytes.
 */

/** @import { LeftJournal } from "../bridge/journal.js" */
import { LARGEST, takeUpTo } from "../bridge/sender.js";

/**
 * Deliver what is too much; each journal keeps what /open is to bring along. One that the server no
 * longer takes keeps its beginning, for the call log.
 * @param {{attempt: string, post: (path: string, body: object) => Promise<Response>}} page
 * @param {LeftJournal[]} journals
 */
export async function deliverLarge(page, journals) {
  for (const journal of journals) {
    let number = 1;
    for (;;) {
      const { writer, entries } = journal;
      const chunk = takeUpTo(entries, LARGEST);
      if (chunk.length === entries.length) break;
      const response = await page.post("commits", { attempt: page.attempt, writer, number, entries: chunk });
      if (!response.ok && response.status !== 409) throw new Error(`answer ${response.status}`);
      const answer = response.ok ? await response.json() : { acknowledged: 0, number };
      journal.entries = entries.filter(([n]) => n > answer.acknowledged);
      const isStuck = journal.entries.length === entries.length && answer.number < number;
      if (response.status === 409 || isStuck) journal.entries = chunk;
      number = answer.number + 1;
    }
  }
}
