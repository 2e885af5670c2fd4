/*
 * The first and the last test; the address says which. The first one reports an objective for each
 * topic: a lesson whose topic is known is skipped. The last one reports a score that decides.
 */
(function () {
  "use strict";

  const QUESTIONS = {
    first: [
      ["light", "A plant stretches and turns pale. It needs …", ["more light", "more water", "a larger pot"], 0],
      ["water", "What kills most house plants?", ["Thirst", "Too much water", "Cold"], 1],
      ["soil", "How often does a pot need new soil?", ["Never", "Every month", "About every second year"], 2],
    ],
    last: [
      ["light", "How much light is left two metres from a window?", ["Half of it", "A tenth of it", "All of it"], 1],
      ["water", "When do you water?", ["Every morning", "When the top of the soil is dry", "When leaves fall"], 1],
      ["soil", "Water runs along the edge of the pot and out. You …", ["water more", "move it to the window", "give it new soil"], 2],
    ],
  };
  const TEXTS = {
    first: ["What do you know?", "Three questions. What you know already you need not read.", "Only what you did not know comes next."],
    last: ["What do you know now?", "Three questions, two of them right, and you are through.", "60 percent passes."],
  };

  const byId = (id) => document.getElementById(id);
  const which = new URLSearchParams(location.search).get("test") === "last" ? "last" : "first";
  const questions = QUESTIONS[which];
  const session = window.Scorm.open("2004");
  const review = session.get("cmi.mode") === "review";
  [byId("title").textContent, byId("lead").textContent, byId("hint").textContent] = TEXTS[which];
  document.title = TEXTS[which][0];

  questions.forEach(([topic, text, answers], number) => {
    const field = document.createElement("fieldset");
    const legend = document.createElement("legend");
    legend.textContent = `${number + 1}. ${text}`;
    const choices = document.createElement("div");
    choices.className = "choices";
    answers.forEach((answer, index) => {
      const label = document.createElement("label");
      const box = document.createElement("input");
      Object.assign(box, { type: "radio", name: topic, value: String(index), required: true });
      label.append(box, document.createTextNode(answer));
      choices.append(label);
    });
    field.append(legend, choices);
    byId("test").append(field);
  });

  /** The index of the objective called `id`; those of the manifest are there from the start. */
  function objective(id) {
    const count = Number(session.get("cmi.objectives._count")) || 0;
    for (let index = 0; index < count; index += 1) {
      if (session.get(`cmi.objectives.${index}.id`) === id) return index;
    }
    session.set(`cmi.objectives.${count}.id`, id);
    return count;
  }

  function write([topic, text, , right], chosen) {
    const count = Number(session.get("cmi.interactions._count")) || 0;
    const place = `cmi.interactions.${count}`;
    session.set(`${place}.id`, `${which}-${topic}`);
    session.set(`${place}.type`, "choice");
    session.set(`${place}.description`, text);
    session.set(`${place}.timestamp`, session.timeOfDay(new Date()));
    session.set(`${place}.correct_responses.0.pattern`, String(right));
    session.set(`${place}.learner_response`, String(chosen));
    session.set(`${place}.result`, chosen === right ? "correct" : "incorrect");
    if (which === "first") {
      const status = chosen === right ? "passed" : "failed";
      session.set(`cmi.objectives.${objective(topic)}.success_status`, status);
    }
  }

  byId("test").addEventListener("submit", (event) => {
    event.preventDefault();
    const answers = new FormData(byId("test"));
    const chosen = questions.map(([topic]) => Number(answers.get(topic)));
    const right = questions.filter((question, number) => chosen[number] === question[3]).length;
    const passed = right / questions.length >= 0.6;
    if (!review) {
      questions.forEach((question, number) => write(question, chosen[number]));
      session.set("cmi.score.min", "0");
      session.set("cmi.score.max", String(questions.length));
      session.set("cmi.score.raw", String(right));
      session.set("cmi.score.scaled", (right / questions.length).toFixed(2));
      session.set("cmi.completion_status", "completed");
      session.set("cmi.success_status", passed ? "passed" : "failed");
      session.save();
    }
    byId("result").hidden = byId("go-on").hidden = false;
    byId("submit").hidden = true;
    byId("result").dataset.passed = String(passed);
    byId("result").textContent = `${right} of ${questions.length} are right.`;
    byId("result").focus();
    document.body.dataset.status = passed ? "passed" : "failed";
  });

  byId("go-on").addEventListener("click", () => {
    session.exit = "normal";
    session.set("adl.nav.request", "continue");
    session.close();
    byId("go-on").disabled = true;
  });
})();
