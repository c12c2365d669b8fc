// The source panel's `js_on_load`: Gradio runs it once, giving `element`, `trigger` and `watch`.

document.documentElement.lang = "zh-CN";

let opener = null;
let asked = false;

const article = () => element.querySelector("article.qa-source");
const citations = () => Array.from(document.querySelectorAll("#qa-chat button.qa-open"));
const adding = document.body.dataset;

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
  if (article() && asked) {
    article().focus({ preventScroll: true });
    const part = mark || article();
    const place = part.getBoundingClientRect();
    const out = place.top < 0 || (mark ? place.bottom : place.top + 80) > innerHeight;
    if (out) part.scrollIntoView({ block: "start" });
  }
  if (!asked) opener = null;
  asked = false;
  pointOut();
}

function pointOut() {
  const shown = article()?.dataset.link;
  for (const button of citations()) {
    const current = button.value === shown;
    button.closest(".qa-citation").classList.toggle("qa-current", current);
    button.setAttribute("aria-pressed", String(current));
  }
}

function open(link, from) {
  opener = from;
  asked = true;
  delete adding.qaAdding;
  if (article()?.dataset.link === link) reveal();
  else trigger("open", { link });
}

// What stands behind # never reaches a server, so `?p=T#8.1` is put together here.
function linkOf(url) {
  const named = new URL(url).searchParams.get("p");
  if (!named) return null;
  try {
    return named + decodeURIComponent(new URL(url).hash);
  } catch {
    return named + new URL(url).hash;
  }
}

function follow(event, anchor) {
  const link = linkOf(anchor.href);
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  if (anchor.href !== location.href) history.pushState(null, "", anchor.href);
  // A link in the chat is where its reader came from; those in the panel lead on from there.
  open(link, anchor.closest("#qa-chat") ? anchor : opener);
}

function openAddress() {
  const link = linkOf(location.href);
  if (link) open(link, null);
}

function goBack() {
  const shown = article()?.dataset.link;
  const button = opener?.isConnected ? opener : citations().findLast((each) => each.value === shown);
  const target = button ?? document.querySelector("#qa-box textarea");
  target.focus({ preventScroll: true });
  target.scrollIntoView({ block: "center" });
}

function showAdding(shown) {
  if (shown) adding.qaAdding = "";
  else delete adding.qaAdding;
  const target = document.querySelector(shown ? ".qa-add-head h2" : ".qa-add-open");
  target?.focus();
  target?.scrollIntoView({ block: shown ? "start" : "nearest" });
}

function unfilter() {
  trigger("unfilter");
  document.querySelector("#qa-box textarea")?.focus();
}

function correct(event, button) {
  const box = document.querySelector("#qa-box textarea");
  box.value = button.value;
  box.dispatchEvent(new Event("input", { bubbles: true }));
  box.focus();
  box.setSelectionRange(box.value.length, box.value.length);
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

// What Gradio does not tell a screen reader, or tells it in English, as soon as each part is there.
const TOLD = [
  ["#qa-sign:not([aria-live])", "aria-live", "polite"],
  ["#qa-filters > button:not([aria-expanded])", "aria-expanded", "false"],
  ["#qa-file button[aria-label^=Click]", "aria-label", "选择或拖入文件"],
];

function tellReaders() {
  for (const [selector, name, value] of TOLD) {
    for (const part of document.querySelectorAll(selector)) part.setAttribute(name, value);
  }
}

function toggled(event, fold) {
  fold.setAttribute("aria-expanded", String(fold.getAttribute("aria-expanded") !== "true"));
}

const ACTIONS = {
  "#qa-filters > button": toggled,
  "button.qa-open": (event, button) => open(button.value, button),
  "button.qa-correct": correct,
  "button.qa-back": goBack,
  "button.qa-unfilter": unfilter,
  "button.qa-add-open": () => showAdding(!("qaAdding" in adding)),
  "button.qa-add-close": () => showAdding(false),
  "a.qa-link": follow,
};

document.addEventListener("click", (event) => {
  const target = event.target.closest?.(Object.keys(ACTIONS).join(","));
  const chosen = target && Object.keys(ACTIONS).find((selector) => target.matches(selector));
  if (chosen) ACTIONS[chosen](event, target);
});

addEventListener("popstate", openAddress);

watch("value", reveal);

// Scrolling the chat adds and removes its "scroll down" button, which is no new message.
new MutationObserver((changes) => {
  tellReaders();
  const inMessages = (change) => change.target.closest?.("#qa-chat .message-wrap");
  if (!changes.some(inMessages)) return;
  showLatest();
  pointOut();
}).observe(document.body, { childList: true, subtree: true });

tellReaders();
reveal();
openAddress();
