import { ask } from "./asking.js";

/** A form that asks once more before it goes out: data-question, data-question-words, data-question-verb. */
document.addEventListener("submit", async (event) => {
  const form = event.target;
  const { question: title, questionWords: words, questionVerb: verb } = form.dataset;
  if (!title || form.dataset.isAnswered) return;
  event.preventDefault();
  if (!await ask({ title, words, verb, isDanger: true })) return;
  form.dataset.isAnswered = "true";
  form.requestSubmit();
});
