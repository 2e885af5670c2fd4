/* Asks the questions one by one, records each as an interaction, scores, and looks back. */
(function () {
  "use strict";

  const questions = window.QUESTIONS;
  const objectives = [...new Set(questions.map((question) => question.objective))];
  const session = window.Scorm.open("1.2");
  const review = session.get("cmi.core.lesson_mode") === "review";
  const mastery = Number.parseFloat(session.get("cmi.student_data.mastery_score")) || 60;
  const state = window.Scorm.unpack(
    session.get("cmi.suspend_data"), { answers: {}, at: 0, round: 0, finished: false },
  );
  let shownAt = Date.now();
  const $ = (id) => document.getElementById(id);

  function element(name, attributes = {}, ...content) {
    const made = Object.assign(document.createElement(name), attributes);
    made.append(...content);
    return made;
  }

  // ── asking ─────────────────────────────────────────────────────────────────────────────────

  const KINDS = { choice: "Choose one", "true-false": "Yes or no", numeric: "Calculate", "fill-in": "Fill in" };

  function ask(number, { quietly = false } = {}) {
    const question = questions[number];
    state.at = number;
    shownAt = Date.now();
    $("result").hidden = true;
    $("question").hidden = false;
    $("missing").hidden = true;
    $("kind").textContent = question.several ? "Choose all that apply" : KINDS[question.type];
    $("text").textContent = question.text;
    $("hint").textContent = question.hint || "";
    $("answers").replaceChildren(question.options ? options(question) : field(question));
    $("where").textContent = `Question ${number + 1} of ${questions.length}`;
    $("track").style.width = `${(100 * number) / questions.length}%`;
    $("previous").hidden = false;
    $("previous").disabled = number === 0;
    $("next").hidden = false;
    $("next").textContent = number === questions.length - 1 ? "Finish" : "Next";
    document.body.dataset.question = String(number + 1);
    document.body.dataset.status = "incomplete";
    window.scrollTo(0, 0);
    if (!quietly) $("text").focus();
  }

  function options(question) {
    const given = (state.answers[question.id] || "").split(",");
    const group = element("fieldset", {}, element("legend", { className: "quiet", textContent: question.text }));
    for (const [value, label] of Object.entries(question.options)) {
      const input = element("input", {
        type: question.several ? "checkbox" : "radio", name: question.id, value, checked: given.includes(value),
      });
      group.append(element("label", { className: "option" }, input, element("span", { textContent: label })));
    }
    return group;
  }

  function field(question) {
    const input = element("input", {
      className: "written", name: question.id, type: "text", value: state.answers[question.id] || "",
      inputMode: question.type === "numeric" ? "decimal" : "text", spellcheck: false, autocapitalize: "off",
    });
    input.setAttribute("aria-labelledby", "text");
    input.setAttribute("aria-describedby", "hint");
    return input;
  }

  function given() {
    return new FormData($("question")).getAll(questions[state.at].id).map((text) => text.trim()).filter(Boolean).join(",");
  }

  const isRight = (question) => {
    const answer = state.answers[question.id] || "";
    if (question.type === "numeric") return Number.parseFloat(answer.replace(",", ".")) === Number(question.right);
    return answer.toLowerCase() === question.right.toLowerCase();
  };

  // ── recording ──────────────────────────────────────────────────────────────────────────────

  function recordInteraction(number) {
    const question = questions[number];
    const base = `cmi.interactions.${state.round * questions.length + number}`;
    session.set(`${base}.id`, question.id);
    session.set(`${base}.type`, question.type);
    session.set(`${base}.objectives.0.id`, question.objective);
    session.set(`${base}.time`, session.timeOfDay(new Date()));
    session.set(`${base}.correct_responses.0.pattern`, question.right);
    session.set(`${base}.weighting`, "1");
    session.set(`${base}.student_response`, state.answers[question.id].replace(/\s+/g, "_"));
    session.set(`${base}.result`, isRight(question) ? "correct" : "wrong");
    session.set(`${base}.latency`, session.duration((Date.now() - shownAt) / 1000));
  }

  function recordObjectives() {
    objectives.forEach((objective, number) => {
      const own = questions.filter((question) => question.objective === objective);
      const answered = own.filter((question) => state.answers[question.id]).length;
      const raw = Math.round((100 * own.filter(isRight).length) / own.length);
      const base = `cmi.objectives.${number}`;
      session.set(`${base}.id`, objective);
      session.set(`${base}.score.min`, "0");
      session.set(`${base}.score.max`, "100");
      session.set(`${base}.score.raw`, raw);
      session.set(`${base}.status`, answered < own.length ? "incomplete" : raw >= mastery ? "passed" : "failed");
    });
  }

  const percent = () => Math.round((100 * questions.filter(isRight).length) / questions.length);

  function record() {
    if (review) return;
    session.set("cmi.core.lesson_location", state.finished ? "result" : state.at + 1);
    session.set("cmi.suspend_data", JSON.stringify(state));
    if (state.finished) {
      session.set("cmi.core.score.min", "0");
      session.set("cmi.core.score.max", "100");
      session.set("cmi.core.score.raw", percent());
      session.set("cmi.core.lesson_status", percent() >= mastery ? "passed" : "failed");
    } else if (!["passed", "failed", "completed"].includes(session.get("cmi.core.lesson_status"))) {
      session.set("cmi.core.lesson_status", "incomplete");
    }
    session.save();
  }

  // ── the result ─────────────────────────────────────────────────────────────────────────────

  function showResult({ quietly = false } = {}) {
    const passed = percent() >= mastery;
    const right = questions.filter(isRight).length;
    document.body.dataset.status = passed ? "passed" : "failed";
    document.body.dataset.score = String(percent());
    $("question").hidden = true;
    $("result").hidden = false;
    $("previous").hidden = true;
    $("next").hidden = true;
    $("again").hidden = review;
    $("where").textContent = review ? "Looking back" : "Done";
    $("track").style.width = "100%";
    $("percent").textContent = `${percent()} %`;
    $("verdict").textContent = passed ? "Passed. Well done!" : "Not yet.";
    $("summary").textContent = `${right} of ${questions.length} are right; ${mastery} percent are needed to pass.`;
    requestAnimationFrame(() => { $("arc").style.strokeDasharray = `${percent()} 100`; });
    $("review").replaceChildren(...questions.map(reviewEntry));
    window.scrollTo(0, 0);
    if (!quietly) $("verdict").focus();
  }

  function reviewEntry(question) {
    const words = (codes) => codes.split(",").map((code) => question.options?.[code] ?? code).join(" · ");
    const answer = state.answers[question.id];
    const right = isRight(question);
    return element("li", { className: right ? "right" : "wrong" },
      element("strong", { textContent: question.text }),
      element("p", {}, element("span", { className: "mark", textContent: right ? "✓ Right: " : "✗ You said: " }), answer ? words(answer) : "nothing"),
      ...(right ? [] : [element("p", {}, element("span", { className: "mark", textContent: "→ " }), words(question.right))]),
      element("p", { className: "small", textContent: question.because }));
  }

  // ── moving ─────────────────────────────────────────────────────────────────────────────────

  $("question").addEventListener("submit", (event) => {
    event.preventDefault();
    const answer = given();
    $("missing").hidden = Boolean(answer);
    if (!answer) return;
    state.answers[questions[state.at].id] = answer;
    recordInteraction(state.at);
    recordObjectives();
    if (state.at < questions.length - 1) {
      ask(state.at + 1);
    } else {
      state.finished = true;
      showResult();
    }
    record();
  });
  $("question").addEventListener("input", () => { $("missing").hidden = true; });
  $("previous").addEventListener("click", () => { ask(state.at - 1); record(); });
  $("again").addEventListener("click", () => {
    Object.assign(state, { answers: {}, at: 0, finished: false, round: state.round + 1 });
    ask(0);
    record();
  });

  if (review || state.finished) showResult({ quietly: true });
  else ask(Math.min(state.at, questions.length - 1), { quietly: true });
  record();
})();
