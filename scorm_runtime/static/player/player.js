// @ts-check
/**
 * One window of one attempt, from /open to the end.
 *
 * Navigation is one entry of the journal: the content is taken away (its goodbye is journalled
 * before), the request follows, and one commit carries all of it; its answer brings the next
 * delivery, the end, or the refusal (SD-01). Until then nothing else may be asked for.
 */

/** @import { Call } from "../bridge/api.js" */
/** @import { CommitAnswer, SaveState } from "../bridge/sender.js" */
/** @import { Delivery } from "./stage.js" */
import { Fence } from "../bridge/fence.js";
import { Journal } from "../bridge/journal.js";
import { askNav } from "../bridge/nav.js";
import { Sender } from "../bridge/sender.js";
import { Trace } from "../bridge/trace.js";
import { makeBridge } from "./bridges.js";
import { Contents } from "./contents.js";
import { offerAgain, showEnding } from "./ending.js";
import { Nav } from "./navigation.js";
import { OwnWindow } from "./own_window.js";
import { Presence } from "./presence.js";
import * as screen from "./screen.js";
import { Stage } from "./stage.js";
import { askWhetherToLeave, discard, EXIT_PATIENCE, isDiscarding, leave, showStopped } from "./stopping.js";

const { texts } = screen;
/** How long the end of an item waits for the server's word on what follows. */
const END_PATIENCE = 3000;
const LEAVING = ["exitAll", "suspendAll", "abandonAll"];

export class Player {
  /**
   * @param {import("./main.js").Page} page
   * @param {import("../bridge/table.js").TableFile} table
   * @param {any} opening the answer of /open
   */
  constructor(page, table, opening) {
    this.page = page;
    this.opening = opening;
    this.isReadOnly = Boolean(opening.read_only);
    /** Why nothing is recorded any more; "" while it is. */
    this.stopped = "";
    /** The journal entry whose answer decides what is next; 0 while nothing was asked. */
    this.asked = 0;
    this.isLeaving = false;
    this.lastNumber = 0;
    /** SCORM 1.2 has no sequencing session whose end would have to be shown. */
    this.leavesAtOnce = opening.standard === "scorm_1_2";
    const { window: isWindow, ...size } = opening.opens_in;
    const ownWindow = isWindow ? new OwnWindow(size, () => this.openAgain(), () => this.ask("exitAll")) : null;
    this.stage = new Stage(makeBridge(table, opening, () => this.lookAhead()), ownWindow);
    const [store, disk] = this.isReadOnly ? [null, null] : [page.store, page.disk];
    this.journal = new Journal(store, page.attempt, opening.writer, disk);
    this.stage.trace = new Trace(() => this.journal.last);
    this.sender = new Sender(this.journal, {
      address: () => new URL("commits", page.base).href,
      context: () => ({ attempt: page.attempt, delivery: this.stage.shown }),
      trace: () => this.stage.trace?.take() ?? {},
      fetch: (...request) => fetch(...request),
      onState: (state) => this.showSave(state),
      onAnswer: (answer) => this.answered(answer),
      onStopped: (reason) => this.stop(reason),
    });
    this.nav = new Nav((request) => this.ask(request));
    this.contents = new Contents(opening.contents, opening.playable, (item) => this.choose(item));
    this.fence = this.isReadOnly ? null : this.raiseFence();
    this.presence = new Presence({
      status: () => fetch(new URL(`status?writer=${this.journal.writer}`, page.base), { cache: "no-store", credentials: "omit" }),
      onStatus: (answer) => this.heard(answer),
      onExpired: () => this.stop("expired"),
      onSeen: () => this.seen(),
      onHidden: (isClosing) => this.hidden(isClosing),
      onRestored: () => {
        if (!this.stopped && this.stage.isFinished) location.reload();
      },
    });
  }

  /** Other windows of this browser may ask for what is unsent, and make this one stop. */
  raiseFence() {
    const { writer } = this.opening;
    const unsent = () => ({ writer, entries: this.journal.entries });
    return new Fence(this.page.attempt, writer, () => this.stop("fenced"), unsent);
  }

