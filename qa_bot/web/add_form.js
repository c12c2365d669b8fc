// The preview's `js_on_load` in the form for adding a transcript; `props` holds what Python gives.

// What was just said is brought into sight, and to a screen reader.
watch("value", () => {
  const said = element.querySelector(".qa-preview") ?? element.querySelector(".qa-notice");
  if (!said) return;
  said.tabIndex = -1;
  said.focus({ preventScroll: true });
  said.scrollIntoView({ block: "nearest" });
});

// Gradio would refuse a file that is too large as well, but in English.
function refuse(event) {
  if (!event.target.closest?.("#qa-file")) return;
  const files = Array.from((event.dataTransfer ?? event.target).files ?? []);
  if (!files.some((file) => file.size > props.most_bytes)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  event.target.value = "";
  props.value = props.too_large;
}

document.addEventListener("change", refuse, true);
document.addEventListener("drop", refuse, true);
