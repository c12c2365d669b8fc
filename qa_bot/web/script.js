// The source panel's `js_on_load`: Gradio runs it once, giving `element`, `trigger` and `watch`.

document.documentElement.lang = "zh-CN";

let opener = null;
let asked = false;

const article = () => element.querySelector("article.qa-source");
const citations = () => Array.from(document.querySelectorAll("#qa-chat button.qa-open"));

function topIn(frame, part) {
  return part.getBoundingClientRect().top - frame.getBoundingClientRect().top;
}

function reveal() {
  const panel = element.closest("#qa-panel");
  const mark = article()?.querySelector("mark");
  // Only the panel is scrolled: a reader whose answer has just arrived must not lose their place.
  panel.scrollTop = 0;
  const below = mark && mark.getBoundingClientRect().bottom > panel.getBoundingClientRect().bottom;
  if (below) panel.scrollTop = topIn(panel, mark) - panel.clientHeight / 4;
  if (mark && asked) {
    article().focus({ preventScroll: true });
    const place = mark.getBoundingClientRect();
    if (place.top < 0 || place.bottom > innerHeight) mark.scrollIntoView({ block: "start" });
  }
  if (!asked) opener = null;
  asked = false;
  pointOut();
}

function pointOut() {
  const shown = article()?.dataset.passage;
  for (const button of citations()) {
    const current = button.value === shown;
    button.closest(".qa-citation").classList.toggle("qa-current", current);
    button.setAttribute("aria-pressed", String(current));
  }
}

function open(button) {
  opener = button;
  asked = true;
  if (article()?.dataset.passage === button.value) reveal();
  else trigger("open", { passage: button.value });
}

function goBack() {
  const shown = article()?.dataset.passage;
  const button = opener?.isConnected ? opener : citations().findLast((each) => each.value === shown);
  button?.focus({ preventScroll: true });
  button?.scrollIntoView({ block: "center" });
}

function showLatest() {
  const log = document.querySelector("#qa-chat [role=log]");
  const latest = Array.from(log.querySelectorAll(".user-row")).at(-1);
  const margin = 14;
  if (latest) log.scrollTop += topIn(log, latest) - margin;
  // Gradio names each message by its raw HTML, which a screen reader would read out.
  for (const message of log.querySelectorAll("[data-testid][aria-label]")) {
    message.removeAttribute("aria-label");
  }
  log.setAttribute("aria-label", "对话");
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("button.qa-open, button.qa-back");
  if (button?.matches(".qa-open")) open(button);
  else if (button) goBack();
});

watch("value", reveal);

// Scrolling the chat adds and removes its "scroll down" button, which is no new message.
new MutationObserver((changes) => {
  const inMessages = (change) => change.target.closest?.("#qa-chat .message-wrap");
  if (!changes.some(inMessages)) return;
  showLatest();
  pointOut();
}).observe(document.body, { childList: true, subtree: true });

reveal();