  /** @param {any} opening */
  begin(opening) {
    if (!this.isReadOnly) this.presence.listen();
    this.take(opening);
    this.show(opening);
    this.showSave("saved");
    this.contents.openWhereItFits();
    if (opening.delivery) this.deliver(opening.delivery);
    else this.rest();
    if (opening.replayed) screen.showNotice(texts.restored);
    else if (opening.stale) screen.showNotice(texts.stale);
    else if (opening.again && !this.isReadOnly) offerAgain(this.page);
  }

  seen() {
    if (!this.isReadOnly && !this.stopped) this.journal.showLife(true);
    this.sender.stay();
  }

  /** @param {boolean} isClosing */
  hidden(isClosing) {
    if (isClosing) this.sender.isLeaving = true;
    if (isClosing) this.journal.showLife(false);
    this.sender.leave();
    if (!isClosing) this.sender.hurry();
  }

  /** Nothing is in front: the learner chooses. @param {string} [text] */
  rest(text) {
    this.asked = 0;
    screen.showState({ state: "idle", activity: "" });
    const back = { label: texts.return, run: () => leave(this.page.exitUrl) };
    screen.showHint(text ?? (this.opening.playable.length ? texts.choose : texts.empty_text), [back]);
    this.contents.showCurrent("");
    this.contents.open(true);
  }

  /** @param {Delivery} delivery */
  deliver(delivery) {
    this.asked = 0;
    screen.hideNotice();
    const address = new URL(delivery.href, new URL("files/", this.page.base));
    this.stage.deliver(delivery, address, (call) => this.record(call));
    this.contents.showCurrent(delivery.item);
  }

  /** An item of the contents. @param {string} item */
  choose(item) {
    if (this.nav.choiceState(item) === "enabled") this.ask("choice", item);
    else screen.announce(this.nav.reason(item));
  }

  /** A window of the content's own was closed and shall come back. */
  openAgain() {
    const item = document.body.dataset.activity ?? "";
    if (this.nav.choiceState(item) === "enabled") this.ask("choice", item);
    else location.assign(this.page.base.pathname);
  }

  /**
   * The learner's event.
   * @param {string} request
   * @param {string} [target]
   */
  ask(request, target = "") {
    if (this.stopped || (this.asked && !LEAVING.includes(request))) return;
    const go = () => void this.navigate(request, target);
    if (this.isReadOnly) void this.look(request, target);
    else if (isDiscarding(request)) discard(request, this.stage, go);
    else go();
  }

  /**
   * What is open says goodbye, then the request goes to the server.
   * @param {string} request
   * @param {string} target
   */
  async navigate(request, target) {
    this.asked = Infinity;
    this.wait();
    await this.stage.clear();
    this.asked = this.journal.append(["navigate", request, target])[0];
    this.sender.changed(true);
    if (LEAVING.includes(request)) await this.leaveWhenSaved();
  }

  /** The content is gone and the server has not answered yet. */
  wait() {
    this.nav.hold();
    screen.hideNotice();
    screen.showState({ state: "starting", activity: "" });
    screen.showHint(texts.saving);
  }

  /**
   * Go to another item where nothing is recorded.
   * @param {string} request
   * @param {string} target
   */
  async look(request, target) {
    const item = target || this.contents.neighbour(request);
    if (!item) return leave(this.page.exitUrl);
    await this.stage.clear();
    const opening = await this.page.open([], item);
    if (!opening) return;
    this.show(opening);
    if (opening.delivery) this.deliver(opening.delivery);
  }

  /** What is valid now, values included that are not acknowledged; the content waits for it. */
  lookAhead() {
    const { writer, entries } = this.journal;
    return askNav(new URL("nav", this.page.base).href, { writer, entries });
  }

  /**
   * Every call of the content that changes something; answers "" or why it is not recorded.
   * @param {Call} call
   */
  record(call) {
    if (this.stopped && this.stopped !== "expired") return texts[`${this.stopped}_title`] ?? this.stopped;
    this.stage.note(call);
    if (call[0] === "finish") setTimeout(() => void this.finished());
    if (this.isReadOnly) return "";
    this.journal.append(call);
    if (!this.journal.isKept && this.page.store) this.showSave("saving");
    const urgent = call[0] === "commit" || call[0] === "finish";
    this.sender.changed(urgent || (this.page.store !== null && !this.journal.isKept));
    return "";
  }

