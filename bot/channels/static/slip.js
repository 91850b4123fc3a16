"use strict";
// Printing, and the same quick way out as in the chat: the words are gone before another page has come.

const out = document.getElementById("leave");
const printing = document.getElementById("print");

function leave(event) {
  event.preventDefault();
  document.title = " ";
  document.body.replaceChildren();
  sessionStorage.clear();
  navigator.sendBeacon("/leave");
  location.replace(out.dataset.to);
}

let escaped = -Infinity;
document.addEventListener("keydown", (event) => {
  if (event.key !== "Escape") return;
  if (event.timeStamp - escaped < 1000) leave(event);
  escaped = event.timeStamp;
});
out.addEventListener("click", leave);
out.setAttribute("role", "button");
out.addEventListener("keydown", (event) => { if (event.key === " ") leave(event); });
addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
if (printing) {
  printing.hidden = false;
  printing.addEventListener("click", () => window.print());
}
