/* The questions. `right` is written as cmi.interactions.n.correct_responses wants it. */
window.QUESTIONS = [
  {
    id: "q1-gradebook", type: "choice", objective: "launch", right: "b",
    text: "Who owns the gradebook?",
    options: { a: "The tool that plays the content", b: "The platform (the LMS)", c: "The student’s browser" },
    because: "The tool only delivers scores. The platform keeps them and shows them to people.",
  },
  {
    id: "q2-id-token", type: "choice", several: true, objective: "launch", right: "a,c,d",
    text: "What can a signed launch tell the tool?",
    options: { a: "The student’s role", b: "The student’s password", c: "The course the click came from", d: "Where a score may be sent" },
    because: "Role, context and line item travel in the id_token. Passwords never leave the platform.",
  },
  {
    id: "q3-nonce", type: "true-false", objective: "launch", right: "f",
    text: "Somebody copies a launch and uses it a second time. Does that work?",
    options: { t: "Yes, as long as the signature is good", f: "No, its nonce has been used" },
    because: "A nonce is accepted once. The signature of the copy is good, the copy is worthless.",
  },
  {
    id: "q4-scale", type: "numeric", objective: "score", right: "30",
    text: "12 out of 20 points, and the column in the gradebook is worth 50. Which number appears there?",
    hint: "Write a number.",
    because: "12 of 20 is 60 percent, and 60 percent of 50 is 30.",
  },
  {
    id: "q5-grading-progress", type: "fill-in", objective: "score", right: "FullyGraded",
    text: "With which gradingProgress does a tool say that nothing more will come?",
    hint: "One word, eleven letters, no space: two words grown together.",
    because: "“FullyGraded” lets the platform show the score; anything else keeps it waiting.",
  },
];