  /** The content has ended itself: do what it asked for, else offer the way on (SD-04). */
  async finished() {
    if (!this.stage.isFinished || this.stopped || this.asked) return;
    if (this.stage.asksForMore && !this.isReadOnly) {
      this.asked = this.journal.last;
      this.wait();
      await this.stage.clear();
      return;
    }
    const shown = this.stage.shown;
    await this.sender.settle(END_PATIENCE);
    if (this.asked || this.stopped || this.stage.shown !== shown || !this.stage.isFinished) return;
    this.offerWayOn();
  }

  offerWayOn() {
    const { item_ended: after, course_ended: end } = this.opening.exit_actions;
    const goesOn = this.nav.state("continue") === "enabled";
    if (goesOn && after === "continue") return this.ask("continue");
    if (this.contents.isMany && goesOn && after === "contents") {
      void this.stage.clear();
      return this.rest();
    }
    if (goesOn) return screen.showNotice(texts.finished_more, { label: texts.next, run: () => this.ask("continue") });
    if (end === "leave") return this.ask("exitAll");
    if (!this.contents.isMany) screen.showState({ state: "ended" });
    return screen.showNotice(texts.finished, { label: texts.return, run: () => this.ask("exitAll") });
  }

  /** @param {CommitAnswer} answer */
  answered(answer) {
    this.take(answer);
    this.presence.pollChip(answer.chip, true);
    if (answer.number < this.lastNumber) return;
    this.lastNumber = answer.number;
    const isDecided = this.asked > 0 && answer.acknowledged >= this.asked;
    if (this.asked && !isDecided) return;
    this.show(answer);
    if (answer.ended) this.end(answer);
    else if (answer.delivery && answer.delivery.number !== this.stage.shown) this.deliver(answer.delivery);
    else if (isDecided) this.rest(texts.not_possible);
  }

  /** @param {any} answer */
  show(answer) {
    this.nav.show(answer.nav);
    this.stage.takeNav(answer.nav, this.journal.entries.length === 0);
    this.contents.showChoices(this.nav);
    this.contents.showStandings(answer.items ?? {});
  }

  /** @param {any} answer */
  end(answer) {
    this.asked = 0;
    void this.stage.clear();
    if (this.isLeaving && this.leavesAtOnce) return;
    this.contents.retire();
    this.nav.show({});
    showEnding(answer, this.page);
    if (this.opening.exit_actions.course_ended === "leave") leave(this.page.exitUrl);
  }

  /**
   * What every answer may carry.
   * @param {any} answer
   */
  take(answer) {
    screen.showChip(answer.chip);
    if (!answer.token) return;
    this.page.base = new URL(`/p/${answer.token}/`, location.origin);
    history.replaceState(history.state, "", this.page.base.pathname + location.search);
  }

  /** Of the heartbeat. @param {any} answer */
  heard(answer) {
    this.take(answer);
    if (!answer.current) this.stop("fenced");
    else this.sender.hurry();
  }

  /** @param {SaveState} state */
  showSave(state) {
    if (this.isReadOnly || this.stopped === "fenced") screen.showSave("read_only", true);
    else if (this.page.store && !this.journal.isKept && state !== "offline") screen.showSave("not_kept", false);
    else screen.showSave(state, this.journal.isKept);
  }

  /** @param {"fenced" | "expired" | "gone" | "refused"} reason */
  stop(reason) {
    if (this.stopped) return;
    this.stopped = reason;
    this.sender.stop();
    this.fence?.close();
    this.presence.stop();
    this.journal.showLife(false);
    if (reason === "fenced") {
      screen.showState({ state: "idle" });
      this.showSave("saved");
    }
    showStopped(reason, this.page.exitUrl, this.page.store !== null);
  }

  /** Everything is acknowledged, then back; SCORM 2004 shows its end first. */
  async leaveWhenSaved() {
    this.isLeaving = true;
    if (this.leavesAtOnce) screen.showState({ state: "ended" });
    const isSaved = await this.sender.settle(EXIT_PATIENCE);
    if (isSaved && this.leavesAtOnce) leave(this.page.exitUrl);
    if (isSaved || this.stopped) return;
    askWhetherToLeave(this.journal.isKept, this.page.exitUrl, () => void this.leaveWhenSaved());
  }
}
