/**
 * npm's @xapi/xapi against a running record store; started by test_node_clients.py, which sets
 * LRS_ENDPOINT, LRS_KEY and LRS_SECRET.
 */

import assert from "node:assert/strict";
import { createHash, randomUUID } from "node:crypto";
import { test } from "node:test";

import XAPI from "@xapi/xapi";

const { LRS_ENDPOINT = "", LRS_KEY = "", LRS_SECRET = "" } = process.env;
const auth = XAPI.toBasicAuth(LRS_KEY, LRS_SECRET);
const agent = { objectType: "Agent", name: "Ada", mbox: `mailto:${randomUUID()}@example.com` };
const activityId = `https://example.com/course/${randomUUID()}`;
const verb = { id: "http://adlnet.gov/expapi/verbs/experienced", display: { "en-US": "experienced" } };
const definition = { name: { "en-US": "A course", "de-DE": "Ein Kurs" } };

/** @param {object} [more] */
const statement = (more = {}) => ({
  id: randomUUID(),
  actor: agent,
  verb,
  object: { objectType: "Activity", id: activityId, definition },
  ...more,
});

/** What the client throws, as far as it concerns us. @param {Promise<unknown>} call */
async function refused(call) {
  try {
    await call;
  } catch (error) {
    return error;
  }
  return assert.fail("was not refused");
}

for (const version of ["1.0.3", "2.0.0"]) {
  for (const adapter of ["axios", "fetch"]) {
    const xapi = new XAPI({ endpoint: LRS_ENDPOINT, auth, version, adapter });
    const place = { agent, activityId, stateId: `bookmark ${version} ${adapter}` };

    test(`statements by ${adapter}, ${version}`, async () => {
      const one = statement({ result: { score: { scaled: 0.5 }, duration: "PT1M3.5S" } });
      assert.deepEqual((await xapi.sendStatement({ statement: one })).data, [one.id]);
      const got = (await xapi.getStatement({ statementId: one.id })).data;
      assert.deepEqual({ ...got, ...one }, got);
      const batch = [statement(), statement()];
      const ids = (await xapi.sendStatements({ statements: batch })).data;
      assert.deepEqual(ids, batch.map(({ id }) => id));
      const page = (await xapi.getStatements({ agent, limit: 1, ascending: true })).data;
      assert.equal(page.statements.length, 1);
      const more = (await xapi.getMoreStatements({ more: page.more })).data;
      assert.equal(more.statements.length, 1);
      await xapi.voidStatement({ actor: agent, statementId: one.id });
      const voided = (await xapi.getVoidedStatement({ voidedStatementId: one.id })).data;
      assert.equal(voided.id, one.id);
    });

    // In Node, axios replaces the Content-Type that the client sets; in browsers it does not.
    const skip = adapter === "axios";
    test(`attachments by ${adapter}, ${version}`, { skip }, async () => {
      const content = new TextEncoder().encode("Simple attachment: é\n");
      const sent = statement({
        attachments: [
          {
            usageType: "https://example.com/usage/note",
            display: { en: "A note" },
            contentType: "text/plain",
            length: content.length,
            sha2: createHash("sha256").update(content).digest("hex"),
          },
        ],
      });
      await xapi.sendStatement({ statement: sent, attachments: [content.buffer] });
      const answer = await xapi.getStatement({ statementId: sent.id, attachments: true });
      const [back, note] = answer.data;
      assert.equal(back.id, sent.id);
      assert.match(String(note), /Simple attachment/);
    });

    test(`state and profiles by ${adapter}, ${version}`, async () => {
      await xapi.setState({ ...place, state: { page: 3 } });
      await xapi.createState({ ...place, state: { seen: [1, 2] } });
      assert.deepEqual((await xapi.getState(place)).data, { page: 3, seen: [1, 2] });
      assert.ok((await xapi.getStates(place)).data.includes(place.stateId));
      await xapi.deleteState(place);
      assert.deepEqual((await xapi.getStates(place)).data.includes(place.stateId), false);

      const profileId = place.stateId;
      const match = { etag: "*", matchHeader: "If-None-Match" };
      await xapi.setAgentProfile({ agent, profileId, profile: { a: 1 }, ...match });
      assert.deepEqual((await xapi.getAgentProfile({ agent, profileId })).data, { a: 1 });
      await xapi.setActivityProfile({ activityId, profileId, profile: { b: 2 }, ...match });
      const found = await xapi.getActivityProfile({ activityId, profileId });
      assert.deepEqual(found.data, { b: 2 });
      const etag = found.headers.etag ?? found.headers.get?.("etag");
      const next = { activityId, profileId, profile: { b: 3 }, matchHeader: "If-Match" };
      await xapi.setActivityProfile({ ...next, etag });
      const late = await refused(xapi.setActivityProfile({ ...next, etag }));
      assert.ok(late);
    });

    test(`about, activities and agents by ${adapter}, ${version}`, async () => {
      assert.ok((await xapi.getAbout()).data.version.includes(version));
      assert.deepEqual((await xapi.getActivity({ activityId })).data.definition, definition);
      assert.deepEqual((await xapi.getAgent({ agent })).data.mbox, [agent.mbox]);
    });
  }
}

test("a refusal tells the client what is wrong", async () => {
  const xapi = new XAPI({ endpoint: LRS_ENDPOINT, auth, version: "1.0.3", adapter: "axios" });
  const wrong = statement({ verb: { id: "experienced" } });
  const error = await refused(xapi.sendStatement({ statement: wrong }));
  assert.equal(error.response.status, 400);
  assert.match(error.response.data.error.message, /^verb\.id: .*IRI/);
});
