/* The test of the course: three questions, a score, and one interaction for each answer. */
(function () {
  "use strict";

  const QUESTIONS = [
    ["height", "Which coffee likes it high and cool?", ["Robusta", "Arabica", "Both alike"], 1],
    ["seeds", "How many seeds does a cherry hold?", ["One", "Two", "About ten"], 1],
    ["finer", "You grind finer. The cup gets …", ["stronger", "weaker", "colder"], 0],
  ];

  const form = document.getElementById("test");
  const result = document.getElementById("result");
  const session = window.Scorm.open("1.2");
  const review = session.get("cmi.core.lesson_mode") === "review";

  QUESTIONS.forEach(([id, text, answers], number) => {
    const field = document.createElement("fieldset");
    const legend = document.createElement("legend");
    legend.textContent = `${number + 1}. ${text}`;
    const choices = document.createElement("div");
    choices.className = "choices";
    answers.forEach((answer, index) => {
      const label = document.createElement("label");
      const box = document.createElement("input");
      Object.assign(box, { type: "radio", name: id, value: String(index), required: true });
      label.append(box, document.createTextNode(answer));
      choices.append(label);
    });
    field.append(legend, choices);
    form.append(field);
  });

  function write(number, [id, , , right], chosen) {
    const place = `cmi.interactions.${number}`;
    const letter = (index) => "abc"[index];
    session.set(`${place}.id`, id);
    session.set(`${place}.type`, "choice");
    session.set(`${place}.time`, session.timeOfDay(new Date()));
    session.set(`${place}.correct_responses.0.pattern`, letter(right));
    session.set(`${place}.student_response`, letter(chosen));
    session.set(`${place}.result`, chosen === right ? "correct" : "wrong");
  }

  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const answers = new FormData(form);
    const chosen = QUESTIONS.map(([id]) => Number(answers.get(id)));
    const right = QUESTIONS.filter((question, number) => chosen[number] === question[3]).length;
    const score = Math.round((100 * right) / QUESTIONS.length);
    const passed = score >= 60;
    if (!review) {
      const before = Number(session.get("cmi.interactions._count")) || 0;
      QUESTIONS.forEach((question, number) => write(before + number, question, chosen[number]));
      session.set("cmi.core.score.min", "0");
      session.set("cmi.core.score.max", "100");
      session.set("cmi.core.score.raw", score);
      session.set("cmi.core.lesson_status", passed ? "passed" : "failed");
      session.save();
    }
    result.hidden = false;
    result.dataset.passed = String(passed);
    result.textContent = `${right} of ${QUESTIONS.length} are right: ${passed ? "passed." : "not passed yet. Look again and hand in once more."}`;
    result.focus();
    document.body.dataset.status = passed ? "passed" : "failed";
  });
})();
